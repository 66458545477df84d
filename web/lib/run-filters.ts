import { parseAsArrayOf, parseAsBoolean, parseAsInteger, parseAsIsoDate, parseAsString, parseAsStringLiteral, type inferParserType } from 'nuqs';
import { toCsv } from '#contracts/csv';
import { PROVIDER_IDS } from '#contracts/providers';
import { RUN_MODES, RUN_RATINGS, RUN_STATUSES } from '#contracts/runs';
import { inputText } from './format';
import type { RunFilters, RunWire } from './queries';

/** What narrows the list of runs. All of it lives in the address, so that every number elsewhere can lead to the runs behind it. */
export const RUN_FILTERS = {
  status: parseAsStringLiteral(RUN_STATUSES), workflow: parseAsString, mode: parseAsStringLiteral(RUN_MODES), provider: parseAsStringLiteral(PROVIDER_IDS), model: parseAsString,
  rating: parseAsStringLiteral(RUN_RATINGS), live: parseAsBoolean, demo: parseAsBoolean, from: parseAsIsoDate, to: parseAsIsoDate, q: parseAsString.withDefault(''),
};
export const LIST_STATE = { ...RUN_FILTERS, page: parseAsInteger.withDefault(1), compare: parseAsArrayOf(parseAsString).withDefault([]), /** the run that is shown beside the list */ peek: parseAsString };
export type RunFilterState = inferParserType<typeof RUN_FILTERS>;
export const NO_FILTERS: { [Key in keyof RunFilterState]: null } = { status: null, workflow: null, mode: null, provider: null, model: null, rating: null, live: null, demo: null, from: null, to: null, q: null };

const dayOf = (date: Date | null): string | null => date?.toISOString().slice(0, 10) ?? null;
const flag = (value: boolean | null): 'true' | 'false' | null => (value === null ? null : value ? 'true' : 'false');

/** The filters as the API takes them. */
export function toQuery({ status, workflow, mode, provider, model, rating, live, demo, from, to, q }: RunFilterState): RunFilters {
  return { status, workflow_id: workflow, run_mode: mode, provider, model, rating, live: flag(live), simulated: flag(demo), from: dayOf(from), to: dayOf(to), search: q || null };
}

export const isNarrowed = (filters: RunFilterState): boolean => Object.entries(filters).some(([, value]) => value !== null && value !== '');
/** Filters that stand behind "More": told on its fold, so that none of them is at work unseen. */
export const hiddenCount = ({ model, rating, live, demo, from, to }: RunFilterState): number => [model, rating, live, demo, from, to].filter((value) => value !== null).length;

/** The address of the runs behind a number. */
export function runsHref(filters: Record<string, string | null | undefined>): string {
  const query = new URLSearchParams(Object.entries(filters).filter((entry): entry is [string, string] => Boolean(entry[1]))).toString();
  return query ? `/runs?${query}` : '/runs';
}

const COLUMNS = ['run', 'workflow', 'version', 'status', 'mode', 'provider', 'model', 'demo', 'started', 'ended', 'input tokens', 'output tokens', 'cost in dollars', 'rating', 'headline', 'inputs'];

/** Runs as CSV, one line each. */
export function runsCsv(runs: readonly RunWire[]): string {
  return toCsv(COLUMNS, runs.map((run) => [
    run.id, run.workflow_title, run.workflow_version, run.status, run.run_mode, run.provider, run.model, run.simulated, run.started_at, run.completed_at, run.totals.input_tokens, run.totals.output_tokens,
    run.totals.cost_usd_micros === null ? null : run.totals.cost_usd_micros / 1_000_000, run.rating, run.headline, Object.entries(run.inputs).map(([name, value]) => `${name}: ${inputText(value)}`).join('; '),
  ]));
}

/** Rows that came after somebody began to read: they are announced, not put under the reader's eyes. @param since  creation time of the newest row seen */
export function newerThan(runs: readonly RunWire[], since: string | null): number {
  return since === null ? 0 : runs.filter((run) => run.created_at > since).length;
}

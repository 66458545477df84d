import type { CarriedEvents, RunLabels, RunResult } from '#contracts/workflow';
import { runFields, withLogFields, type LogFields } from '#platform/log-fields';
import { appendFirstEvents } from '#platform/repositories/append-events';
import type { RunFigures } from '#platform/repositories/close-run';
import type { KeyedEvent } from '#platform/repositories/run-events';
import type { ActivityDeps } from './deps.ts';
import { countRun } from './metrics.ts';

/** What the worker's log says of a run: one line when it starts, one when it ends, and on every line, whoever writes it, which run it is of. Never inputs, prompts or answers: those
 * belong to the run's owner, and logs go elsewhere. */

/** All that a request may tell of its run: each kind of request tells a part. */
interface OfRun extends Partial<RunLabels> { runId?: string; step?: string; check?: string; before?: CarriedEvents; request?: OfRun }

/** The same activity, whose lines carry `run_id`, `workflow_id`, `run_mode`, `provider` and `model` (of a model call: those that are called) and `step` where there is one. */
export const namingItsRun = <Request, Answer>(work: (request: Request) => Promise<Answer>) => (request: Request): Promise<Answer> => ofRun(request as OfRun | undefined, () => work(request));

export function ofRun<T>(request: OfRun | undefined, work: () => Promise<T>): Promise<T> {
  const told = request?.request ?? request;
  if (typeof told?.runId !== 'string') return work();
  const run = request?.before?.run ?? told;
  remember(told.runId, run);
  return withLogFields({ ...runFields(told.runId, { slug: told.slug ?? run.slug, mode: told.mode ?? run.mode, provider: told.provider ?? run.provider, model: told.model ?? run.model }), step: told.step ?? request?.check }, work);
}

/** More than a worker keeps workflows in its cache. */
const LATELY = 2_000;
const lately = new Map<string, LogFields>();

function remember(runId: string, run: Partial<RunLabels>): void {
  if (run.mode === undefined) return; // a call of a run from before the labels: its provider may be another than the run's
  lately.delete(runId);
  lately.set(runId, runFields(runId, run));
  const [oldest] = lately.keys();
  if (lately.size > LATELY && oldest !== undefined) lately.delete(oldest);
}

/** For lines that know a run's id and nothing else: its fields, as far as this process has lately worked for it. */
export const fieldsOfRun = (runId: string): LogFields => lately.get(runId) ?? runFields(runId, {});

/** Stores events that may be the run's first, and tells its start: once a run.
 * @returns false when the run does not exist (deleted) */
export async function storeEvents({ db, logger }: Pick<ActivityDeps, 'db' | 'logger'>, runId: string, entries: readonly KeyedEvent[]): Promise<boolean> {
  const stored = await appendFirstEvents(db, runId, entries);
  if (stored?.started) logger.info('run started');
  return stored !== null;
}

/** Counts and tells an end that this process has written: once a run, so only with what `closeRun` told. A failed run is no failure of
 * the system, so its line is no error. @param inValidate  it came no further than Validate */
export function tellEnd({ metrics, logger }: Pick<ActivityDeps, 'metrics' | 'logger'>, run: RunLabels, { status, capReached, error }: Pick<RunResult, 'status' | 'capReached' | 'error'>, took: RunFigures, inValidate: boolean): void {
  countRun(metrics, run, status, took.seconds, inValidate);
  logger.info({ status, cap_reached: capReached ?? undefined, code: error?.code, seconds: took.seconds, input_tokens: took.inputTokens, output_tokens: took.outputTokens, cost_usd_micros: took.costUsdMicros }, 'run ended');
}

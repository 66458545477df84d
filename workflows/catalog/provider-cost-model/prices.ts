import { PROVIDER_DATA, PROVIDER_DATA_DATE } from '#contracts/provider-data';
import type { ProviderId } from '#contracts/providers';
import type { RunRequest } from '#contracts/workflow';

/** Where a price comes from: the person's row, what the run was given at its start, the platform's dated file. Never a model. */
export interface CandidateRow { name: string; model: string; input_usd?: number | undefined; output_usd?: number | undefined; cached_input_usd?: number | undefined; batch_discount_percent?: number | undefined; fixed_usd_month?: number | undefined; tokens_per_minute?: number | undefined }
/** Dollars a million tokens. */
export interface Price { input: number; output: number; cached: number; /** share of the price that a batch saves, 0 to 1 */ batch: number; fixedMonth: number; source: string }
export interface Candidate { name: string; provider: ProviderId | null; model: string; price: Price | null; tokensPerMinute: number | null }
type Known = Pick<RunRequest, 'provider' | 'model' | 'price' | 'targets'>;

export const OWN = 'own';
export const OTHER = 'other';
const usd = (micros: number): number => micros / 1_000_000;

/** `own` is the run's model, `other` one that the file does not know. @returns null when the row names no model of the platform */
export function targetOf(model: string): { provider: ProviderId; model: string } | null {
  const [provider, ...name] = model.split(' ');
  return model === OWN || model === OTHER ? null : { provider: provider as ProviderId, model: name.join(' ') };
}

export function candidateOf(row: CandidateRow, run: Known): Candidate {
  const target = row.model === OWN ? { provider: run.provider, model: run.model } : targetOf(row.model);
  return { name: row.name, provider: target?.provider ?? null, model: target?.model ?? row.name, price: priceOf(row, run, target), tokensPerMinute: row.tokens_per_minute ?? null };
}

function priceOf(row: CandidateRow, run: Known, target: { provider: ProviderId; model: string } | null): Price | null {
  const listed = target ? listPrice(run, target) : null;
  const [input, output] = [row.input_usd ?? listed?.input, row.output_usd ?? listed?.output];
  if (input === undefined || output === undefined) return null;
  const typed = [row.input_usd, row.output_usd].filter((value) => value !== undefined).length;
  const source = typed === 2 ? 'your table' : typed === 1 ? `your table and the price file of ${PROVIDER_DATA_DATE}` : `price file of ${PROVIDER_DATA_DATE}`;
  // No discount that nobody named.
  return { input, output, cached: row.cached_input_usd ?? input, batch: (row.batch_discount_percent ?? 0) / 100, fixedMonth: row.fixed_usd_month ?? 0, source };
}

/** What the run was started with, which has an administrator's own prices in it; else the file. The demo engine costs nothing and is
 * nobody's offer, so it has no price. */
function listPrice(run: Known, target: { provider: ProviderId; model: string }): { input: number; output: number } | null {
  if (target.provider === 'demo') return null;
  const same = (other: { provider: ProviderId; model: string }): boolean => other.provider === target.provider && other.model === target.model;
  const given = same(run) ? run.price : (run.targets?.find(same)?.price ?? null);
  if (given) return { input: usd(given.input), output: usd(given.output) };
  const known = PROVIDER_DATA[target.provider].models.find((model) => model.id === target.model);
  return known && known.inputPrice !== null && known.outputPrice !== null ? { input: usd(known.inputPrice), output: usd(known.outputPrice) } : null;
}

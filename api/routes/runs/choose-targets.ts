import { capabilityProblem } from '#contracts/capabilities';
import type { CatalogEntry } from '#contracts/catalog.schema';
import type { FallbackTarget } from '#contracts/governance';
import { invalidField } from '#platform/coded-error';
import { priceOf } from '#platform/provider-catalog';
import type { Deps } from '../../deps.ts';

/** The models that the inputs name beside the run's own, each checked before anything is spent: a key of this person, able to do
 * what the workflow asks, and a known price where a budget is to be kept.
 * @throws CodedError InvalidInput that names the model */
export async function chooseTargets(deps: Pick<Deps, 'secrets' | 'config' | 'providerData'>, entry: CatalogEntry, input: Record<string, unknown>, userId: string, hasBudget: boolean): Promise<FallbackTarget[]> {
  const wanted = entry.targetsFor?.(input) ?? [];
  if (wanted.length === 0) return [];
  const sources = await deps.secrets.sources(userId);
  return wanted.map(({ provider, model }) => {
    const data = deps.providerData[provider];
    if (!sources.has(provider)) throw invalidField('#/inputs', `${data.displayName} (${model}) has no usable key.`, 'Add and activate a key on the Providers page, or take the model out of the inputs.');
    const problem = capabilityProblem(entry, input as never, data, model);
    if (problem) throw invalidField('#/inputs', problem, 'Take the model out of the inputs, or choose another one.');
    const price = priceOf(deps.config, provider, model);
    if (hasBudget && !price) throw invalidField('#/budget', `${model} has no known price, so a budget could not be kept.`, 'Leave the budget out; the caps on tokens and time hold.');
    return { provider, model, price };
  });
}

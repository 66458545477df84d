import type { z } from 'zod';
import type { RunBody } from '#contracts/api/runs.schema';
import { capabilityProblem } from '#contracts/capabilities';
import type { CatalogEntry } from '#contracts/catalog.schema';
import type { FallbackTarget } from '#contracts/governance';
import type { ProviderId } from '#contracts/providers';
import { CodedError, invalidField } from '#platform/coded-error';
import { readFallback } from '#platform/repositories/workspace-settings';
import { priceOf } from '#platform/provider-catalog';
import type { Deps } from '../../deps.ts';

type Wanted = NonNullable<z.output<typeof RunBody>['fallback']>;
export interface FallbackRun { userId: string; provider: ProviderId; entry: CatalogEntry; input: unknown; hasBudget: boolean }

/** The opt-in chain of a run, each link checked before anything is spent: another vendor than those before it, a key of this
 * person, able to do what the workflow asks, and a known price where a budget is to be kept.
 * @throws CodedError InvalidInput naming the link */
export async function chooseFallback(deps: Pick<Deps, 'secrets' | 'config' | 'providerData'>, wanted: Wanted, run: FallbackRun): Promise<FallbackTarget[]> {
  const sources = await deps.secrets.sources(run.userId);
  const taken = new Set<ProviderId>([run.provider]);
  return wanted.map(({ provider, model: named }, index) => {
    const at = (field: string) => `#/fallback/${index}/${field}`;
    const data = deps.providerData[provider];
    const model = named ?? data.defaultModel;
    if (provider === 'demo') throw invalidField(at('provider'), 'The demo provider is no language model and never stands in for one.');
    if (run.provider === 'demo') throw invalidField(at('provider'), 'A run with the demo provider takes no fallback.');
    if (taken.has(provider)) throw invalidField(at('provider'), `${data.displayName} is in the chain already.`);
    if (!sources.has(provider)) throw invalidField(at('provider'), `There is no usable key for ${data.displayName}.`, 'Add and activate a key on the Providers page, or leave it out of the chain.');
    const problem = capabilityProblem(run.entry, run.input as never, data, model);
    if (problem) throw invalidField(at('model'), problem);
    const price = priceOf(deps.config, provider, model);
    if (run.hasBudget && !price) throw invalidField(at('model'), `${model} has no known price, so the budget could not be kept.`);
    taken.add(provider);
    return { provider, model, price };
  });
}

/** The workspace's chain for a run that names none: the links that this run could have named itself, in order. Keys are the
 * person's or the installation's, as for every call; a link that does not fit is left out, not refused.
 * @returns undefined when there is none: no other vendor is ever called */
export async function workspaceFallback(deps: Pick<Deps, 'db' | 'secrets' | 'config' | 'providerData'>, run: FallbackRun): Promise<FallbackTarget[] | undefined> {
  const fitting: Wanted = [];
  for (const { provider, model } of (await readFallback(deps.db)).chain) {
    const link = { provider, ...(model ? { model } : {}) };
    try {
      await chooseFallback(deps, [...fitting, link], run);
      fitting.push(link);
    } catch (error) {
      if (!(error instanceof CodedError) || error.code !== 'InvalidInput') throw error;
    }
  }
  return fitting.length > 0 ? chooseFallback(deps, fitting, run) : undefined;
}

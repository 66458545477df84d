import { readFileSync } from 'node:fs';
import { PROVIDER_DATA, PROVIDER_DATA_DATE, type ModelData, type ProviderData } from '#contracts/provider-data';
import { callCost, type Price } from '#contracts/cost';
import type { CompletionCall, ProviderId } from '#contracts/providers';
import type { Config } from './config.ts';

/** Models and prices: the dated data file of contracts/, with the administrator's own on top (AWP_PROVIDER_DATA). */
type Overrides = Partial<Record<ProviderId, Partial<ProviderData>>>;
const loaded = new Map<string, Overrides>();

function overrides(config: Pick<Config, 'AWP_PROVIDER_DATA'>): Overrides {
  const file = config.AWP_PROVIDER_DATA;
  if (!file) return {};
  const known = loaded.get(file);
  if (known) return known;
  const read = JSON.parse(readFileSync(file, 'utf8')) as Overrides;
  loaded.set(file, read);
  return read;
}

export function providerData(config: Pick<Config, 'AWP_PROVIDER_DATA'>, provider: ProviderId): ProviderData {
  return { ...PROVIDER_DATA[provider], ...overrides(config)[provider] };
}

export function modelData(config: Pick<Config, 'AWP_PROVIDER_DATA'>, provider: ProviderId, model: string): ModelData | undefined {
  return providerData(config, provider).models.find((candidate) => candidate.id === model);
}

/** Micro-dollars per million tokens; null when either side is unknown. */
export function priceOf(config: Pick<Config, 'AWP_PROVIDER_DATA'>, provider: ProviderId, model: string): Price | null {
  const data = modelData(config, provider, model);
  return data && data.inputPrice !== null && data.outputPrice !== null ? { input: data.inputPrice, output: data.outputPrice } : null;
}

/** The most that one try of a call may cost, micro-dollars: every byte of the request a token, every token of the answer used. Null when
 * the price is unknown. @param extraBytes of tools and answer schema */
export function worstCost(config: Pick<Config, 'AWP_PROVIDER_DATA'>, { provider, model, messages, maxOutputTokens }: Pick<CompletionCall, 'model' | 'messages' | 'maxOutputTokens'> & { provider: ProviderId }, extraBytes: number): number | null {
  return callCost(priceOf(config, provider, model), Buffer.byteLength(JSON.stringify(messages)) + extraBytes, maxOutputTokens);
}

export const priceDate = (): string => PROVIDER_DATA_DATE;

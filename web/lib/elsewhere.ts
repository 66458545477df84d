import { callCost } from '#contracts/cost';
import type { ProviderWire } from './queries';

/** A provider that would be paid, for "what this would cost": the first of the list whose standard model has a known price. */
export interface Elsewhere { provider: string; model: string; price: { input: number; output: number }; priceDate: string }

export function elsewhereOf(providers: readonly Pick<ProviderWire, 'simulated' | 'supported' | 'display_name' | 'default_model' | 'models' | 'price_date'>[]): Elsewhere | null {
  for (const provider of providers) {
    const model = provider.models.find(({ id }) => id === provider.default_model);
    if (provider.simulated || !provider.supported || !model || model.input_price === null || model.output_price === null || model.output_price === 0) continue;
    return { provider: provider.display_name, model: model.id, price: { input: model.input_price, output: model.output_price }, priceDate: provider.price_date };
  }
  return null;
}

/** Micro-dollars for as many tokens at list price. */
export const costElsewhere = ({ price }: Elsewhere, inputTokens: number, outputTokens: number): number => callCost(price, inputTokens, outputTokens) ?? 0;

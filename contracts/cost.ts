/** Money. Prices in micro-dollars per million tokens; results in whole micro-dollars, rounded up. */
export interface Price { input: number; output: number }

export function callCost(price: Price | null, inputTokens: number, outputTokens: number): number | null {
  return price ? Math.ceil((inputTokens * price.input + outputTokens * price.output) / 1_000_000) : null;
}

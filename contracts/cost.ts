import type { PlannedCall } from './catalog.schema.ts';
import type { Estimate } from './run-events.ts';

/** Money and estimates. Prices in micro-dollars per million tokens; results in whole micro-dollars, rounded up. */
export interface Price { input: number; output: number }

export function callCost(price: Price | null, inputTokens: number, outputTokens: number): number | null {
  return price ? Math.ceil((inputTokens * price.input + outputTokens * price.output) / 1_000_000) : null;
}

/** Low: answers a quarter of their cap; expected: sixty per cent; worst: the whole cap and a third more input.
 * Seconds: 1 per call, plus output at 60 tokens a second (expected), 120 (low), 30 (worst); tools 2 s. */
export function estimateRun(plan: readonly PlannedCall[], price: Price | null, priceDate: string): Estimate {
  const sum = (outputShare: number, inputShare: number, tokensPerSecond: number) => {
    let input = 0;
    let output = 0;
    let seconds = 0;
    for (const call of plan) {
      if (call.kind === 'tool') { seconds += 2 * call.repeat; continue; }
      input += call.inputTokens * inputShare * call.repeat;
      output += call.maxOutputTokens * outputShare * call.repeat;
      seconds += (1 + (call.maxOutputTokens * outputShare) / tokensPerSecond) * call.repeat;
    }
    return { tokens: Math.ceil(input + output), cost: callCost(price, Math.ceil(input), Math.ceil(output)), seconds: Math.ceil(seconds) };
  };
  const [low, expected, worst] = [sum(0.25, 0.8, 120), sum(0.6, 1, 60), sum(1, 1.33, 30)] as const;
  return {
    tokens: { low: low.tokens, expected: expected.tokens, worst: worst.tokens },
    cost_usd_micros: price ? { low: low.cost ?? 0, expected: expected.cost ?? 0, worst: worst.cost ?? 0 } : null,
    seconds: { low: low.seconds, expected: expected.seconds, worst: worst.seconds }, price_date: priceDate,
  };
}

import type { ProviderWire, WorkflowDetailWire } from './queries';

type Mode = WorkflowDetailWire['modes'][number];
type Model = ProviderWire['models'][number];

export interface Ceiling { calls: number; inputTokens: number; outputTokens: number; /** micro-dollars; null = price unknown */ costUsdMicros: number | null }

/** The most a mode may spend with a model: its plan at full length, cut by its caps. Validate tells the real estimate
 * for the inputs given; this is what can be said before anything is asked. */
export function ceilingOf(mode: Mode, model: Model | undefined): Ceiling {
  const calls = mode.plan.filter((call) => call.kind === 'model');
  const sum = (pick: (call: Mode['plan'][number]) => number): number => calls.reduce((total, call) => total + pick(call) * call.repeat, 0);
  const inputTokens = Math.min(sum((call) => call.input_tokens), mode.caps?.input_tokens ?? Infinity);
  const outputTokens = Math.min(sum((call) => call.max_output_tokens), mode.caps?.output_tokens ?? Infinity);
  const priced = model !== undefined && model.input_price !== null && model.output_price !== null;
  const cost = priced ? Math.ceil((inputTokens * (model.input_price ?? 0) + outputTokens * (model.output_price ?? 0)) / 1_000_000) : null;
  return {
    calls: sum(() => 1), inputTokens, outputTokens,
    costUsdMicros: calls.length === 0 ? 0 : cost !== null && mode.caps?.cost_usd_micros ? Math.min(cost, mode.caps.cost_usd_micros) : cost,
  };
}

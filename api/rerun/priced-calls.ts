import type { PlannedCall } from '#contracts/catalog.schema';
import { callCost, type Price } from '#contracts/cost';
import { planSizes } from '#contracts/estimate';
import type { RerunPreviewWire } from '#contracts/api/reruns.schema';
import type { EstimateRange } from '#contracts/run-events';
import type { RecordedCall } from './recorded-calls.ts';

type PricedCall = RerunPreviewWire['calls'][number];
type WorkStage = RecordedCall['stage'];

export interface PricingWish {
  calls: readonly RecordedCall[];
  reusable: ReadonlySet<string>;
  /** ids of edited answers */
  edited: ReadonlySet<string>;
  /** ids of calls that get another prompt */
  reworded?: ReadonlySet<string>;
  /** ids of calls that get the playbook's prompt back: some run before may have the answer */
  restored?: ReadonlySet<string>;
  /** stages the new run will go through, with what each plans */
  plans: readonly { stage: WorkStage; plan: readonly PlannedCall[] }[];
  price: Price | null;
  inputsChanged: boolean;
  /** answers of the earlier run's model are not taken in this stage */
  modelChangedIn: (stage: WorkStage) => boolean;
}

const NOTHING: EstimateRange = { low: 0, expected: 0, worst: 0 };

/** What a re-run reuses and what it pays, call by call, in order. Where the earlier run made a call, its own usage is the
 * expectation; where it never came, the plan is. A prompt that may change makes a reused call a `maybe`: free at best. */
export function pricedCalls(wish: PricingWish): PricedCall[] {
  return wish.plans.flatMap(({ stage, plan }) => {
    let editedBefore = false;
    const made = wish.calls.filter((call) => call.stage === stage).map((call): PricedCall => {
      editedBefore ||= wish.restored?.has(call.id) === true;
      const state = stateOf(call, wish, editedBefore);
      editedBefore ||= state === 'edited' || wish.reworded?.has(call.id) === true;
      const whole = priced(call, wish.price);
      const likelyFree = !wish.inputsChanged && !editedBefore;
      const { cost, tokens } = state === 'to_pay' ? whole : state === 'maybe' ? { cost: whole.cost && maybeFree(whole.cost, likelyFree), tokens: maybeFree(whole.tokens, likelyFree) } : { cost: NOTHING, tokens: NOTHING };
      return { call_id: call.id, stage, step: call.step, title: call.title, state, cost_usd_micros: cost, tokens };
    });
    return [...made, ...neverReached(stage, plan, wish)];
  });
}

function stateOf(call: RecordedCall, wish: PricingWish, editedBefore: boolean): PricedCall['state'] {
  if (wish.edited.has(call.id)) return 'edited';
  if (!wish.reusable.has(call.id) || wish.reworded?.has(call.id) || wish.modelChangedIn(call.stage)) return 'to_pay';
  return wish.inputsChanged || editedBefore || call.afterOutside ? 'maybe' : 'reused';
}

const maybeFree = (range: EstimateRange, likelyFree: boolean): EstimateRange => ({ low: 0, expected: likelyFree ? 0 : range.expected, worst: range.worst });

/** A call made anew: about what it used before, half of it at best, its whole cap and a third more input at worst. */
function priced(call: RecordedCall, price: Price | null): { cost: EstimateRange | null; tokens: EstimateRange } {
  const output = call.outputTokens || Math.ceil(call.maxOutputTokens * 0.6);
  const sizes = { low: [call.inputTokens, Math.ceil(output / 2)], expected: [call.inputTokens, output], worst: [Math.ceil(call.inputTokens * 1.33), Math.max(call.maxOutputTokens, output)] } as const;
  return rangesOf(sizes, price);
}

function neverReached(stage: WorkStage, plan: readonly PlannedCall[], { calls, price }: PricingWish): PricedCall[] {
  return plan.filter((planned) => planned.kind === 'model').flatMap((planned) => {
    const steps = new Set(calls.filter((call) => call.stage === stage && isOf(call.step, planned.step)).map((call) => call.step));
    return Array.from({ length: Math.max(0, planned.repeat - steps.size) }, (_, index): PricedCall => {
      const { low, expected, worst } = planSizes([{ ...planned, repeat: 1 }]);
      const whole = (size: { input: number; output: number }) => [Math.ceil(size.input), Math.ceil(size.output)] as const;
      const { cost, tokens } = rangesOf({ low: whole(low), expected: whole(expected), worst: whole(worst) }, price);
      return { call_id: null, stage, step: planned.repeat > 1 ? `${planned.step}-${steps.size + index + 1}` : planned.step, title: planned.title, state: 'to_pay', cost_usd_micros: cost, tokens };
    });
  });
}

/** Steps of a repeated plan line carry a number: `note-2` is one of `note`. */
const isOf = (step: string, planned: string): boolean => step === planned || (step.startsWith(`${planned}-`) && /^\d+$/.test(step.slice(planned.length + 1)));

function rangesOf(sizes: Record<'low' | 'expected' | 'worst', readonly [number, number]>, price: Price | null): { cost: EstimateRange | null; tokens: EstimateRange } {
  const each = <T>(pick: (input: number, output: number) => T) => ({ low: pick(...sizes.low), expected: pick(...sizes.expected), worst: pick(...sizes.worst) });
  return { cost: price ? each((input, output) => callCost(price, input, output) ?? 0) : null, tokens: each((input, output) => input + output) };
}

/** null as soon as one price is unknown. */
export function sumRanges(ranges: readonly (EstimateRange | null)[]): EstimateRange | null {
  return ranges.reduce<EstimateRange | null>((sum, range) => (sum && range ? { low: sum.low + range.low, expected: sum.expected + range.expected, worst: sum.worst + range.worst } : null), NOTHING);
}

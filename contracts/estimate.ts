import type { PlannedCall } from './catalog.schema.ts';
import { callCost, type Price } from './cost.ts';
import type { Estimate, EstimateActual, EstimateRange, StageEstimate } from './run-events.ts';
import type { RunView } from './run-reducer.ts';
import type { Stage } from './runs.ts';
import type { Caps } from './workflow.ts';

/** What a run will use before it starts, and how true that was. Tokens, whole micro-dollars, seconds of work (waiting is not
 * counted). Pure. */
interface Size { input: number; output: number; seconds: number }
interface Sizes { low: Size; expected: Size; worst: Size }

/** What one finished run used in a stage, beside what its own plan had expected: shares carry over to other inputs. */
export interface PastStage { planned: Size; used: Size }
export interface StagePlan { stage: Exclude<Stage, 'validate'>; plan: readonly PlannedCall[]; caps: Caps; past: readonly PastStage[] }

/** Fewer than this many past runs say little; then the plan alone speaks. */
export const MIN_PAST_RUNS = 3;

/** Low: answers a quarter of their cap, prompts two fifths of what is planned (short inputs, little material); expected: sixty per cent; worst: the whole cap and a third more input.
 * Seconds: 1 per call, plus output at 60 tokens a second (expected), 120 (low), 30 (worst); tools 2 s. */
export function planSizes(plan: readonly PlannedCall[]): Sizes {
  const sum = (outputShare: number, inputShare: number, tokensPerSecond: number): Size => {
    const total: Size = { input: 0, output: 0, seconds: 0 };
    for (const call of plan) {
      if (call.kind === 'tool') { total.seconds += 2 * call.repeat; continue; }
      total.input += call.inputTokens * inputShare * call.repeat;
      total.output += call.maxOutputTokens * outputShare * call.repeat;
      total.seconds += (1 + (call.maxOutputTokens * outputShare) / tokensPerSecond) * call.repeat;
    }
    return total;
  };
  return { low: sum(0.25, 0.4, 120), expected: sum(0.6, 1, 60), worst: sum(1, 1.33, 30) };
}

/** Estimates stage by stage: from the plan, or with enough past runs from the median of what they used of theirs; lowest and
 * highest of them bound it. The worst never falls below the plan's, and nothing exceeds the caps, which end a stage. */
export function estimateRun(stages: readonly StagePlan[], price: Price | null, priceDate: string): Estimate {
  const each = stages.map(({ stage, plan, caps, past }) => {
    const sizes = clamp(past.length >= MIN_PAST_RUNS ? scaled(planSizes(plan), past) : planSizes(plan), caps);
    const runs = past.length >= MIN_PAST_RUNS ? past.length : 0;
    return { stage, runs, ...rangesOf(sizes, price, caps.costUsdMicros) };
  });
  const runs = each.length > 0 ? Math.min(...each.map((part) => part.runs)) : 0;
  const total = (pick: (part: (typeof each)[number]) => EstimateRange): EstimateRange =>
    ({ low: sumOf(each, (part) => pick(part).low), expected: sumOf(each, (part) => pick(part).expected), worst: sumOf(each, (part) => pick(part).worst) });
  return {
    tokens: total((part) => part.tokens), cost_usd_micros: price ? total((part) => part.cost_usd_micros as EstimateRange) : null, seconds: total((part) => part.seconds), price_date: priceDate, basis: basisOf(runs),
    stages: each.map(({ runs: ofStage, ...part }): StageEstimate => ({ ...part, basis: basisOf(ofStage) })),
  };
}

/** Where a plan asks for more than the run may use; the estimate itself is cut there. */
export interface Beyond { /** null = all stages together */ stage: StagePlan['stage'] | null; what: 'outputTokens' | 'inputTokens' | 'seconds' | 'costUsdMicros'; planned: number; cap: number }

/** Prompts as they are planned, answers as long as each call may write, time as expected: what the catalog's own plans keep within
 * their caps. The money cap is of the whole run, so the stages' cost is summed. */
export function beyondCaps(stages: readonly Omit<StagePlan, 'past'>[], price: Price | null): Beyond[] {
  let cost = 0;
  let costCap = Infinity;
  const beyond = stages.flatMap(({ stage, plan, caps }): Beyond[] => {
    const { expected, worst } = planSizes(plan);
    cost += callCost(price, expected.input, worst.output) ?? 0;
    costCap = Math.min(costCap, caps.costUsdMicros ?? Infinity);
    const planned = { outputTokens: worst.output, inputTokens: expected.input, seconds: Math.ceil(expected.seconds) };
    return (['outputTokens', 'inputTokens', 'seconds'] as const).flatMap((what) => (planned[what] > caps[what] ? [{ stage, what, planned: planned[what], cap: caps[what] }] : []));
  });
  return cost > costCap ? [...beyond, { stage: null, what: 'costUsdMicros', planned: cost, cap: costCap }] : beyond;
}

export const dollars = (micros: number): string => `$${(micros / 1_000_000).toFixed(micros < 10_000 ? 4 : 2)}`;
const whole = (count: number): string => Math.ceil(count).toLocaleString('en-US');

/** One sentence for each limit that the plan does not keep. */
export function beyondWords({ stage, what, planned, cap }: Beyond): string {
  const plan = stage === null ? 'The plan' : { test: 'The plan of the Test', full: 'The plan of the Full run' }[stage];
  switch (what) {
    case 'outputTokens': return `${plan} may write ${whole(planned)} output tokens, and the run may write ${whole(cap)}.`;
    case 'inputTokens': return `${plan} reads about ${whole(planned)} tokens, and the run may read ${whole(cap)}.`;
    case 'seconds': return `${plan} takes about ${whole(planned)} s, and the run may take ${whole(cap)} s.`;
    case 'costUsdMicros': return `${plan} may cost ${dollars(planned)}, and the run may cost ${dollars(cap)}.`;
  }
}

const basisOf = (runs: number): string => (runs > 0 ? `${runs} past runs` : 'plan');
const sumOf = <T>(items: readonly T[], pick: (item: T) => number): number => items.reduce((sum, item) => sum + pick(item), 0);
const share = (used: number, planned: number): number => (planned > 0 ? used / planned : 1);

function scaled(plan: Sizes, past: readonly PastStage[]): Sizes {
  const by = (pick: (size: Size) => number) => {
    const shares = past.map((run) => share(pick(run.used), pick(run.planned))).sort((a, b) => a - b);
    const expected = pick(plan.expected);
    return { low: expected * (shares[0] ?? 1), expected: expected * median(shares), worst: Math.max(pick(plan.worst), expected * (shares.at(-1) ?? 1)) };
  };
  const [input, output, seconds] = [by((size) => size.input), by((size) => size.output), by((size) => size.seconds)] as const;
  const at = (key: 'low' | 'expected' | 'worst'): Size => ({ input: input[key], output: output[key], seconds: seconds[key] });
  return { low: at('low'), expected: at('expected'), worst: at('worst') };
}

/** @param sorted at least one number, ascending */
function median(sorted: readonly number[]): number {
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

function clamp(sizes: Sizes, caps: Caps): Sizes {
  const cut = (size: Size): Size => ({ input: Math.ceil(Math.min(size.input, caps.inputTokens)), output: Math.ceil(Math.min(size.output, caps.outputTokens)), seconds: Math.ceil(Math.min(size.seconds, caps.seconds)) });
  return { low: cut(sizes.low), expected: cut(sizes.expected), worst: cut(sizes.worst) };
}

function rangesOf({ low, expected, worst }: Sizes, price: Price | null, costCap: number | null): Pick<StageEstimate, 'tokens' | 'cost_usd_micros' | 'seconds'> {
  const range = (pick: (size: Size) => number): EstimateRange => ({ low: pick(low), expected: pick(expected), worst: pick(worst) });
  const cost = (size: Size): number => Math.min(callCost(price, size.input, size.output) ?? 0, costCap ?? Infinity);
  return { tokens: range((size) => size.input + size.output), cost_usd_micros: price ? range(cost) : null, seconds: range((size) => size.seconds) };
}

/** What the run really used, beside its estimate; null while it is not known. Skipped stages and answers taken over are not
 * used. @returns null when the run has no estimate or has not ended */
export function actualOf(view: Pick<RunView, 'estimate' | 'stages' | 'completedAt' | 'mode'>): EstimateActual | null {
  const { estimate } = view;
  if (!estimate || !view.completedAt || view.mode === 'validate_only') return null;
  const work = view.stages.filter((stage) => stage.stage !== 'validate' && stage.status !== 'skipped');
  const ends = work.flatMap((stage) => stage.steps.flatMap((step) => step.completions.flatMap((completion) => (completion.end && !completion.end.reused ? [completion.end] : []))));
  const tokens = sumOf(ends, (end) => end.usage.inputTokens + end.usage.outputTokens);
  const cost = ends.some((end) => end.cost_usd_micros === null) ? null : sumOf(ends, (end) => end.cost_usd_micros ?? 0);
  const seconds = Math.round(sumOf(work, (stage) => (stage.endedAt ? Math.max(0, Date.parse(stage.endedAt) - Date.parse(stage.startedAt) - stage.waitedMs) / 1000 : 0)) * 10) / 10;
  const times = (used: number, expected: number | undefined): number | null => (expected ? Math.round((used / expected) * 100) / 100 : null);
  return {
    tokens, cost_usd_micros: cost, seconds,
    of_expected: { tokens: times(tokens, estimate.tokens.expected), cost: cost === null ? null : times(cost, estimate.cost_usd_micros?.expected), seconds: times(seconds, estimate.seconds.expected) },
    within_worst: tokens <= estimate.tokens.worst && (cost === null || !estimate.cost_usd_micros || cost <= estimate.cost_usd_micros.worst),
  };
}

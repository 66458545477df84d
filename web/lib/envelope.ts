import { leastLimits } from '#contracts/granted-limits';
import type { RunView, StageView } from '#contracts/run-reducer';
import type { WorkflowDetailWire } from './queries';

type Caps = NonNullable<WorkflowDetailWire['modes'][number]['caps']>;

export interface Meter { key: 'output_tokens' | 'input_tokens' | 'seconds' | 'cost'; label: string; used: number; cap: number | null }
export interface Envelope { stage: StageView; activeMs: number; meters: Meter[] }

/** What the present stage has used of its caps; Validate has none. */
export function envelopeOf(view: RunView, modes: WorkflowDetailWire['modes'] | undefined, now: number): Envelope | null {
  const stage = view.stages.findLast((candidate) => candidate.stage !== 'validate');
  if (!stage) return null;
  const platform: Caps | null = modes?.find((mode) => mode.run_mode === (stage.stage === 'test' ? 'test_run' : 'full_run'))?.caps ?? null;
  const own = stage.stage === 'full' ? leastLimits([view.limits, view.granted]) : view.limits;
  const caps = platform && { ...platform, output_tokens: Math.min(platform.output_tokens, own.output_tokens ?? Infinity), seconds: Math.min(platform.seconds, own.seconds ?? Infinity) };
  const ends = stage.steps.flatMap((step) => step.completions.flatMap((completion) => (completion.end ? [completion.end] : [])));
  const until = stage.endedAt ?? view.completedAt;
  // Waiting for a person, money or a provider is no active time.
  const waitedMs = stage.waitedMs + (view.waitingSince && !until ? Math.max(0, now - Date.parse(view.waitingSince)) : 0);
  const activeMs = Math.max(0, (until ? Date.parse(until) : now) - Date.parse(stage.startedAt) - waitedMs);
  const budget = view.budgetUsdMicros ?? own.cost_usd_micros ?? null;
  return {
    stage, activeMs,
    meters: [
      { key: 'output_tokens', label: 'Output tokens', used: ends.reduce((sum, end) => sum + end.usage.outputTokens, 0), cap: caps?.output_tokens ?? null },
      { key: 'input_tokens', label: 'Input tokens', used: ends.reduce((sum, end) => sum + end.usage.inputTokens, 0), cap: caps?.input_tokens ?? null },
      { key: 'seconds', label: 'Seconds', used: Math.floor(activeMs / 1000), cap: caps?.seconds ?? null },
      { key: 'cost', label: 'Cost', used: view.totals.costUsdMicros ?? 0, cap: view.totals.costUsdMicros === null ? null : budget },
    ],
  };
}

/** The limit that is nearest, by the time that is left at the pace so far; null while nothing has a limit or nothing was used.
 * `leftMs` is null where the pace says nothing (an ended stage, the first moment). */
export interface NextCap { meter: Meter; share: number; leftMs: number | null }
export function nextCap({ meters, activeMs, stage }: Envelope): NextCap | null {
  const capped = meters.flatMap((meter): NextCap[] => {
    if (meter.cap === null || meter.cap <= 0 || meter.used <= 0) return [];
    const share = Math.min(1, meter.used / meter.cap);
    return [{ meter, share, leftMs: stage.endedAt !== null || activeMs < 1000 ? null : (activeMs * (1 - share)) / share }];
  });
  return capped.toSorted((a, b) => (a.leftMs ?? 0) - (b.leftMs ?? 0) || b.share - a.share)[0] ?? null;
}

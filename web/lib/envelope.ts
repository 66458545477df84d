import type { RunView, StageView } from '#contracts/run-reducer';
import type { WorkflowDetailWire } from './queries';

type Caps = NonNullable<WorkflowDetailWire['modes'][number]['caps']>;

export interface Meter { key: string; label: string; used: number; cap: number | null }
export interface Envelope { stage: StageView; meters: Meter[] }

/** What the present stage has used of its caps; Validate has none. */
export function envelopeOf(view: RunView, modes: WorkflowDetailWire['modes'] | undefined, now: number): Envelope | null {
  const stage = view.stages.findLast((candidate) => candidate.stage !== 'validate');
  if (!stage) return null;
  const platform: Caps | null = modes?.find((mode) => mode.run_mode === (stage.stage === 'test' ? 'test_run' : 'full_run'))?.caps ?? null;
  const own = view.limits;
  const caps = platform && { ...platform, output_tokens: Math.min(platform.output_tokens, own.output_tokens ?? Infinity), seconds: Math.min(platform.seconds, own.seconds ?? Infinity) };
  const ends = stage.steps.flatMap((step) => step.completions.flatMap((completion) => (completion.end ? [completion.end] : [])));
  const until = stage.endedAt ?? view.completedAt;
  // Waiting for a person, money or a provider is no active time.
  const waitedMs = stage.waitedMs + (view.waitingSince && !until ? Math.max(0, now - Date.parse(view.waitingSince)) : 0);
  return {
    stage,
    meters: [
      { key: 'output_tokens', label: 'Output tokens', used: ends.reduce((sum, end) => sum + end.usage.outputTokens, 0), cap: caps?.output_tokens ?? null },
      { key: 'input_tokens', label: 'Input tokens', used: ends.reduce((sum, end) => sum + end.usage.inputTokens, 0), cap: caps?.input_tokens ?? null },
      { key: 'seconds', label: 'Seconds', used: Math.max(0, Math.floor(((until ? Date.parse(until) : now) - Date.parse(stage.startedAt) - waitedMs) / 1000)), cap: caps?.seconds ?? null },
    ],
  };
}

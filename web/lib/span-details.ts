import type { CompletionView, RunView, StageView, StepView, ToolView } from '#contracts/run-reducer';
import type { FinishReason } from '#contracts/providers';
import type { EndedWait, LogFacts, Span } from './run-spans';

/** What a span of the timeline stands for in the view. */
export type SpanDetails =
  | { kind: 'queue' }
  | { kind: 'stage'; stage: StageView }
  | { kind: 'check'; check: StageView['checks'][number] }
  | { kind: 'step'; stage: StageView; step: StepView }
  | { kind: 'call'; stage: StageView; step: StepView; completion: CompletionView; attempt: number | null }
  | { kind: 'tool'; stage: StageView; step: StepView; tool: ToolView }
  | { kind: 'wait'; wait: EndedWait };

export function detailsOf(view: RunView, facts: LogFacts, span: Span): SpanDetails | null {
  if (span.kind === 'queue') return { kind: 'queue' };
  if (span.kind === 'wait') {
    const wait = facts.waits.find(({ waitId }) => waitId === span.key);
    return wait ? { kind: 'wait', wait } : null;
  }
  const stage = view.stages.findLast((candidate) => candidate.stage === span.stage);
  if (!stage) return null;
  if (span.kind === 'stage') return { kind: 'stage', stage };
  if (span.kind === 'check') {
    const check = stage.checks.find((candidate) => candidate.check === span.key);
    return check ? { kind: 'check', check } : null;
  }
  const step = stage.steps.findLast((candidate) => candidate.step === span.step);
  if (!step) return null;
  if (span.kind === 'step') return { kind: 'step', stage, step };
  if (span.kind === 'tool') {
    const tool = step.tools.find(({ toolCallId }) => toolCallId === span.key);
    return tool ? { kind: 'tool', stage, step, tool } : null;
  }
  const completion = step.completions.findLast(({ ordinal }) => ordinal === span.ordinal);
  return completion ? { kind: 'call', stage, step, completion, attempt: span.attempt } : null;
}

const FINISHED: Record<FinishReason['unified'], string> = {
  stop: 'It had said what it wanted to say', length: 'It was cut at its token limit', tool_calls: 'It asked for a tool', content_filter: 'The provider\'s filter stopped it', error: 'The provider broke off', unknown: 'The provider gave no reason',
};
export const finishWords = ({ unified, raw }: FinishReason): string => `${FINISHED[unified]}${raw && raw !== unified ? ` (${raw})` : ''}`;

/** Tokens a second while it wrote; null where there was no time to measure. */
export function tokensPerSecond(end: NonNullable<CompletionView['end']>): number | null {
  const wroteMs = end.duration_ms - (end.first_token_ms ?? 0);
  return end.reused || wroteMs < 50 ? null : (end.usage.outputTokens * 1000) / wroteMs;
}

import { ActivityFailure, ApplicationFailure, ChildWorkflowFailure, isCancellation, TimeoutFailure } from '@temporalio/workflow';
import { isErrorCode, runError, type RunError } from '#contracts/errors';
import type { RunResult } from '#contracts/workflow';
import type { CapReached } from './envelope.ts';

/** What an error means for the run: its code, one safe sentence, the step where it happened. Never an inner stack or text of unknown errors. */
export function errorOf(error: unknown, step: string | null = null): RunError {
  const cause = error instanceof ActivityFailure || error instanceof ChildWorkflowFailure ? error.cause : error;
  const at = error instanceof ActivityFailure ? stepOf(error.activityId) ?? step : step;
  if (cause instanceof ApplicationFailure && isErrorCode(cause.type)) {
    const details = cause.details?.[0] as { step?: string; detail?: string } | undefined;
    // The SDK puts words of its own before the message of a payload that was not stored.
    return runError(cause.type, cause.type === 'PayloadNotStored' ? (details?.detail ?? cause.message) : cause.message, details?.step ?? at);
  }
  // What the SDK calls an activity that its worker cut because it was told to stop.
  if (cause instanceof ApplicationFailure && cause.type === 'WorkerShutdown') return runError('ServiceUnavailable', 'Workers were stopped again and again before the step was finished.', at);
  if (cause instanceof TimeoutFailure) return runError('ServiceUnavailable', 'A worker stopped answering and the step was not finished within its tries.', at);
  return runError('Internal', 'The workflow met an error it did not expect; it is in the worker\'s log.', at);
}

/** Activity ids are `<stage>/<step>/<ordinal>`. */
function stepOf(activityId: string | undefined): string | null {
  const parts = activityId?.split('/') ?? [];
  return parts.length === 3 ? (parts[1] ?? null) : null;
}

export function resultOf(error: unknown): RunResult {
  if (isCancellation(error)) return { status: 'cancelled', capReached: null, error: null, headline: 'Cancelled. What was made before is kept.' };
  const failure = errorOf(error);
  return { status: 'failed', capReached: null, error: failure, headline: `${failure.title}.` };
}

const CAP_WORDS: Record<CapReached['cap'], (limit: number) => string> = {
  output_tokens: (limit) => `the cap of ${limit} output tokens`,
  input_tokens: (limit) => `the cap of ${limit} input tokens`,
  seconds: (limit) => `the cap of ${limit} seconds`,
  iterations: (limit) => `the cap of ${limit} loop turns`,
  cost: (limit) => `the budget of $${(limit / 1_000_000).toFixed(2)}`,
};

export const capSentence = (cap: CapReached): string => `Stopped at ${CAP_WORDS[cap.cap](cap.limit)}; the work so far is kept.`;

/** A cap ends a Test as completed, a Full run as what it is: timed out, out of budget, or at a limit. */
export function resultOfCap(cap: CapReached, stage: 'test' | 'full'): RunResult {
  const headline = capSentence(cap);
  if (stage === 'test') return { status: 'completed', capReached: cap.cap, error: null, headline };
  if (cap.cap === 'seconds') return { status: 'timed_out', capReached: cap.cap, error: runError('RunLimitReached', headline), headline };
  return { status: 'failed', capReached: cap.cap, error: runError(cap.cap === 'cost' ? 'BudgetExceeded' : 'RunLimitReached', headline), headline };
}

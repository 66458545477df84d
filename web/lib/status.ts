import type { RunStatus, Stage, WaitReason } from '#contracts/runs';

/** One vocabulary for statuses: word, sentence for a tooltip, and the classes of its colour pair. */
export interface StatusLook { word: string; sentence: string; text: string; paper: string }

export const STATUS_LOOK: Record<RunStatus, StatusLook> = {
  queued: { word: 'Queued', sentence: 'Accepted and waiting for a worker.', text: 'text-queued', paper: 'bg-queued-paper' },
  validating: { word: 'Validating', sentence: 'Checking inputs, key, provider and cost.', text: 'text-validating', paper: 'bg-validating-paper' },
  running: { word: 'Running', sentence: 'Working on the steps.', text: 'text-running', paper: 'bg-running-paper' },
  waiting: { word: 'Waiting', sentence: 'Paused until somebody or something answers.', text: 'text-waiting', paper: 'bg-waiting-paper' },
  completed: { word: 'Completed', sentence: 'Ended as planned; the artifacts are ready.', text: 'text-completed', paper: 'bg-completed-paper' },
  failed: { word: 'Failed', sentence: 'Ended with an error; what was made before it is kept.', text: 'text-failed', paper: 'bg-failed-paper' },
  cancelled: { word: 'Cancelled', sentence: 'Stopped on request; what was made before is kept.', text: 'text-cancelled', paper: 'bg-cancelled-paper' },
  timed_out: { word: 'Timed out', sentence: 'The time limit ended it; what was made before is kept.', text: 'text-timed-out', paper: 'bg-timed-out-paper' },
};

export const WAIT_WORDS: Record<WaitReason, string> = {
  approval: 'Waiting for approval', budget: 'Waiting: budget used up', provider: 'Waiting for the provider', rate_limit: 'Waiting: rate limit', input: 'Waiting for an answer', pause: 'Paused by an administrator',
};

export const STAGE_WORDS: Record<Stage, string> = { validate: 'Validate', test: 'Test', full: 'Full' };

/** Of checks that come by their key alone; one that is not here goes by its key. */
export const CHECK_WORDS: Readonly<Record<string, string>> = { inputs: 'Inputs fit the form', secret: 'Key is there', provider: 'Provider answers', tools: 'Tools are reachable', estimate: 'Cost estimate' };

/** What the badge says: the reason while waiting, the request while cancelling. */
export function statusWord(status: RunStatus, extra: { waitReason?: WaitReason | null; cancelRequested?: boolean; retries?: number } = {}): string {
  if (extra.cancelRequested && ['queued', 'validating', 'running', 'waiting'].includes(status)) return 'Cancelling';
  if (status === 'waiting' && extra.waitReason) return WAIT_WORDS[extra.waitReason];
  if (status === 'completed' && extra.retries) return `Completed after ${extra.retries} ${extra.retries === 1 ? 'retry' : 'retries'}`;
  return STATUS_LOOK[status].word;
}

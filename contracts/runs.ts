/** Run vocabulary: modes, stages, statuses and the only transitions that exist. Plain data, safe in the sandbox. */
export const RUN_MODES = ['validate_only', 'test_run', 'full_run'] as const;
export type RunMode = (typeof RUN_MODES)[number];
export const DEFAULT_RUN_MODE: RunMode = 'test_run';

export const STAGES = ['validate', 'test', 'full'] as const;
export type Stage = (typeof STAGES)[number];

export const RUN_STATUSES = ['queued', 'validating', 'running', 'waiting', 'completed', 'failed', 'cancelled', 'timed_out'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

export const WAIT_REASONS = ['approval', 'budget', 'provider', 'rate_limit', 'input'] as const;
export type WaitReason = (typeof WAIT_REASONS)[number];
/** Time alone ends such a wait; nobody has to do anything. */
export const passesByItself = (reason: WaitReason | null): boolean => reason === 'provider' || reason === 'rate_limit';

export const TERMINAL_STATUSES = ['completed', 'failed', 'cancelled', 'timed_out'] as const satisfies readonly RunStatus[];
export type TerminalStatus = (typeof TERMINAL_STATUSES)[number];

/** What a person thinks of the result of their run. */
export const RUN_RATINGS = ['good', 'poor'] as const;
export type RunRating = (typeof RUN_RATINGS)[number];

export const CAPS = ['output_tokens', 'input_tokens', 'seconds', 'iterations', 'cost'] as const;
export type Cap = (typeof CAPS)[number];

export function isTerminal(status: RunStatus): status is TerminalStatus {
  return (TERMINAL_STATUSES as readonly RunStatus[]).includes(status);
}

const FORWARD: Record<RunStatus, readonly RunStatus[]> = {
  queued: ['validating', ...TERMINAL_STATUSES],
  validating: ['running', 'waiting', ...TERMINAL_STATUSES],
  running: ['validating', 'waiting', ...TERMINAL_STATUSES],
  waiting: ['validating', 'running', ...TERMINAL_STATUSES],
  completed: [], failed: [], cancelled: [], timed_out: [],
};

/** Whether a run may go from one status to the other. Terminal statuses never leave. */
export function canMove(from: RunStatus, to: RunStatus): boolean {
  return FORWARD[from].includes(to);
}

/** The stages that a mode walks through, in order. */
export function stagesOf(mode: RunMode): readonly Stage[] {
  if (mode === 'validate_only') return ['validate'];
  return mode === 'test_run' ? ['validate', 'test'] : ['validate', 'test', 'full'];
}

/** Words a person reads; the same in web, CLI and docs. */
export const MODE_WORDS: Record<RunMode, { label: string; verb: string; sentence: string }> = {
  validate_only: { label: 'Validate', verb: 'Check', sentence: 'Checks inputs, key, provider and cost. No model is asked to write anything.' },
  test_run: { label: 'Test', verb: 'Try small', sentence: 'Runs the real steps on a small slice under hard caps, after Validate.' },
  full_run: { label: 'Full', verb: 'Run fully', sentence: 'Runs everything, after Validate and a passing Test.' },
};

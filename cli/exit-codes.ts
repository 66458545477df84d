import type { RunWire } from '#contracts/api/runs.schema';
import type { ErrorCode } from '#contracts/errors';

/** What a script reads. Documented in docs/cli.md and in `awp --help`; never renumbered. */
export const EXIT = { ok: 0, failed: 1, usage: 2, validation: 3, auth: 4, approval: 5, budget: 6, timeout: 7, interrupted: 130 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const EXIT_WORDS: Record<ExitCode, string> = {
  0: 'all is well', 1: 'the run failed, or the platform did', 2: 'wrong use of the command', 3: 'something you sent needs a change', 4: 'not signed in, or not allowed',
  5: 'an approval, an answer or evidence is needed first', 6: 'the budget is used up', 7: 'out of time', 130: 'interrupted; an accepted run goes on',
};

const BY_CODE: Partial<Record<ErrorCode, ExitCode>> = {
  InvalidInput: EXIT.validation, NotFound: EXIT.validation, IdempotencyMismatch: EXIT.validation, PayloadTooLarge: EXIT.validation, UnsupportedMediaType: EXIT.validation,
  Unauthenticated: EXIT.auth, PermissionDenied: EXIT.auth, EvidenceRequired: EXIT.approval, ApprovalRefused: EXIT.approval, ApprovalExpired: EXIT.approval, BudgetExceeded: EXIT.budget, ProviderQuota: EXIT.budget, ProviderTimeout: EXIT.timeout,
};

/** By the class of an error, of a request or of a run alike; what is not listed counts as failed. */
export function exitOfCode(code: string): ExitCode {
  return BY_CODE[code as ErrorCode] ?? EXIT.failed;
}

/** The outcome of a watched run: an ended one by its status and error, a waiting one by what it waits for. */
export function exitOfRun(run: Pick<RunWire, 'status' | 'wait_reason' | 'error'>): ExitCode {
  switch (run.status) {
    case 'completed': return EXIT.ok;
    case 'timed_out': return EXIT.timeout;
    case 'failed': return run.error ? exitOfCode(run.error.code) : EXIT.failed;
    case 'cancelled': return EXIT.failed;
    case 'waiting': return run.wait_reason === 'budget' ? EXIT.budget : run.wait_reason === 'provider' ? EXIT.ok : EXIT.approval;
    default: return EXIT.ok; // it goes on
  }
}

/** Every error code of the platform: one table, read by the API (RFC 9457 problems), the activities (Temporal
 * failures) and the web (words). Attempts count the first try; `null` means the code never reaches a retry policy.
 * @source shared design: error table; Retry-After handling in activities/failures.ts */
export type ErrorCode = keyof typeof ERRORS;

export interface ErrorRow {
  /** HTTP status when the code answers a request; null when it only ever appears inside a run. */
  status: number | null;
  /** How often the work is tried in all, the first time included. */
  attempts: number;
  title: string;
  /** What the person can do next, one sentence. */
  remedy: string;
}

export const ERRORS = {
  InvalidInput: { status: 400, attempts: 1, title: 'Some inputs need a change', remedy: 'Correct the fields named below and send it again.' },
  Unauthenticated: { status: 401, attempts: 1, title: 'Please sign in', remedy: 'Sign in, or send an API token as "Authorization: Bearer …".' },
  PermissionDenied: { status: 403, attempts: 1, title: 'You are not allowed to do this', remedy: 'Ask an administrator for the permission named here.' },
  NotFound: { status: 404, attempts: 1, title: 'There is nothing here', remedy: 'Check the address or id; it may have been deleted.' },
  MethodNotAllowed: { status: 405, attempts: 1, title: 'This address does not take that method', remedy: 'See the API documentation for the methods it takes.' },
  Conflict: { status: 409, attempts: 1, title: 'That does not fit the present state', remedy: 'Reload, look at the present state, and try again.' },
  EvidenceRequired: { status: 409, attempts: 1, title: 'A passing Test run is required first', remedy: 'Run Test with these inputs, then start the Full run.' },
  Gone: { status: 410, attempts: 1, title: 'This was removed by the retention rule', remedy: 'Run it again to make it anew.' },
  PreconditionFailed: { status: 412, attempts: 1, title: 'Somebody changed this before you', remedy: 'Reload it and apply your change again.' },
  PayloadTooLarge: { status: 413, attempts: 1, title: 'That is too large', remedy: 'Send less at once; the limit is named in the detail.' },
  UnsupportedMediaType: { status: 415, attempts: 1, title: 'That content type is not accepted here', remedy: 'Send application/json in UTF-8.' },
  IdempotencyMismatch: { status: 422, attempts: 1, title: 'This Idempotency-Key was used for another request', remedy: 'Use a new key for a new request.' },
  RateLimited: { status: 429, attempts: 1, title: 'Too many requests', remedy: 'Wait for the time in Retry-After, then try again.' },
  Internal: { status: 500, attempts: 1, title: 'Something went wrong on our side', remedy: 'Try again; if it stays, report the request id.' },
  ServiceUnavailable: { status: 503, attempts: 1, title: 'A part of the platform is away for a moment', remedy: 'Wait a few seconds and try again; accepted runs are not affected.' },
  StorageUnavailable: { status: 503, attempts: 4, title: 'Artifacts cannot be stored right now', remedy: 'Check the disk or object storage; the run keeps its trace in the database.' },
  ProviderUnavailable: { status: 502, attempts: 4, title: 'The provider cannot be reached', remedy: 'Try again later or choose another provider.' },
  ProviderRateLimited: { status: 429, attempts: 4, title: 'The provider asked us to slow down', remedy: 'Wait, lower the number of parallel runs, or raise the limit at the provider.' },
  ProviderTimeout: { status: 504, attempts: 2, title: 'The provider did not answer in time', remedy: 'Try again, or choose a faster model.' },
  ProviderAuthentication: { status: 502, attempts: 1, title: 'The provider refused the key', remedy: 'Replace the key on the Providers page and test it.' },
  ProviderRejected: { status: 502, attempts: 1, title: 'The provider rejected the request', remedy: 'Check that the model exists and supports what the workflow asks for.' },
  ProviderQuota: { status: 502, attempts: 1, title: 'The spending limit at the provider is reached', remedy: 'Raise the limit in the provider\'s console or choose another provider.' },
  ProviderRefused: { status: 502, attempts: 1, title: 'The model declined to answer', remedy: 'Reword the goal; the provider\'s content rules stopped this answer.' },
  ContextTooLong: { status: 502, attempts: 1, title: 'The text is too long for this model', remedy: 'Shorten the inputs or choose a model with a larger context.' },
  BudgetExceeded: { status: 409, attempts: 1, title: 'The budget is used up', remedy: 'Raise the budget, or start a new run with a smaller job.' },
  RunLimitReached: { status: 409, attempts: 1, title: 'A cap of this run was reached', remedy: 'What was made so far is kept; a Full run has wider caps.' },
  PayloadNotStored: { status: 503, attempts: 1, title: 'A large text of this run could not be stored', remedy: 'Check the disk or object storage, then run it again; what was bought is kept in the ledger.' },
  PayloadRefused: { status: 500, attempts: 1, title: 'A stored text of this run cannot be trusted', remedy: 'Tell the administrator: it is not encrypted, was changed, or its key is not loaded.' },
  ApprovalRefused: { status: 409, attempts: 1, title: 'An approver said no', remedy: 'Read the reason, change what is needed and start again.' },
  ApprovalExpired: { status: 409, attempts: 1, title: 'Nobody decided in time', remedy: 'Ask the people who decide, then start again.' },
  OutputInvalid: { status: 502, attempts: 1, title: 'The model\'s answer did not have the form that was asked for', remedy: 'The raw answer is kept with the run; try again or choose another model.' },
} as const satisfies Record<string, ErrorRow>;

/** An error as a run keeps it (`run.error`) and as events carry it. Never holds vendor text beyond `detail`, which is safe to show. */
export interface RunError {
  code: ErrorCode;
  title: string;
  detail: string;
  remedy: string;
  /** The step where it happened, when it happened in one. */
  step: string | null;
}

export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(ERRORS, value);
}

/** Builds the error a run keeps from its code and one safe sentence. */
export function runError(code: ErrorCode, detail: string, step: string | null = null): RunError {
  return { code, title: ERRORS[code].title, detail, remedy: ERRORS[code].remedy, step };
}

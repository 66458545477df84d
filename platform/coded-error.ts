import { ERRORS, type ErrorCode } from '#contracts/errors';

export interface FieldError { /** JSON Pointer into the request, e.g. `#/inputs/learning_goal` */ pointer: string; detail: string }

/** An error with a code of the error table and words that are safe to show. `api/problem.ts` turns it into a problem. */
export class CodedError extends Error {
  readonly code: ErrorCode;
  readonly detail: string;
  readonly errors: readonly FieldError[] | undefined;
  readonly remedy: string;
  readonly retryAfterSeconds: number | undefined;
  /** of a PermissionDenied: what was asked for, in the words of the audit log */
  refused: { resource?: string; data: Record<string, string | null> } | undefined;

  constructor(code: ErrorCode, detail: string, options: { errors?: readonly FieldError[]; remedy?: string; retryAfterSeconds?: number; cause?: unknown; refused?: CodedError['refused'] } = {}) {
    super(`${code}: ${detail}`, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'CodedError';
    this.code = code;
    this.detail = detail;
    this.errors = options.errors;
    this.remedy = options.remedy ?? ERRORS[code].remedy;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.refused = options.refused;
  }
}

/** One wrong field. */
export const invalidField = (pointer: string, detail: string, remedy?: string): CodedError =>
  new CodedError('InvalidInput', detail, { errors: [{ pointer, detail }], ...(remedy ? { remedy } : {}) });

export const notFound = (what: string): CodedError => new CodedError('NotFound', `${what} was not found.`);

import type { z } from 'zod';
import type { Problem } from '#contracts/api/common.schema';
import { ERRORS, type ErrorCode } from '#contracts/errors';
import { problemType } from '#contracts/wire';
import { CodedError, type FieldError } from '#platform/coded-error';
import { isDatabaseAway } from '#platform/database-errors';

/** Turns any thrown thing into an RFC 9457 problem. What we did not throw ourselves never shows its words. */
export function toProblem(error: unknown, context: { instance: string; requestId: string }): Problem {
  const coded = asCodedError(error);
  return {
    type: problemType(coded.code), title: ERRORS[coded.code].title, status: ERRORS[coded.code].status, detail: coded.detail, instance: context.instance, code: coded.code,
    remedy: coded.remedy, request_id: context.requestId,
    ...(coded.retryAfterSeconds === undefined ? {} : { retry_after: coded.retryAfterSeconds }),
    ...(coded.errors ? { errors: coded.errors.map(({ pointer, detail }) => ({ pointer, detail })) } : {}),
  };
}

export function asCodedError(error: unknown): CodedError {
  if (error instanceof CodedError) return error;
  if (isDatabaseAway(error)) return new CodedError('ServiceUnavailable', 'The database does not answer at the moment.', { retryAfterSeconds: 5, cause: error });
  const status = (error as { status?: unknown; expose?: unknown } | null)?.status;
  const fromStatus: Record<number, [ErrorCode, string]> = {
    400: ['InvalidInput', 'The request could not be read.'], 404: ['NotFound', 'There is nothing at this address.'], 413: ['PayloadTooLarge', 'The request body is larger than 256 KB.'],
    415: ['UnsupportedMediaType', 'Only application/json in UTF-8, uncompressed, is accepted here.'],
  };
  const known = typeof status === 'number' ? fromStatus[status] : undefined;
  return known ? new CodedError(known[0], known[1], { cause: error }) : new CodedError('Internal', 'The cause is in the server\'s log under this request id.', { cause: error });
}

const escapePointer = (part: PropertyKey): string => String(part).replaceAll('~', '~0').replaceAll('/', '~1');

/** zod issues as JSON Pointers under a prefix (`#`, `#/inputs`, `#/query` …). */
export function fieldErrors(error: z.ZodError, prefix: string): FieldError[] {
  return error.issues.flatMap((issue) => {
    const pointer = [prefix, ...issue.path.map(escapePointer)].join('/');
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => ({ pointer: `${pointer}/${escapePointer(key)}`, detail: 'is not a known field' }));
    return [{ pointer, detail: issue.message }];
  }).slice(0, 50);
}

/** Parses or throws InvalidInput naming each field. */
export function parseWith<S extends z.ZodType>(schema: S, value: unknown, prefix: string, what: string): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const errors = fieldErrors(parsed.error, prefix);
  throw new CodedError('InvalidInput', errors.length === 1 ? `${what}: ${errors[0]?.pointer} ${errors[0]?.detail}` : `${what}: ${errors.length} fields need a change.`, { errors });
}

import { z } from 'zod';
import { ERRORS, type ErrorCode } from '../errors.ts';
import { LIST_LIMIT_DEFAULT, LIST_LIMIT_MAX } from '../limits.ts';
import { cleanText } from '../material.ts';
import { MODEL_ID_CHARACTERS, MODEL_ID_PATTERN } from '../model-ids.ts';
import { PROVIDER_IDS } from '../providers.ts';
import { CAPS, RUN_MODES, RUN_STATUSES, STAGES, WAIT_REASONS } from '../runs.ts';

/** Parts that several endpoints share. Everything here is as it goes over the wire: snake_case, times ISO 8601 with Z,
 * money in micro-dollars (millionths of a dollar). */
export const Timestamp = z.iso.datetime().meta({ description: 'ISO 8601, UTC' });
export const Uuid = z.uuid().meta({ description: 'UUID' });
/** A name that others read: one line, without signs that a person cannot see. "gnp.exe" turned around, or a name that looks like
 * somebody else's by a sign of no width, does not get on a page where people decide. @param max characters, as they came */
export const shownName = (max: number) => z.string().max(max).overwrite((text) => cleanText(text).replaceAll(/\s+/g, ' ')).trim().min(1);
/** The same for words of several lines. */
export const shownText = (max: number) => z.string().max(max).overwrite(cleanText).trim();
export const Provider = z.enum(PROVIDER_IDS).meta({ id: 'Provider' });
export const ModelId = z.string().trim().min(1).max(MODEL_ID_CHARACTERS).regex(MODEL_ID_PATTERN, 'must be a model id');
export const RunModeSchema = z.enum(RUN_MODES).meta({ id: 'RunMode' });
export const RunStatusSchema = z.enum(RUN_STATUSES).meta({ id: 'RunStatus' });
export const StageSchema = z.enum(STAGES).meta({ id: 'Stage' });
export const CapSchema = z.enum(CAPS);
export const WaitReasonSchema = z.enum(WAIT_REASONS);
export const ErrorCodeSchema = z.enum(Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]).meta({ id: 'ErrorCode' });

/** RFC 9457 problem; the body of every error of this API, `application/problem+json`. */
export const ProblemSchema = z.object({
  type: z.string().meta({ description: '`/problems/<code in kebab-case>`' }),
  title: z.string(),
  status: z.int(),
  detail: z.string().optional(),
  instance: z.string().optional(),
  code: ErrorCodeSchema,
  remedy: z.string().optional().meta({ description: 'What to do next, one sentence' }),
  request_id: z.string().optional(),
  retry_after: z.int().optional().meta({ description: 'seconds' }),
  errors: z.array(z.object({ pointer: z.string().meta({ description: 'JSON Pointer into the request, e.g. `#/inputs/learning_goal`' }), detail: z.string() })).optional(),
}).meta({ id: 'Problem' });
export type Problem = z.infer<typeof ProblemSchema>;

/** What went wrong in a run: the same object as a problem, with the step. */
export const RunErrorSchema = ProblemSchema.extend({ step: z.string().nullable() }).meta({ id: 'RunError' });

const whole = (max: number) => z.string().regex(/^\d{1,9}$/, 'must be a whole number').transform(Number).pipe(z.number().max(max));
/** Query numbers arrive as text. */
export const QueryLimit = whole(LIST_LIMIT_MAX).refine((value) => value >= 1, 'must be at least 1').optional()
  .meta({ description: `How many, 1–${LIST_LIMIT_MAX}; ${LIST_LIMIT_DEFAULT} when left out`, override: { type: 'integer', minimum: 1, maximum: LIST_LIMIT_MAX, default: LIST_LIMIT_DEFAULT } });
export const QuerySkip = whole(1_000_000).optional().meta({ description: 'How many to pass over (older clients; `cursor` is faster and steady)', override: { type: 'integer', minimum: 0 } });
export const QueryCursor = z.string().min(1).max(300).optional().meta({ description: 'Opaque; from `Link: <…>; rel="next"` of the page before' });
export const QueryFlag = z.enum(['true', 'false']).transform((value) => value === 'true').optional().meta({ override: { type: 'boolean', enum: [true, false] } });

/** The answers to list requests are arrays; `X-Total-Count` and `Link` carry the rest. */
export const PagingQuery = { limit: QueryLimit, cursor: QueryCursor, skip: QuerySkip };
/** Of a list without filters. */
export const ListQuery = z.strictObject(PagingQuery);

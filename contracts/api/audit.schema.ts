import { z } from 'zod';
import { PagingQuery, Timestamp, Uuid } from './common.schema.ts';

export const RotatedKeysSchema = z.object({ kid: z.string().meta({ description: 'Id of the master key that wraps now' }), rewrapped: z.int(), already: z.int(), unreadable: z.int().meta({ description: 'Their master key is not loaded; they stay as they are' }), second_factors: z.int(), payload_keys: z.int().meta({ description: 'Keys of former master keys that are kept, wrapped, so that histories of Temporal stay readable' }) }).meta({ id: 'RotatedKeys' });
export type RotatedKeysWire = z.infer<typeof RotatedKeysSchema>;

const words = z.string().trim().min(1).max(200).optional();
export const AUDIT_OUTCOMES = ['success', 'denied', 'failed'] as const;
const Filters = {
  type: words.meta({ description: 'A type (`run.queued`) or its first part with a dot (`run.`)' }), subject: Uuid.optional().meta({ description: 'Who did it' }),
  outcome: z.enum(AUDIT_OUTCOMES).optional(), resource: words.meta({ description: '`<kind>/<id>`, or its beginning' }),
  from: z.iso.datetime({ offset: true }).optional(), to: z.iso.datetime({ offset: true }).optional(),
};
/** How many rows of the log are counted for `X-Total-Count`. */
export const AUDIT_COUNTED = 100_000;
export const AuditQuery = z.strictObject({ ...PagingQuery, ...Filters });
export const AuditExportQuery = z.strictObject({ ...Filters, format: z.enum(['csv', 'json']).default('json').meta({ description: '`json`: one object a line' }) });

export const AuditEventSchema = z.object({
  sequence: z.int(), id: Uuid, type: z.string(), subject: z.string().nullable(), subject_name: z.string().nullable(), actor_kind: z.string(), resource: z.string().nullable(), outcome: z.enum(AUDIT_OUTCOMES), data: z.record(z.string(), z.unknown()),
  request_id: z.string().nullable(), ip_address: z.string().nullable(), user_agent: z.string().nullable(), previous_hash: z.string(), hash: z.string(), at: Timestamp,
}).meta({ id: 'AuditEvent' });
export type AuditEventWire = z.infer<typeof AuditEventSchema>;

export const VerifyAuditBody = z.strictObject({
  head: z.strictObject({ sequence: z.int().min(0), hash: z.string().regex(/^[0-9a-f]{64}$/) }).optional().meta({ description: 'An end of the chain that was kept before: shows whether rows at the end are missing now' }),
});
export const AuditVerdictSchema = z.object({
  whole: z.boolean(), checked: z.int(), broken_at: z.int().nullable().meta({ description: 'Sequence of the first row that does not fit' }), reason: z.string().nullable(), head: z.object({ sequence: z.int(), hash: z.string() }).nullable(),
}).meta({ id: 'AuditVerdict' });
export type AuditVerdictWire = z.infer<typeof AuditVerdictSchema>;

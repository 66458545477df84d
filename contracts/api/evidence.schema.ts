import { z } from 'zod';
import { EVIDENCE_REFUSALS, EVIDENCE_SCHEMA } from '../evidence.ts';
import { CapSchema, Provider, Timestamp, Uuid } from './common.schema.ts';

const Hash = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in hex');
const Count = z.int().min(0);

/** What was signed. Strict: a field that is added is a change as well. */
export const EvidenceRecordSchema = z.strictObject({
  schema: z.literal(EVIDENCE_SCHEMA), evidence_id: Uuid, run_id: Uuid, user_id: Uuid,
  workflow_id: z.string().min(1).max(64), workflow_version: z.int(), definition_hash: Hash, input_digest: Hash,
  provider: Provider, model: z.string().max(200), models_served: z.array(z.string().max(200)).max(50), simulated: z.boolean(),
  stage: z.literal('test'), outcome: z.enum(['passed', 'capped']),
  checks: z.array(z.strictObject({ check: z.string().max(50), outcome: z.enum(['passed', 'warning']), detail: z.string().max(4000) })).max(50),
  cap: CapSchema.nullable(), remark: z.string().max(4000).nullable(), tokens: z.strictObject({ input: Count, output: Count }), cost_usd_micros: Count.nullable(), reused_calls: Count,
  approvers: z.array(Uuid).max(100), started_at: Timestamp, ended_at: Timestamp, tested_at: Timestamp,
}).meta({ id: 'EvidenceRecord' });

export const SignedEvidenceSchema = z.strictObject({
  record: EvidenceRecordSchema, algorithm: z.literal('Ed25519'), key_id: z.string().regex(/^[0-9a-f]{16}$/), signature: z.string().regex(/^[\w-]{86}$/, 'must be 64 bytes in base64url').meta({ description: 'Over `awp.evidence/v1`, a line feed and the canonical JSON of the record (keys sorted, no blanks), UTF-8' }),
}).meta({ id: 'SignedEvidence' });
export type SignedEvidenceWire = z.infer<typeof SignedEvidenceSchema>;

/** Anything may be sent: what it is not, the answer says. */
export const VerifyEvidenceBody = z.record(z.string(), z.unknown());
export const EvidenceVerdictSchema = z.object({
  valid: z.boolean(), reason: z.enum(EVIDENCE_REFUSALS).nullable().meta({ description: 'null when valid' }), detail: z.string(),
  fresh: z.boolean().nullable().meta({ description: 'whether it is young enough to open a Full run here; null when it is not valid' }), fresh_until: Timestamp.nullable(),
}).meta({ id: 'EvidenceVerdict' });
export type EvidenceVerdictWire = z.infer<typeof EvidenceVerdictSchema>;

export const EvidenceKeysSchema = z.object({
  keys: z.array(z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), use: z.literal('sig'), alg: z.literal('EdDSA'), kid: z.string(), x: z.string() })),
  signs: z.string().meta({ description: 'What is signed, in words' }),
}).meta({ id: 'EvidenceKeys' });

export const RunEvidenceSchema = z.object({
  run_id: Uuid,
  made_by_run_id: Uuid.nullable().meta({ description: 'The run whose Test it is: this one, or the earlier one that made this Full run skip its Test' }),
  evidence: SignedEvidenceSchema.nullable(), verdict: EvidenceVerdictSchema.nullable(),
  reason: z.string().meta({ description: 'Why there is evidence or none, in words' }),
}).meta({ id: 'RunEvidence' });
export type RunEvidenceWire = z.infer<typeof RunEvidenceSchema>;

import { EVIDENCE_SCHEMA, type EvidenceRecord, type EvidenceVerdict, type SignedEvidence } from '#contracts/evidence';
import { SignedEvidenceSchema } from '#contracts/api/evidence.schema';
import { canonicalJson } from '../ids.ts';
import type { EvidenceKeys } from './evidence-keys.ts';

/** The name of the form goes first, so that a signature over something else can never pass for evidence. */
const bytesOf = (record: EvidenceRecord): Buffer => Buffer.from(`${EVIDENCE_SCHEMA}\n${canonicalJson(record)}`, 'utf8');

export function signEvidence(keys: EvidenceKeys, record: EvidenceRecord): SignedEvidence {
  const { keyId, signature } = keys.sign(bytesOf(record));
  return { record, algorithm: 'Ed25519', key_id: keyId, signature };
}

/** Checks form, key and signature of anything at all. Needs no database and no secret. */
export function verifyEvidence(keys: Pick<EvidenceKeys, 'verify'>, given: unknown): EvidenceVerdict {
  const parsed = SignedEvidenceSchema.safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return { valid: false, reason: 'malformed', detail: `This is not a signed evidence record: ${issue?.path.join('.') || 'the record'} ${issue?.message ?? ''}`.trim() };
  }
  const { record, key_id: keyId, signature } = parsed.data;
  const right = keys.verify(keyId, bytesOf(record), signature);
  if (right === undefined) return { valid: false, reason: 'unknown_key', detail: `It was signed with the key ${keyId}, which is not a key of this installation.` };
  if (!right) return { valid: false, reason: 'bad_signature', detail: 'The signature does not fit: the record was changed after it was signed, or the signature belongs to another one.' };
  return { valid: true, reason: null, detail: `Signed by this installation; it was not changed since ${record.ended_at}.` };
}

import type { EvidenceSubject, SignedEvidence } from '#contracts/evidence';
import type { Evidence, Prisma } from '#prisma/client';
import { databaseNow, type Database, type Transaction } from '../db.ts';
import type { EvidenceKeys } from '../evidence/evidence-keys.ts';
import { verifyEvidence } from '../evidence/signed-evidence.ts';

/** Evidence rows. The record is what counts: columns are only for finding it, and a row is believed only when its signature
 * fits and its record says the same as what is asked for. */
export function signedOf(row: Evidence): SignedEvidence {
  return { record: row.record as unknown as SignedEvidence['record'], algorithm: 'Ed25519', key_id: row.keyId, signature: row.signature };
}

/** Stores it once per run and stage. @returns false when it was there already */
export async function insertEvidence(tx: Transaction, signed: SignedEvidence): Promise<boolean> {
  const { record } = signed;
  const made = await tx.evidence.createMany({
    data: [{
      id: record.evidence_id, runId: record.run_id, userId: record.user_id, stage: record.stage, workflowSlug: record.workflow_id, workflowVersion: record.workflow_version, definitionHash: record.definition_hash,
      inputDigest: record.input_digest, provider: record.provider, model: record.model, simulated: record.simulated, outcome: record.outcome, record: record as unknown as Prisma.InputJsonValue, keyId: signed.key_id,
      signature: signed.signature, testedAt: new Date(record.tested_at),
    }],
    skipDuplicates: true,
  });
  return made.count === 1;
}

export async function evidenceOfRun(db: Database | Transaction, userId: string, runId: string): Promise<SignedEvidence | null> {
  const row = await db.evidence.findFirst({ where: { userId, runId } });
  return row ? signedOf(row) : null;
}

type Part = 'another workflow version' | 'another definition' | 'other inputs' | 'another provider' | 'another model';

/** In what a record differs from what is asked for; nothing when it fits. */
function differences({ record }: SignedEvidence, subject: EvidenceSubject): Part[] {
  const pairs: [Part, unknown, unknown][] = [
    ['another workflow version', record.workflow_version, subject.workflowVersion], ['another definition', record.definition_hash, subject.definitionHash], ['other inputs', record.input_digest, subject.inputDigest],
    ['another provider', record.provider, subject.provider], ['another model', record.model, subject.model],
  ];
  return pairs.filter(([, has, wants]) => has !== wants).map(([part]) => part);
}

export interface FreshEvidence { signed: SignedEvidence; runId: string; testedAt: Date }

/** The youngest evidence of this person that proves exactly this, is signed by us and not older than `maxAgeHours`. */
export async function findFreshEvidence(db: Database | Transaction, keys: Pick<EvidenceKeys, 'verify'>, subject: EvidenceSubject, maxAgeHours: number, at?: Date): Promise<FreshEvidence | null> {
  const now = at ?? (await databaseNow(db));
  const { userId, workflowSlug, workflowVersion, definitionHash, inputDigest, provider, model } = subject;
  const rows = await db.evidence.findMany({
    where: { userId, workflowSlug, workflowVersion, definitionHash, inputDigest, provider, model, simulated: provider === 'demo', testedAt: { gt: new Date(now.getTime() - maxAgeHours * 3_600_000) } }, orderBy: { testedAt: 'desc' }, take: 5,
  });
  for (const row of rows) {
    const signed = signedOf(row);
    const { record } = signed;
    const same = record.user_id === userId && record.workflow_id === workflowSlug && record.run_id === row.runId && record.tested_at === row.testedAt.toISOString() && differences(signed, subject).length === 0;
    if (same && verifyEvidence(keys, signed).valid) return { signed, runId: row.runId, testedAt: row.testedAt };
  }
  return null;
}

/** Why there is no fresh evidence, for a person: what the youngest passing Test of the workflow lacks. */
export async function explainMissingEvidence(db: Database | Transaction, subject: EvidenceSubject, maxAgeHours: number, at?: Date): Promise<string> {
  const now = at ?? (await databaseNow(db));
  const rows = await db.evidence.findMany({ where: { userId: subject.userId, workflowSlug: subject.workflowSlug }, orderBy: { testedAt: 'desc' }, take: 50 });
  if (rows.length === 0) return 'None of your Test runs of this workflow has passed yet.';
  const nearest = rows.map((row) => ({ row, lacks: differences(signedOf(row), subject) })).reduce((best, next) => (next.lacks.length < best.lacks.length ? next : best));
  if (nearest.lacks.length > 0) return `Your nearest passing Test (run ${nearest.row.runId}) was made with ${listed(nearest.lacks)}.`;
  const hours = Math.floor((now.getTime() - nearest.row.testedAt.getTime()) / 3_600_000);
  if (hours >= maxAgeHours) return `Your passing Test (run ${nearest.row.runId}) is ${hours} hours old; it counts for ${maxAgeHours}.`;
  return `The evidence of run ${nearest.row.runId} cannot be verified any more.`;
}

const listed = (parts: readonly string[]): string => (parts.length < 2 ? parts.join() : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`);

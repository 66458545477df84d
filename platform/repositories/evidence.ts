import type { EvidenceSubject, SignedEvidence } from '#contracts/evidence';
import type { Evidence } from '#prisma/client';
import { databaseNow, type Database, type Transaction } from '../db.ts';
import type { EvidenceKeys } from '../evidence/evidence-keys.ts';
import { verifyEvidence } from '../evidence/signed-evidence.ts';
import { query, statement } from '../sql.ts';
import { appending, appendQuickly, type Appended } from './append-events.ts';
import type { KeyedEvent } from './run-events.ts';

/** Evidence rows. The record is what counts: columns are only for finding it, and a row is believed only when its signature
 * fits and its record says the same as what is asked for. */
export function signedOf(row: Pick<Evidence, 'record' | 'keyId' | 'signature'>): SignedEvidence {
  return { record: row.record as unknown as SignedEvidence['record'], algorithm: 'Ed25519', key_id: row.keyId, signature: row.signature };
}

const INSERT = appending({
  write: `
    made AS (
      INSERT INTO evidence (id, run_id, user_id, stage, workflow_slug, workflow_version, definition_hash, input_digest, provider, model, simulated, outcome, record, key_id, signature, tested_at)
      SELECT (r ->> 'evidence_id')::uuid, run.id, (r ->> 'user_id')::uuid, r ->> 'stage', r ->> 'workflow_id', (r ->> 'workflow_version')::int, r ->> 'definition_hash', r ->> 'input_digest', r ->> 'provider', r ->> 'model', (r ->> 'simulated')::boolean, r ->> 'outcome', r, $5::text, $6::text, (r ->> 'tested_at')::timestamptz
      FROM run, (SELECT $4::jsonb AS r) AS given WHERE NOT EXISTS (SELECT FROM blocked) ON CONFLICT (run_id, stage) DO NOTHING RETURNING record
    ),`,
  gate: 'CROSS JOIN made',
  select: '(SELECT record FROM made) AS "record"',
});

/** Stores it with its event, once per run and stage. @returns it as it was stored; null when one was there already, or the run is gone */
export async function insertEvidence(db: Database, signed: SignedEvidence, recorded: KeyedEvent): Promise<SignedEvidence | null> {
  const row = await appendQuickly<Appended & { record: SignedEvidence['record'] | null }>(db, INSERT, signed.record.run_id, [recorded], [JSON.stringify(signed.record), signed.key_id, signed.signature]);
  if (row === 'beaten') throw new Error('the evidence could not be written: others write the same events');
  return row?.record ? { ...signed, record: row.record } : null;
}

type EvidenceRow = Pick<Evidence, 'runId' | 'record' | 'keyId' | 'signature' | 'testedAt'>;
const COLUMNS = 'run_id AS "runId", record, key_id AS "keyId", signature, tested_at AS "testedAt"';
const OF_RUN = statement(`SELECT ${COLUMNS} FROM evidence WHERE run_id = $2 AND user_id = $1 LIMIT 1`);

export async function evidenceOfRun(db: Database, userId: string, runId: string): Promise<SignedEvidence | null> {
  const [row] = await query<EvidenceRow>(db.pool, OF_RUN, [userId, runId]);
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

/** Compared with the database's clock, unless a time is given. */
const FRESH = statement(`
  SELECT ${COLUMNS} FROM evidence
  WHERE user_id = $1 AND workflow_slug = $2 AND workflow_version = $3 AND definition_hash = $4 AND input_digest = $5 AND provider = $6 AND model = $7 AND simulated = ($6 = 'demo')
    AND tested_at > COALESCE($9::timestamptz, clock_timestamp()) - $8::float8 * interval '1 hour' ORDER BY tested_at DESC LIMIT 5`);

/** The youngest evidence of this person that proves exactly this, is signed by us and not older than `maxAgeHours`. */
export async function findFreshEvidence(db: Database, keys: Pick<EvidenceKeys, 'verify'>, subject: EvidenceSubject, maxAgeHours: number, at?: Date): Promise<FreshEvidence | null> {
  const { userId, workflowSlug, workflowVersion, definitionHash, inputDigest, provider, model } = subject;
  const rows = await query<EvidenceRow>(db.pool, FRESH, [userId, workflowSlug, workflowVersion, definitionHash, inputDigest, provider, model, maxAgeHours, at ?? null]);
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

import type { PoolClient } from 'pg';
import type { Database } from '../db.ts';
import { query, statement } from '../sql.ts';

const KEEP_MS = 24 * 3600_000;
/** A reservation older than this belongs to a process that died; the next request takes it over. */
const ABANDONED_MS = 60_000;

export interface StoredAnswer { status: number; body: unknown; headers: Record<string, string> }
export type Reservation =
  | { kind: 'reserved'; claimedAt: Date }
  | { kind: 'replay'; answer: StoredAnswer }
  | { kind: 'in_flight' }
  | { kind: 'mismatch' };

interface KeyOf { userId: string; operation: string; key: string }

/** Claims an Idempotency-Key before the work starts. Two at the same moment: one is `reserved`, the other `in_flight`. */
export async function reserveIdempotencyKey(db: Database, id: KeyOf, requestDigest: string): Promise<Reservation> {
  const now = new Date();
  const expiresAt = new Date(now.getTime() + KEEP_MS);
  await db.idempotencyKey.deleteMany({ where: { expiresAt: { lt: now } } });
  const made = await db.idempotencyKey.createMany({ data: [{ ...id, requestDigest, createdAt: now, expiresAt }], skipDuplicates: true });
  if (made.count === 1) return { kind: 'reserved', claimedAt: now };
  const row = await db.idempotencyKey.findUnique({ where: { userId_operation_key: id } });
  if (!row) return { kind: 'in_flight' };
  if (row.requestDigest !== requestDigest) return { kind: 'mismatch' };
  if (row.status !== null) return { kind: 'replay', answer: row.response as unknown as StoredAnswer };
  const taken = await db.idempotencyKey.updateMany({ where: { ...id, status: null, createdAt: { lte: new Date(now.getTime() - ABANDONED_MS) } }, data: { createdAt: now, expiresAt } });
  return taken.count === 1 ? { kind: 'reserved', claimedAt: now } : { kind: 'in_flight' };
}

const COMPLETE = statement('UPDATE idempotency_keys SET status = $5, response = $6, resource_id = $7 WHERE user_id = $1 AND operation = $2 AND key = $3 AND status IS NULL AND created_at = $4 RETURNING key');

/** Stores the answer in the transaction of the work itself. @returns false when another request took the claim over: roll back */
export async function completeIdempotencyKey(client: PoolClient, id: KeyOf, claimedAt: Date, answer: StoredAnswer, resourceId: string | null): Promise<boolean> {
  return (await query(client, COMPLETE, [id.userId, id.operation, id.key, claimedAt, answer.status, JSON.stringify(answer), resourceId])).length === 1;
}

/** Gives the claim back after a refusal, so that the corrected request may use the same key. */
export async function releaseIdempotencyKey(db: Database, id: KeyOf, claimedAt: Date): Promise<void> {
  await db.idempotencyKey.deleteMany({ where: { ...id, status: null, createdAt: claimedAt } });
}

import type { PoolClient } from 'pg';
import type { Database } from '../db.ts';
import { query, statement } from '../sql.ts';

export interface StoredAnswer { status: number; body: unknown; headers: Record<string, string> }
export type Reservation =
  | { kind: 'reserved'; claimedAt: Date }
  | { kind: 'replay'; answer: StoredAnswer }
  | { kind: 'in_flight' }
  | { kind: 'mismatch' };

interface KeyOf { userId: string; operation: string; key: string }

/** A claim that has not been answered after ten seconds belongs to a process that died, and the next request takes it over: the
 * answer is stored only under the claim it was made for, so a process that was merely slow rolls back. Times are the database's. */
const CLAIM = statement(`
  INSERT INTO idempotency_keys (user_id, operation, key, request_digest, created_at, expires_at) VALUES ($1, $2, $3, $4, now(), now() + interval '24 hours')
  ON CONFLICT (user_id, operation, key) DO UPDATE SET request_digest = EXCLUDED.request_digest, status = NULL, response = NULL, resource_id = NULL, created_at = EXCLUDED.created_at, expires_at = EXCLUDED.expires_at
  WHERE idempotency_keys.expires_at < now() OR (idempotency_keys.status IS NULL AND idempotency_keys.request_digest = EXCLUDED.request_digest AND idempotency_keys.created_at <= now() - interval '10 seconds')
  RETURNING created_at AS "claimedAt"`);

/** Claims an Idempotency-Key before the work starts. Two at the same moment: one is `reserved`, the other `in_flight`. */
export async function reserveIdempotencyKey(db: Database, id: KeyOf, requestDigest: string): Promise<Reservation> {
  const [made] = await query<{ claimedAt: Date }>(db.pool, CLAIM, [id.userId, id.operation, id.key, requestDigest]);
  if (made) return { kind: 'reserved', claimedAt: made.claimedAt };
  const row = await db.idempotencyKey.findUnique({ where: { userId_operation_key: id } });
  if (!row) return { kind: 'in_flight' };
  if (row.requestDigest !== requestDigest) return { kind: 'mismatch' };
  return row.status === null ? { kind: 'in_flight' } : { kind: 'replay', answer: row.response as unknown as StoredAnswer };
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

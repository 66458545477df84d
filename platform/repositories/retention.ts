import type { Database, Transaction } from '../db.ts';

/** What the retention rule removes. Every "now" is the database's, so that no process with a wrong clock deletes early. */
export interface DueArtifact { id: string; runId: string; storageKey: string }

/** Artifacts past their days that still have their bytes, oldest first. Only of runs that have ended: one that waits for a person still
 * reads its files and payloads. */
export async function dueArtifacts(db: Database, limit: number): Promise<DueArtifact[]> {
  return db.$queryRaw<DueArtifact[]>`SELECT id, run_id AS "runId", storage_key AS "storageKey" FROM artifacts WHERE expired_at IS NULL AND expires_at <= now() AND EXISTS (SELECT FROM runs WHERE runs.id = artifacts.run_id AND runs.completed_at IS NOT NULL) ORDER BY expires_at LIMIT ${limit}`;
}

/** Marks rows as expired; their metadata stays. @returns how many were not marked before */
export async function markExpired(tx: Transaction, ids: readonly string[]): Promise<number> {
  return tx.$executeRaw`UPDATE artifacts SET expired_at = now() WHERE id = ANY(${ids}::uuid[]) AND expired_at IS NULL AND expires_at <= now()`;
}

export interface PurgedRows { idempotencyKeys: number; signInLinks: number; sessions: number; rateLimits: number }

/** Deletes rows that have run out, at most `limit` of each kind at once. */
export async function deleteExpiredRows(tx: Transaction, limit: number): Promise<PurgedRows> {
  return {
    idempotencyKeys: await tx.$executeRaw`DELETE FROM idempotency_keys WHERE ctid IN (SELECT ctid FROM idempotency_keys WHERE expires_at <= now() LIMIT ${limit})`,
    signInLinks: await tx.$executeRaw`DELETE FROM verifications WHERE ctid IN (SELECT ctid FROM verifications WHERE expires_at <= now() LIMIT ${limit})`,
    sessions: await tx.$executeRaw`DELETE FROM sessions WHERE ctid IN (SELECT ctid FROM sessions WHERE expires_at <= now() LIMIT ${limit})`,
    rateLimits: await tx.$executeRaw`DELETE FROM rate_limits WHERE ctid IN (SELECT ctid FROM rate_limits WHERE expire <= (extract(epoch FROM now()) * 1000)::bigint LIMIT ${limit})`,
  };
}

/** Which of these runs exist. */
export async function existingRuns(db: Database, ids: readonly string[]): Promise<Set<string>> {
  const rows = await db.run.findMany({ where: { id: { in: [...ids] } }, select: { id: true } });
  return new Set(rows.map((row) => row.id));
}

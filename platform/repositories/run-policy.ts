import type { RunRule } from '#contracts/run-policy';
import type { Prisma } from '#prisma/client';
import { ADVISORY_LOCKS } from '../advisory-locks.ts';
import type { Database, Transaction } from '../db.ts';

/** The workspace policy of runs. Rows are only added, so that what held at any time can be read. */
export interface StoredRunPolicy { /** 0 = none was written */ version: number; rules: RunRule[]; createdBy: string | null; createdAt: Date | null }

export async function currentRunPolicy(db: Database | Transaction): Promise<StoredRunPolicy> {
  const row = await db.runPolicy.findFirst({ orderBy: { version: 'desc' } });
  return row ? { version: row.version, rules: row.rules as unknown as RunRule[], createdBy: row.createdBy, createdAt: row.createdAt } : { version: 0, rules: [], createdBy: null, createdAt: null };
}

/** @param seen  the version the writer looked at. @returns null when somebody wrote since */
export async function writeRunPolicy(tx: Transaction, rules: readonly RunRule[], seen: number, userId: string): Promise<StoredRunPolicy | null> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${ADVISORY_LOCKS.runPolicy})`;
  if ((await currentRunPolicy(tx)).version !== seen) return null;
  await tx.runPolicy.create({ data: { rules: rules as unknown as Prisma.InputJsonValue, createdBy: userId } });
  return currentRunPolicy(tx);
}

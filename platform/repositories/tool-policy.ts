import type { Pool } from 'pg';
import { DEFAULT_TOOL_RULES, type ToolRule } from '#contracts/tool-policy';
import type { Prisma } from '#prisma/client';
import { ADVISORY_LOCKS } from '../advisory-locks.ts';
import type { Database, Transaction } from '../db.ts';
import { gathered, oneFor } from '../gather.ts';
import { query, statement } from '../sql.ts';

/** The allow list of tools. Rows are only added, so that what held at any time can be read. */
export interface StoredToolPolicy { /** 0 = none was written, the default holds */ version: number; rules: ToolRule[]; createdBy: string | null; createdAt: Date | null }

export async function currentToolPolicy(db: Database | Transaction): Promise<StoredToolPolicy> {
  const row = await db.toolPolicy.findFirst({ orderBy: { version: 'desc' } });
  return row ? { version: row.version, rules: row.rules as unknown as ToolRule[], createdBy: row.createdBy, createdAt: row.createdAt } : { version: 0, rules: [...DEFAULT_TOOL_RULES], createdBy: null, createdAt: null };
}

const STANDING = statement(`
  SELECT r.id, r.inputs, u.role, p.version, p.rules FROM runs r JOIN users u ON u.id = r.user_id
  LEFT JOIN LATERAL (SELECT version, rules FROM tool_policies ORDER BY version DESC LIMIT 1) p ON true WHERE r.id = ANY($1::uuid[])`);
interface StandingRow { id: string; inputs: unknown; role: string; version: number | null; rules: ToolRule[] | null }
const rowOf = oneFor((pool: Pool) => gathered(async (runIds: readonly string[]) => new Map((await query<StandingRow>(pool, STANDING, [runIds])).map((row) => [row.id, row]))));

/** What decides on the tools of a run, as it is now: read before each call, in one round trip with others who ask before it begins. @returns null when the run is gone */
export async function toolStandingOf(db: Database, runId: string): Promise<{ inputs: unknown; role: string; version: number; rules: ToolRule[] } | null> {
  const row = await rowOf(db.pool)(runId);
  return row ? { inputs: row.inputs, role: row.role, version: row.version ?? 0, rules: row.rules ?? [...DEFAULT_TOOL_RULES] } : null;
}

/** @param seen  the version the writer looked at. @returns null when somebody wrote since */
export async function writeToolPolicy(tx: Transaction, rules: readonly ToolRule[], seen: number, userId: string): Promise<StoredToolPolicy | null> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${ADVISORY_LOCKS.toolPolicy})`;
  if ((await currentToolPolicy(tx)).version !== seen) return null;
  await tx.toolPolicy.create({ data: { rules: rules as unknown as Prisma.InputJsonValue, createdBy: userId } });
  return currentToolPolicy(tx);
}

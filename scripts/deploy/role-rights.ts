import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { ADVISORY_LOCKS } from '#platform/advisory-locks';
import { projectRoot } from '../launch/paths.ts';

const MIGRATION = 'prisma/migrations/0023_audit_role/migration.sql';

/** Gives the role that api and worker work as (`awp_app`, platform/db.ts) its rights on every table, where the server has that role: it may
 * have been made after the tables were. Safe to repeat, and from several places at once. */
export async function giveRoleRights(databaseUrl: string): Promise<void> {
  const sql = readFileSync(join(projectRoot, MIGRATION), 'utf8');
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query('begin');
    await client.query(`select pg_advisory_xact_lock(${ADVISORY_LOCKS.roleRights})`);
    await client.query(sql.slice(sql.indexOf('DO $$')));
    await client.query('commit');
  } finally {
    await client.end();
  }
}

import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaClient } from '#prisma/client';
import type { Config } from './config.ts';

/** Prisma, and the pool below it for plain SQL (sql.ts). */
export type Database = PrismaClient & { readonly pool: pg.Pool };
export type Transaction = Omit<PrismaClient, '$connect' | '$disconnect' | '$on' | '$transaction' | '$extends'>;

/** The database's clock: the one that all processes share. Whatever is compared between processes, or kept, is told by it (fault F24). */
export async function databaseNow(db: Database | Transaction): Promise<Date> {
  const [row] = await db.$queryRaw<{ now: Date }[]>`SELECT clock_timestamp() AS now`;
  if (!row) throw new Error('the database gave no time');
  return row.now;
}

export interface DatabaseHandle { db: Database; pool: pg.Pool; close(): Promise<void> }

/** Works as the role that may not change the audit log, where the server has it and this database gave it its rights (migration
 * 0023): roles are of a whole server, rights of one database. */
const TAKE_ROLE = "DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'awp_app' AND pg_has_role(current_user, oid, 'MEMBER')) AND has_table_privilege('awp_app', to_regclass('public.users'), 'INSERT') THEN SET ROLE awp_app; END IF; END $$";
/** For a process whose statements look up single rows by their keys: a plan is as good for one value as for another, and planning costs as
 * much as running. */
const PLAN_ONCE = 'SET plan_cache_mode = force_generic_plan';

/** Opens one bounded pool and a Prisma client on it. The pool's idle errors (a restarted server) are swallowed here: the
 * next query connects anew, and readiness tells the truth meanwhile.
 * @param options.statementMs  the longest a statement may take, its waits for locks included
 * @param options.planOnce  statements are planned without a look at their values
 * @throws Error when DATABASE_URL is not set */
export function openDatabase(config: Pick<Config, 'DATABASE_URL' | 'DATABASE_POOL_SIZE' | 'DATABASE_CONNECT_TIMEOUT_MS'>, onError: (error: Error) => void = () => {}, options: { statementMs?: number; planOnce?: boolean } = {}): DatabaseHandle {
  if (!config.DATABASE_URL) throw new Error('DATABASE_URL is missing: `npm start` sets it, containers must.');
  const pool = new pg.Pool({
    connectionString: config.DATABASE_URL, max: Math.max(config.DATABASE_POOL_SIZE, 2), connectionTimeoutMillis: config.DATABASE_CONNECT_TIMEOUT_MS,
    // Not `verify`, which is typed for it: meanwhile nobody listens for the connection's errors there, and a server that dies would take this process along.
    // oxlint-disable-next-line typescript/no-misused-promises -- the pool waits for it before it hands the connection out
    onConnect: async (connection) => { await connection.query(options.planOnce ? `${TAKE_ROLE}; ${PLAN_ONCE}` : TAKE_ROLE); },
    idleTimeoutMillis: 30_000, maxLifetimeSeconds: 3600, keepAlive: true, statement_timeout: options.statementMs ?? 15_000, application_name: 'agentic-workflow-platform',
  });
  pool.on('error', onError);
  const client = new PrismaClient({ adapter: new PrismaPg(pool, { disposeExternalPool: false }), transactionOptions: { maxWait: 5000, timeout: 15_000 } });
  const db = Object.defineProperty(client, 'pool', { value: pool }) as Database;
  return { db, pool, close: async () => { await db.$disconnect(); await pool.end(); } };
}

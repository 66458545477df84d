import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';

export interface TestDatabase {
  url: string;
  /** Ends all sessions and removes the database. */
  drop(): Promise<void>;
}

/** Where the servers are. */
export interface Servers { temporalAddress: string; databaseUrl: string; templateDatabase: string }
let own: Servers | null = null;
/** For programs that are no tests (npm run eval): servers that they started themselves. */
export function useServers(servers: Servers): void { own = servers; }
const servers = (): Servers => own ?? { temporalAddress: inject('temporalAddress'), databaseUrl: inject('databaseUrl'), templateDatabase: inject('templateDatabase') };

/** Address of the real Temporal server that serves this test run (namespace `default`; use a random task queue per test). */
export const temporalAddress = (): string => servers().temporalAddress;

/** A fresh, fully migrated database of the real PostgreSQL: a copy of a template, in some tens of milliseconds.
 * @param options.empty  without any migration, for tests of the migrations themselves */
export async function createTestDatabase(options: { empty?: boolean } = {}): Promise<TestDatabase> {
  const { databaseUrl: adminUrl, templateDatabase } = servers();
  const name = `test_${randomBytes(8).toString('hex')}`;
  const template = options.empty === true ? 'template0' : templateDatabase;
  await withAdmin(adminUrl, (client) => client.query(`create database ${name} template ${template}`));
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    drop: async () => {
      await withAdmin(adminUrl, (client) => client.query(`drop database if exists ${name} with (force)`));
    },
  };
}

/** What the owner of the database may do and the product may not: changing tables, other sessions, the audit log. */
export async function asOwner<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Two copies of one template at the same moment wait for each other: PostgreSQL refuses while somebody is connected to it,
 * which nobody is, but copies themselves are serialised by this advisory lock so that none fails. */
async function withAdmin(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock(420018)');
    await work(client);
  } finally {
    await client.end();
  }
}

import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadConfig } from '#platform/config';
import { openDatabase } from '#platform/db';
import { giveRoleRights } from '#scripts/deploy/role-rights';
import { anyFreePort } from '#scripts/launch/ports';
import { canQuery, databaseUrl, postgresService } from '#scripts/launch/postgres';
import { applyMigrations } from '#scripts/launch/prisma';
import { Service } from '#scripts/launch/service';

/** A server of somebody else, as docs/deploy/kubernetes.md describes it: TLS by an authority of its own, a role that owns its database and
 * nothing else, and a second one that api and worker work as. */
const home = mkdtempSync(join(tmpdir(), 'awp-tls-'));
let server: Service;
let admin: pg.Client;
let url: string;

function certificates(): void {
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: home, stdio: 'ignore' });
  openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'ca.key', '-out', 'ca.crt', '-days', '2', '-subj', '/CN=authority');
  openssl('req', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=localhost');
  writeFileSync(join(home, 'names'), 'subjectAltName=DNS:localhost');
  openssl('x509', '-req', '-in', 'server.csr', '-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-out', 'server.crt', '-days', '2', '-extfile', 'names');
}

beforeAll(async () => {
  certificates();
  const options = { dataFolder: join(home, 'data'), port: await anyFreePort(), password: 'test', env: process.env, volatile: true };
  const spec = await postgresService(options);
  for (const file of ['server.crt', 'server.key']) copyFileSync(join(home, file), join(home, 'data', file));
  chmodSync(join(home, 'data/server.key'), 0o600);
  server = new Service({ ...spec, args: [...spec.args, '-c', 'ssl=on'] }, home, { say: () => undefined, gaveUp: (name, reason) => console.error(name, reason) });
  await server.start();
  admin = new pg.Client({ connectionString: databaseUrl(options, 'postgres') });
  admin.on('error', () => undefined);
  await admin.connect();
  await admin.query("create role app login password 'of-the-test'");
  await admin.query('create database app owner app');
  url = `postgresql://app:of-the-test@localhost:${options.port}/app?sslmode=verify-full`;
});
afterAll(async () => {
  await admin.end();
  await server.stop();
  rmSync(home, { recursive: true, force: true });
});

it('a certificate of an unknown authority is said at once; with the authority migrations and pool go over TLS', async () => {
  await expect(canQuery(url)).rejects.toThrow(/is not trusted here \(UNABLE_TO_VERIFY_LEAF_SIGNATURE\).*sslrootcert/);
  url += `&sslrootcert=${join(home, 'ca.crt')}`;
  expect(await canQuery(url)).toBe(true);
  expect(await applyMigrations(process.env, url)).toMatch(/^\d+ applied$/);
  expect(await workingAs()).toEqual({ role: 'app', ssl: true, may_edit_audit: true });
});

it('the second role may come after the tables: the migrate job gives it its rights, and api and worker work as it', async () => {
  await admin.query('create role awp_app nologin');
  await admin.query('grant awp_app to app');
  await Promise.all([giveRoleRights(url), giveRoleRights(url)]);
  expect(await workingAs()).toEqual({ role: 'awp_app', ssl: true, may_edit_audit: false });
});

async function workingAs(): Promise<unknown> {
  const { pool, close } = openDatabase(loadConfig({ DATABASE_URL: url }));
  try {
    const client = await pool.connect();
    const { rows: [rights] } = await client.query<object>("select current_user as role, has_table_privilege(current_user, 'audit_events', 'update, delete, truncate') as may_edit_audit");
    await client.query('reset role'); // who signed in is told about TLS, nobody else
    const { rows: [connection] } = await client.query<object>('select ssl from pg_stat_ssl where pid = pg_backend_pid()');
    client.release(true);
    return { ...rights, ...connection };
  } finally {
    await close();
  }
}

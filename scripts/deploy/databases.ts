// `node scripts/deploy/databases.ts`: makes the roles and three databases on a PostgreSQL server that has only its administrator.
// Each role owns its own databases and is no superuser; the application's cannot see Temporal's. Safe to repeat: passwords follow the files.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import pg from 'pg';

const secrets = process.env['DATABASE_SECRETS'] || '/secrets/database';
const host = new URL(`postgresql://${process.env['DATABASE_HOST'] || 'postgres:5432'}`);
const administrator = process.env['DATABASE_ADMIN'] || 'postgres';
const secret = (name: string) => readFileSync(join(secrets, name), 'utf8').trim();
const OWNERS = [
  { role: 'awp', passwordFile: 'app_password', databases: ['awp'] },
  { role: 'temporal', passwordFile: 'temporal_password', databases: ['temporal', 'temporal_visibility'] },
] as const;
const WAIT_MS = 60_000;

async function connect(): Promise<pg.Client> {
  const deadline = Date.now() + WAIT_MS;
  for (;;) {
    const client = new pg.Client({ host: host.hostname, port: Number(host.port || 5432), user: administrator, password: secret('admin_password'), database: 'postgres', connectionTimeoutMillis: 5_000 });
    try {
      await client.connect();
      return client;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(500);
    }
  }
}

const client = await connect();
// What api and worker work as (platform/db.ts): it owns nothing, and may not change the audit log. Its rights come with the migrations.
if ((await client.query("select 1 from pg_roles where rolname = 'awp_app'")).rowCount === 0) await client.query('create role awp_app nologin');
for (const { role, passwordFile, databases } of OWNERS) {
  const name = client.escapeIdentifier(role);
  const known = await client.query('select 1 from pg_roles where rolname = $1', [role]);
  // A utility statement takes no parameters: the password is quoted by the driver.
  await client.query(`${known.rowCount ? 'alter' : 'create'} role ${name} with login nosuperuser nocreatedb nocreaterole password ${client.escapeLiteral(secret(passwordFile))}`);
  for (const database of databases) {
    const found = await client.query('select 1 from pg_database where datname = $1', [database]);
    if (found.rowCount === 0) await client.query(`create database ${client.escapeIdentifier(database)} owner ${name}`);
    await client.query(`revoke connect on database ${client.escapeIdentifier(database)} from public`);
    await client.query(`grant connect on database ${client.escapeIdentifier(database)} to ${name}`);
  }
  console.log(`role ${role}: ${databases.join(', ')}`);
}
await client.query('grant awp_app to awp');
await client.end();

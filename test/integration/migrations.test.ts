import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { projectRoot } from '#scripts/launch/paths';
import { applyMigrations, prisma, prismaEnvironment } from '#scripts/launch/prisma';
import { uuidv7 } from '#platform/ids';
import { createTestDatabase, type TestDatabase } from '#test/support/servers';

let databases: TestDatabase[];
let folder: string;
beforeEach(() => { databases = []; folder = mkdtempSync(join(tmpdir(), 'awp-migrations-')); });
afterEach(async () => { await Promise.all(databases.map((database) => database.drop())); rmSync(folder, { recursive: true }); });

async function emptyDatabase(): Promise<string> {
  const database = await createTestDatabase({ empty: true });
  databases.push(database);
  return database.url;
}

async function query<T extends pg.QueryResultRow>(url: string, sql: string, values: unknown[] = []): Promise<T[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<T>(sql, values)).rows;
  } finally {
    await client.end();
  }
}

/** Applies only the first `count` migrations, as an installation of that time has them. */
async function applyFirst(count: number, url: string): Promise<void> {
  const source = join(projectRoot, 'prisma/migrations');
  const names = readdirSync(source).filter((name) => /^\d{4}_/.test(name)).sort().slice(0, count);
  const migrations = join(folder, 'migrations');
  mkdirSync(migrations, { recursive: true });
  for (const name of [...names, 'migration_lock.toml']) cpSync(join(source, name), join(migrations, name), { recursive: true });
  const config = join(folder, 'prisma.config.mjs');
  writeFileSync(config, `export default { schema: ${JSON.stringify(join(projectRoot, 'prisma/schema.prisma'))}, migrations: { path: ${JSON.stringify(migrations)} }, datasource: { url: process.env.DATABASE_URL } };\n`);
  await prisma(['migrate', 'deploy', '--config', config], prismaEnvironment(process.env, url));
}

const shape = (url: string) => query(url, `
  SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> '_prisma_migrations' ORDER BY table_name, column_name`);
interface IndexRow { tablename: string; indexdef: string }
const nameOf = ({ indexdef }: IndexRow): string => /INDEX (\S+) ON/.exec(indexdef)?.[1] ?? '';
/** Indexes that only a migration can make: the schema has no word for a condition or a setting. */
const NOT_IN_PRISMA: readonly IndexRow[] = [
  { tablename: 'skill_sections', indexdef: 'CREATE INDEX skill_sections_search_idx ON public.skill_sections USING gin (search) WITH (fastupdate=off)' },
  { tablename: 'run_decisions', indexdef: "CREATE UNIQUE INDEX run_decisions_once ON public.run_decisions USING btree (run_id, wait_id, decided_by) WHERE (state <> 'refused'::text)" },
  { tablename: 'run_events', indexdef: "CREATE INDEX run_events_stage_times_idx ON public.run_events USING btree (run_id, sequence) WHERE (type = ANY (ARRAY['stage-start'::text, 'stage-end'::text, 'wait-start'::text, 'wait-end'::text]))" },
  { tablename: 'audit_events', indexdef: 'CREATE INDEX audit_events_resource_idx ON public.audit_events USING btree (resource text_pattern_ops, sequence)' },
  { tablename: 'audit_events', indexdef: 'CREATE INDEX audit_events_type_idx ON public.audit_events USING btree (type text_pattern_ops, sequence)' },
  { tablename: 'audit_events', indexdef: "CREATE INDEX audit_events_not_success_idx ON public.audit_events USING btree (outcome, sequence) WHERE (outcome <> 'success'::text)" },
];
const indexes = (url: string) => query<IndexRow & pg.QueryResultRow>(url, `SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> '_prisma_migrations' ORDER BY indexname COLLATE "C"`);

it('the migrations make what schema.prisma says, column by column and index by index', async () => {
  const [migrated, drawn] = [await emptyDatabase(), await emptyDatabase()];
  await applyMigrations(process.env, migrated);
  const script = await prisma(['migrate', 'diff', '--from-empty', '--to-schema', 'prisma/schema.prisma', '--script'], prismaEnvironment(process.env, drawn));
  await query(drawn, script);
  expect(await shape(migrated)).toEqual(await shape(drawn));
  expect(await indexes(migrated)).toEqual([...(await indexes(drawn)), ...NOT_IN_PRISMA].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)));
});

it('an installation of the first version is upgraded with its data', async () => {
  const url = await emptyDatabase();
  await applyFirst(1, url);
  const id = uuidv7();
  await query(url, `INSERT INTO users (id, name, email) VALUES ($1, 'Ada', 'ada@example.test')`, [id]);
  await applyMigrations(process.env, url);
  expect(await query(url, 'SELECT name, role FROM users WHERE id = $1', [id])).toEqual([{ name: 'Ada', role: 'student' }]);
  expect(await applyMigrations(process.env, url)).toBe('up to date');
});

it('a workflow version cannot be changed, an audit event neither changed nor removed', async () => {
  const { url } = databases[databases.push(await createTestDatabase()) - 1] as TestDatabase;
  const [workflow, version] = [uuidv7(), uuidv7()];
  await query(url, `INSERT INTO workflows (id, slug, name, description, difficulty, estimated_seconds, current_version) VALUES ($1, 's', 'n', 'd', 'beginner', 1, 1)`, [workflow]);
  await query(url, `INSERT INTO workflow_versions (id, workflow_id, version, content_hash, definition) VALUES ($1, $2, 1, 'h', '{}')`, [version, workflow]);
  await expect(query(url, `UPDATE workflow_versions SET content_hash = 'x' WHERE id = $1`, [version])).rejects.toThrow('immutable');
  await query(url, `INSERT INTO audit_events (id, type, actor_kind, outcome, data, previous_hash, hash) VALUES ($1, 't', 'system', 'success', '{}', '', 'h')`, [uuidv7()]);
  await expect(query(url, `UPDATE audit_events SET outcome = 'x'`)).rejects.toThrow('immutable');
  await expect(query(url, 'DELETE FROM audit_events')).rejects.toThrow('immutable');
});

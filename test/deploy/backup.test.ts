import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { loadConfig } from '#platform/config';
import { openDatabase } from '#platform/db';
import { verifyAuditChain } from '#platform/repositories/audit';
import { runningStack } from '#scripts/launch/lock';
import { localKeys } from '#scripts/launch/keys';
import { projectRoot } from '#scripts/launch/paths';
import { anyFreePort } from '#scripts/launch/ports';

/** The drill of C39 in small: a real installation with runs and a saved key, saved while it runs, destroyed, restored into an empty
 * place, started again. Prints how long a restore takes (RTO) and how old the last thing saved is (RPO). */
const run = promisify(execFile);
const home = mkdtempSync(join(tmpdir(), 'awp-drill-'));
const backups = mkdtempSync(join(tmpdir(), 'awp-backups-'));
const apiKey = randomBytes(32).toString('base64url');
const SECRET = 'sk-test-0123456789abcdefghijklmnop';
const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], AWP_HOME: home, AWP_BOOTSTRAP_API_KEY: apiKey, AWP_RUN_STARTS_PER_MINUTE: '0', OPENAI_BASE_URL: 'http://127.0.0.1:9/v1', AWP_KEY_TEST_TIMEOUT_MS: '500', API_PORT: '0', DEMO_PORT: '0', POSTGRES_PORT: '0', TEMPORAL_UI_PORT: '0', WEB_PORT: '0' };
const ports = { TEMPORAL_PORT: '' };
let launcher: ChildProcess | null = null;
let said = '';

beforeAll(async () => {
  ports.TEMPORAL_PORT = String(await anyFreePort());
  await start();
});
afterAll(async () => {
  await stop();
  for (const folder of [home, backups]) rmSync(folder, { recursive: true, force: true });
});

async function start(): Promise<void> {
  launcher = spawn(process.execPath, [join(projectRoot, 'scripts/launch/main.ts'), '--no-open', '--no-web'], { env: { ...env, ...ports }, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [launcher.stdout, launcher.stderr]) stream?.setEncoding('utf8').on('data', (chunk: string) => (said += chunk));
  await vi.waitFor(() => expect(runningStack(home)?.urls?.api, said).toBeTruthy(), { timeout: 170_000, interval: 200 });
}

async function stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (launcher === null || launcher.exitCode !== null) return;
  const gone = once(launcher, 'exit');
  launcher.kill(signal);
  await gone;
}

async function api<Body>(path: string, json?: unknown): Promise<Body> {
  const response = await fetch(`${runningStack(home)?.urls?.api}/api/v1${path}`, { method: json === undefined ? 'GET' : 'POST', headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' }, body: json === undefined ? undefined : JSON.stringify(json) });
  expect(response.ok, `${path}: ${await response.clone().text()}`).toBe(true);
  return (await response.json()) as Body;
}

async function completedRun(): Promise<string> {
  const { id } = await api<{ id: string }>('/runs', { workflow_id: 'learn_agentic_ai', run_mode: 'test_run', provider: 'demo', inputs: { learning_goal: 'Build a small agent that calls tools' } });
  await vi.waitFor(async () => expect((await api<{ status: string }>(`/runs/${id}`)).status).toBe('completed'), { timeout: 90_000, interval: 200 });
  return id;
}

interface State { counts: Record<string, number>; artifacts: string[]; events: string; audit: { checked: number; brokenAt: bigint | null } }

/** What the installation holds, straight from the database and the disk. */
async function state(): Promise<State> {
  const port = readFileSync(join(home, 'postgres/postmaster.pid'), 'utf8').split('\n')[3];
  const { db, pool, close } = openDatabase(loadConfig({ DATABASE_URL: `postgresql://awp:${encodeURIComponent(localKeys(home).postgresPassword)}@127.0.0.1:${port}/awp` }));
  try {
    const counts: Record<string, number> = {};
    for (const table of ['runs', 'run_events', 'completions', 'artifacts', 'evidence', 'provider_settings', 'workflow_versions']) counts[table] = (await pool.query<{ n: number }>(`select count(*)::int as n from ${table}`)).rows[0]?.n as number;
    const rows = (await pool.query<{ key: string; sha256: string }>('select storage_key as key, sha256 from artifacts order by id')).rows;
    for (const { key, sha256 } of rows) expect(createHash('sha256').update(readFileSync(join(home, 'artifacts', key))).digest('hex'), key).toBe(sha256);
    const events = createHash('sha256').update(JSON.stringify((await pool.query('select run_id, sequence, type, data from run_events order by position')).rows)).digest('hex');
    return { counts, artifacts: rows.map(({ sha256 }) => sha256), events, audit: await verifyAuditChain(db) };
  } finally {
    await close();
  }
}

const command = async (file: string, args: string[], more: Record<string, string> = {}) => JSON.parse((await run(process.execPath, [join(projectRoot, 'scripts/backup', file), ...args], { env: { ...env, ...more }, maxBuffer: 64e6 })).stdout.trim().split('\n').at(-1) ?? '') as Record<string, never>;

it('a running installation is saved, destroyed, and comes back whole', async () => {
  await completedRun();
  await completedRun();
  await api('/settings/secrets', { provider: 'openai', api_key: SECRET });
  const saved = await state();
  expect(saved.counts).toMatchObject({ runs: 2, provider_settings: 1 });
  expect(saved.audit.brokenAt).toBeNull();

  const backup = await command('backup.ts', ['--to', backups, '--keep-days', '30']);
  expect(backup).toMatchObject({ keys: true, removed: 0 });
  expect((await run('tar', ['-tf', backup['archive'] as unknown as string])).stdout).toMatch(/temporal\/temporal\.db[^]*database\/runs\.ndjson\.gz[^]*artifacts\/[^]*keys\.json\nmanifest\.json/);
  // Whose key comes from elsewhere has another one in keys.json: an archive with that one would promise what it cannot keep.
  expect(await command('backup.ts', ['--to', join(home, 'elsewhere'), '--without-artifacts'], { AWP_MASTER_KEY: randomBytes(32).toString('base64') })).toMatchObject({ keys: false });
  const lost = await completedRun();

  await stop('SIGTERM');
  rmSync(home, { recursive: true, force: true });
  const destroyedAt = Date.now();
  const restored = await command('restore.ts', [backup['archive'] as unknown as string]);
  await start();
  const after = await state();
  expect(after.counts).toEqual(saved.counts);
  expect(after.artifacts).toEqual(saved.artifacts);
  expect(after.events).toBe(saved.events);
  expect(after.audit.brokenAt).toBeNull();
  expect(after.audit.checked).toBeGreaterThanOrEqual(saved.audit.checked);

  // The key is decrypted by the key test: its call fails at a closed port, not at the envelope.
  const [openai] = (await api<{ provider: string; test_status: string | null }[]>('/settings/secrets/status')).filter(({ provider }) => provider === 'openai');
  expect(openai).toMatchObject({ connected: true });
  expect(await readSecret()).toBe(SECRET);
  await completedRun();
  const rtoSeconds = (Date.now() - destroyedAt) / 1000;
  const rpoSeconds = (destroyedAt - Date.parse(restored['taken_at'] as unknown as string)) / 1000;
  console.info(`drill: RTO ${rtoSeconds.toFixed(0)} s (limit 4 h), RPO ${rpoSeconds.toFixed(0)} s (limit 24 h, as old as the last backup)`);
  expect(rtoSeconds).toBeLessThan(4 * 3600);
  const response = await fetch(`${runningStack(home)?.urls?.api}/api/v1/runs/${lost}`, { headers: { authorization: `Bearer ${apiKey}` } });
  expect(response.status).toBe(404);
}, 600_000);

async function readSecret(): Promise<string | undefined> {
  const { createKeyRing } = await import('#platform/secrets/key-ring');
  const { createSecretStore } = await import('#platform/secrets/secret-store');
  const port = readFileSync(join(home, 'postgres/postmaster.pid'), 'utf8').split('\n')[3];
  const config = loadConfig({ DATABASE_URL: `postgresql://awp:${encodeURIComponent(localKeys(home).postgresPassword)}@127.0.0.1:${port}/awp`, OPENAI_BASE_URL: env.OPENAI_BASE_URL });
  const { db, close } = openDatabase(config);
  try {
    const { userId } = await db.providerSetting.findFirstOrThrow({ where: { provider: 'openai' }, select: { userId: true } });
    return (await createSecretStore(db, createKeyRing([Buffer.from(localKeys(home).masterKey, 'base64')]), config).resolve(userId, 'openai'))?.apiKey;
  } finally {
    await close();
  }
}

it('executions that the restored database does not know are found and ended, live runs are left alone', async () => {
  const port = readFileSync(join(home, 'postgres/postmaster.pid'), 'utf8').split('\n')[3];
  const temporalAddress = `127.0.0.1:${ports.TEMPORAL_PORT}`;
  const connection = await Connection.connect({ address: temporalAddress });
  const client = new Client({ connection });
  const unknown = randomUUID();
  await client.workflow.start('learnAgenticAi', { workflowId: unknown, taskQueue: 'nobody', args: [] });
  const more = { DATABASE_URL: `postgresql://awp:${encodeURIComponent(localKeys(home).postgresPassword)}@127.0.0.1:${port}/awp`, TEMPORAL_ADDRESS: temporalAddress, WORKER_TASK_QUEUE: 'nobody' };
  await vi.waitFor(async () => expect(await command('orphans.ts', [], more)).toEqual({ orphans: [unknown], terminated: false }), { timeout: 30_000, interval: 500 });
  await command('orphans.ts', ['--terminate'], more);
  expect((await client.workflow.getHandle(unknown).describe()).status.name).toBe('TERMINATED');
  await connection.close();
}, 120_000);

it('a damaged archive, a place with data and another master key are refused before anything changes', async () => {
  await stop();
  const archive = (await run('ls', [backups])).stdout.trim();
  await expect(command('restore.ts', [join(backups, archive)])).rejects.toThrow(/holds an installation already/);
  const empty = mkdtempSync(join(tmpdir(), 'awp-empty-'));
  const damaged = join(backups, 'damaged.tar');
  const bytes = readFileSync(join(backups, archive));
  bytes[Math.floor(bytes.length / 3)]! ^= 0xff;
  writeFileSync(damaged, bytes);
  await expect(command('restore.ts', [damaged], { AWP_HOME: empty })).rejects.toThrow(/damaged|invalid|Invalid|checksum/);
  truncateSync(damaged, Math.floor(bytes.length / 2));
  await expect(command('restore.ts', [damaged], { AWP_HOME: empty })).rejects.toThrow(/complete|Unexpected end|damaged/);
  expect(existsSync(join(empty, 'postgres'))).toBe(false);
  await expect(command('restore.ts', [join(backups, archive)], { AWP_HOME: empty, AWP_MASTER_KEY: randomBytes(32).toString('base64') })).rejects.toThrow(/master key is not the one/);
  rmSync(empty, { recursive: true, force: true });
}, 180_000);

import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { verifyAuditChain } from '#platform/repositories/audit';
import { newInstallation, wholeArtifacts, type BackupReport, type Installation } from '../support/deploy/installation.ts';

/** Backup and restore of a real installation: what is saved is what comes back, row for row. Under load, with runs on their way and a
 * disaster in the middle of it, is restore-drill.test.ts; beside a Temporal of another moment restore-apart.test.ts. */
const run = promisify(execFile);
const backups = mkdtempSync(join(tmpdir(), 'awp-backups-'));
const SECRET = 'sk-test-0123456789abcdefghijklmnop';
let installation: Installation;

beforeAll(async () => {
  installation = await newInstallation();
  await installation.start();
});
afterAll(async () => {
  await installation.close();
  rmSync(backups, { recursive: true, force: true });
});

async function completedRun(): Promise<string> {
  const { id } = await installation.api<{ id: string }>('/runs', { workflow_id: 'learn_agentic_ai', run_mode: 'test_run', provider: 'demo', inputs: { learning_goal: 'Build a small agent that calls tools' } });
  await vi.waitFor(async () => expect((await installation.api<{ status: string }>(`/runs/${id}`)).status).toBe('completed'), { timeout: 90_000, interval: 200 });
  return id;
}

const TABLES = ['runs', 'run_events', 'completions', 'artifacts', 'evidence', 'provider_settings', 'workflow_versions'];

/** What the installation holds, straight from the database and the disk. */
async function state() {
  const artifacts = await wholeArtifacts(installation);
  return installation.database(async (db, pool) => {
    const counts: Record<string, number> = {};
    for (const table of TABLES) counts[table] = (await pool.query<{ n: number }>(`select count(*)::int as n from ${table}`)).rows[0]?.n as number;
    const events = createHash('sha256').update(JSON.stringify((await pool.query('select run_id, sequence, type, data from run_events order by position')).rows)).digest('hex');
    return { counts, artifacts, events, audit: await verifyAuditChain(db) };
  });
}

it('a running installation is saved, destroyed, and comes back whole', async () => {
  await completedRun();
  await completedRun();
  await installation.api('/settings/secrets', { provider: 'openai', api_key: SECRET });
  const saved = await state();
  expect(saved.counts).toMatchObject({ runs: 2, provider_settings: 1 });
  expect(saved.audit.brokenAt).toBeNull();

  const backup = await installation.command<BackupReport>('backup.ts', ['--to', backups, '--keep-days', '30']);
  expect(backup).toMatchObject({ keys: true, removed: 0 });
  expect((await run('tar', ['-tf', backup.archive])).stdout).toMatch(/temporal\/temporal\.db[^]*database\/runs\.ndjson\.gz[^]*artifacts\/[^]*keys\.json\nmanifest\.json/);
  // Whose key comes from elsewhere has another one in keys.json: an archive with that one would promise what it cannot keep.
  expect(await installation.command('backup.ts', ['--to', join(installation.home, 'elsewhere'), '--without-artifacts'], { AWP_MASTER_KEY: randomBytes(32).toString('base64') })).toMatchObject({ keys: false });
  const lost = await completedRun();

  await installation.stop();
  rmSync(installation.home, { recursive: true, force: true });
  await installation.command('restore.ts', [backup.archive]);
  await installation.start();
  const after = await state();
  expect(after.counts).toEqual(saved.counts);
  expect(after.artifacts).toEqual(saved.artifacts);
  expect(after.events).toBe(saved.events);
  expect(after.audit.brokenAt).toBeNull();
  expect(after.audit.checked).toBeGreaterThanOrEqual(saved.audit.checked);

  const [openai] = (await installation.api<{ provider: string; connected: boolean }[]>('/settings/secrets/status')).filter(({ provider }) => provider === 'openai');
  expect(openai).toMatchObject({ connected: true });
  expect(await installation.secret('openai')).toBe(SECRET);
  await completedRun();
  expect(await installation.status(`/runs/${lost}`)).toBe(404);
}, 600_000);

it('a damaged archive, a place with data and another master key are refused before anything changes', async () => {
  const { command } = installation;
  await installation.stop();
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

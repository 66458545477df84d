import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { MockActivityEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { reconcileRuns } from '#activities/reconcile-runs';
import { loadConfig, type Config } from '#platform/config';
import { openDatabase } from '#platform/db';
import { openArtifactStorage } from '#platform/storage/artifact-storage';
import { projectRoot } from '#scripts/launch/paths';
import { asOwner, createTestDatabase, type TestDatabase } from '../support/servers.ts';
import { startS3Server, type S3Server } from '../support/deploy/s3-server.ts';
import { startPlatform, type PlatformUnderTest } from '../support/platform.ts';

/** Backup and restore of an installation whose files are in a bucket, while a run is on its way; F28: Temporal knows more than what
 * was restored. */
const INPUTS = { workflow_id: 'learn_agentic_ai', provider: 'demo', run_mode: 'test_run', inputs: { learning_goal: 'Build a small agent that calls tools' } };
const backups = mkdtempSync(join(tmpdir(), 'awp-bucket-backups-'));
let s3: S3Server;
let platform: PlatformUnderTest;
let token: string;
const restored: TestDatabase[] = [];

beforeAll(async () => {
  s3 = await startS3Server();
  platform = await startPlatform({ ARTIFACTS_URL: `s3://${s3.bucket}/product`, ...s3.environment });
  ({ token } = await platform.api.person('researcher'));
});
afterAll(async () => {
  await platform.close();
  for (const database of restored) await database.drop();
  await s3.stop();
  rmSync(backups, { recursive: true, force: true });
});

/** One of the commands, on the installation under test unless told otherwise. @returns its last line */
async function command(file: string, args: string[], more: Record<string, string> = {}): Promise<{ report: Record<string, string>; words: string }> {
  const { DATABASE_URL, AWP_MASTER_KEY, ARTIFACTS_URL } = platform.api.deps.config as Config & { DATABASE_URL: string; AWP_MASTER_KEY: string; ARTIFACTS_URL: string };
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], AWP_HOME: join(backups, 'home'), DATABASE_URL, AWP_MASTER_KEY, ARTIFACTS_URL, ...s3.environment, ...more };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [join(projectRoot, 'scripts/backup', file), ...args], { env, maxBuffer: 64e6 });
  return { report: JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Record<string, string>, words: stderr };
}

async function restore(archive: string, artifactsUrl: string): Promise<{ url: string; words: string; config: Config }> {
  const database = await createTestDatabase({ empty: true });
  restored.push(database);
  const { words } = await command('restore.ts', [archive], { DATABASE_URL: database.url, ARTIFACTS_URL: artifactsUrl });
  return { url: database.url, words, config: { ...platform.api.deps.config, DATABASE_URL: database.url, ARTIFACTS_URL: artifactsUrl } };
}

/** @returns file names of a restored installation, each read from its bucket and found as its row says */
async function wholeFiles({ url, config }: { url: string; config: Config }): Promise<string[]> {
  const storage = openArtifactStorage(config);
  const { rows } = await asOwner(url, (client) => client.query<{ key: string; sha256: string; name: string }>('select storage_key as key, sha256, file_name as name from artifacts order by file_name'));
  for (const { key, sha256 } of rows) expect(createHash('sha256').update(await buffer((await storage.get(key)).stream)).digest('hex'), key).toBe(sha256);
  return rows.map(({ name }) => name);
}

it('the archive carries the objects of the bucket, into whatever bucket comes next; without them the rows find what the bucket kept', async () => {
  const done = await platform.run(token, INPUTS);
  expect(done.status).toBe('completed');
  const names = done.artifacts.map((file) => file.file_name).sort();
  platform.simulator.addFaults({ fault: { kind: 'latency', ms: 3_000 }, match: { requestId: '*' }, times: 0 });
  const live = (await platform.api.call('POST', '/api/v1/runs', { as: token, json: INPUTS })).body as { id: string };
  await vi.waitFor(async () => expect(((await platform.api.call('GET', `/api/v1/runs/${live.id}`, { as: token })).body as { status: string }).status).toBe('running'), { timeout: 20_000, interval: 50 });

  const whole = (await command('backup.ts', ['--to', backups])).report;
  const light = (await command('backup.ts', ['--to', join(backups, 'light'), '--without-artifacts'])).report;
  // After the backup life goes on: Temporal and the bucket come to know more than the archive.
  const end = await platform.ended(token, live.id);
  expect(end.status).toBe('completed');
  const newer = await platform.run(token, INPUTS);

  const elsewhere = await restore(whole['archive'] as string, `s3://${s3.bucket}/restored`);
  expect(await wholeFiles(elsewhere)).toEqual(names);
  const inPlace = await restore(light['archive'] as string, `s3://${s3.bucket}/product`);
  expect(inPlace.words).toContain('without artifacts');
  expect(await wholeFiles(inPlace)).toEqual(names);
  const known = await asOwner(inPlace.url, (client) => client.query<{ id: string; status: string }>('select id, status from runs order by id'));
  expect(known.rows).toEqual([{ id: done.id, status: 'completed' }, { id: live.id, status: 'running' }]);
  expect(known.rows.map(({ id }) => id)).not.toContain(newer.id);
});

it('F28 · the run that ended after the backup gets its end from Temporal, nothing is started or bought twice, and a second look changes nothing', async () => {
  const { url } = restored.at(-1) as TestDatabase;
  const config = loadConfig({ DATABASE_URL: url });
  // The reconciler leaves rows alone that are younger than ten seconds; in a restored database there is none so young.
  await asOwner(url, (client) => client.query("update runs set created_at = created_at - interval '1 minute'"));
  const { db, close } = openDatabase(config);
  try {
    const calls = platform.simulator.counters().total;
    const turn = (): Promise<{ started: number; ended: number }> => new MockActivityEnvironment().run(() => reconcileRuns({ ...platform.runner.deps, db }));
    expect(await turn()).toMatchObject({ started: 0, ended: 1 });
    expect(await turn()).toMatchObject({ started: 0, ended: 0 });
    expect(await db.run.count({ where: { status: { in: ['queued', 'running', 'waiting'] } } })).toBe(0);
    expect(platform.simulator.counters().total).toBe(calls);
  } finally {
    await close();
  }
});

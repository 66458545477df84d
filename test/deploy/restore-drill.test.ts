import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { verifyAuditChain } from '#platform/repositories/audit';
import { startSimulator, type Simulator } from '#simulator/server';
import { answer, startLoad, waitingRun, witness } from '../support/deploy/drill-load.ts';
import { newInstallation, wholeArtifacts, type BackupReport, type Installation, type RestoreReport } from '../support/deploy/installation.ts';
import { breaksIn, callsSince, contradictions, executions } from '../support/deploy/restored.ts';

/** The drill of C39. People start runs without a pause, some runs wait for an answer, and every minute somebody makes an API token: the
 * marker, whose row in the audit log tells its minute and which works only where that minute came back. Amid this a backup is made; the
 * load goes on for a while; then every process is killed and the folder is gone. What comes back from the archive is compared with what
 * the test itself saw, and has to go on.
 *
 * The provider is no part of the installation, so it outlives the disaster and knows each call that was ever made.
 * Short by default; FAULTS=full is a thousand runs. */
const FULL = process.env['FAULTS'] === 'full';
const RUNS = FULL ? 1_000 : 8;
const AT_ONCE = FULL ? 40 : 4;
const WAITING = FULL ? 20 : 2;
/** started after the backup, and lost with everything */
const LOST_RUNS = FULL ? 100 : 4;
const MARKER_MS = FULL ? 60_000 : 2_000;
/** of a model call: runs are under way whenever something happens */
const CALL_MS = FULL ? { ms: 50, to: 400 } : { ms: 200, to: 1_500 };
const HOURS = 3_600_000;
const SECRET = 'sk-test-0123456789abcdefghijklmnop';

const backups = mkdtempSync(join(tmpdir(), 'awp-drill-backups-'));
let provider: Simulator;
let installation: Installation;

beforeAll(async () => {
  provider = await startSimulator({ control: true, delayMsPerChunk: 0 });
  provider.addFaults({ fault: { kind: 'latency', ...CALL_MS }, match: { requestId: '*' }, times: 0 });
  installation = await newInstallation({ DEMO_BASE_URL: `${provider.url}/v1` });
  await installation.start();
});
afterAll(async () => {
  await installation.close();
  await provider.stop();
  rmSync(backups, { recursive: true, force: true });
});

interface Marker { token: string; savedAt: number }
/** @returns those that were saved, and how to end them */
function startMarkers(): { saved: Marker[]; stop(): Promise<void> } {
  const saved: Marker[] = [];
  const stopping = new AbortController();
  let problem: unknown = null;
  const marking = (async () => {
    while (!stopping.signal.aborted) {
      const { token } = await installation.api<{ token: string }>('/tokens', { name: `marker ${saved.length}`, expires_in_days: 1 });
      saved.push({ token, savedAt: Date.now() });
      await setTimeout(MARKER_MS, undefined, { signal: stopping.signal }).catch(() => undefined); // stopped: the loop ends
    }
  })().catch((error: unknown) => { problem = error; });
  return { saved, async stop() { stopping.abort(); await marking; if (problem !== null) throw problem as Error; } };
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(0)} s`;
const LIVE = 'SELECT id, status FROM runs WHERE completed_at IS NULL ORDER BY id';

it(`${RUNS} runs, a backup amid them, everything destroyed: all that was saved comes back and goes on, nothing is bought twice`, async () => {
  const waiting: string[] = [];
  for (let n = 0; n < WAITING; n += 1) waiting.push(await waitingRun(installation));
  await installation.api('/settings/secrets', { provider: 'openai', api_key: SECRET });
  const markers = startMarkers();
  const load = startLoad(installation, AT_ONCE);
  await load.until(RUNS);

  const askedAt = Date.now();
  const knownBefore = [...load.started];
  const backup = await installation.command<BackupReport>('backup.ts', ['--to', backups]);
  const knownAfter = new Set(load.started);
  await load.until(RUNS + LOST_RUNS);
  await markers.stop();
  const abandoned = load.abandon();
  const gone = await installation.destroy();
  await abandoned;
  const callsBefore = { ...provider.counters().byRequestId };

  const restored = await installation.command<RestoreReport>('restore.ts', [backup.archive]);
  await installation.start();
  const first = await installation.api<{ id: string }>('/runs', { workflow_id: 'learn_agentic_ai', run_mode: 'test_run', provider: 'demo', inputs: { learning_goal: 'Build a small agent that calls tools' } });
  await vi.waitFor(async () => expect(await witness(installation, first.id)).toMatchObject({ status: 'completed' }), { timeout: 300_000, interval: 200 });
  const rtoMs = Date.now() - gone;

  // Counts, hashes, chain and secret, against what was seen from outside.
  const takenAt = Date.parse(restored.taken_at);
  const ids = await installation.database(async (_db, pool) => (await pool.query<{ id: string }>('SELECT id FROM runs')).rows.map(({ id }) => id));
  expect([...knownBefore, ...waiting].filter((id) => !ids.includes(id))).toEqual([]);
  expect(ids.filter((id) => !knownAfter.has(id) && !waiting.includes(id))).toEqual([first.id]);
  const seen = [...load.ended].filter(([, { endedAt }]) => endedAt < askedAt);
  for (const [id, what] of seen) expect(await witness(installation, id), id).toEqual({ ...what, endedAt: expect.any(Number) as number });
  const files = await wholeArtifacts(installation);
  expect(await installation.secret('openai')).toBe(SECRET);
  const answers = await Promise.all(markers.saved.map(({ token }) => installation.status('/session', token)));
  const marker = markers.saved[answers.lastIndexOf(200)] as Marker;
  // The newest before the backup, or the one that was being made at that moment; those before it as well, none after it.
  const certain = markers.saved.filter(({ savedAt }) => savedAt <= takenAt).length;
  expect([certain, certain + 1].map((count) => markers.saved.map((_marker, n) => (n < count ? 200 : 401)))).toContainEqual(answers);
  const rpoMs = gone - marker.savedAt;

  // Whoever waited is answered, whoever was on the way arrives.
  for (const id of waiting) await answer(installation, id);
  await vi.waitFor(async () => expect(await installation.database(async (_db, pool) => (await pool.query(LIVE)).rows)).toEqual([]), { timeout: 600_000, interval: 1_000 });
  for (const id of waiting) expect(await witness(installation, id), id).toMatchObject({ status: 'completed' });
  const known = await executions(installation.temporalAddress);
  const report = await installation.database(async (db, pool) => {
    expect(await contradictions(pool)).toEqual([]);
    for (const id of waiting) expect(await breaksIn(db, id), id).toEqual([]);
    expect(await verifyAuditChain(db)).toMatchObject({ brokenAt: null });
    expect((await pool.query("SELECT count(*)::int AS n FROM audit_events WHERE type = 'token.created'")).rows).toEqual([{ n: markers.saved.indexOf(marker) + 1 }]);
    const { rows } = await pool.query<{ id: string; temporal_run_id: string | null; status: string; headline: string; late: boolean }>('SELECT id, temporal_run_id, status, headline, completed_at > $1 AS late FROM runs WHERE id <> $2', [new Date(gone), first.id]);
    for (const { id, temporal_run_id: execution } of rows) expect([[], [execution]], id).toContainEqual(known.get(id) ?? []);
    const resumed = rows.filter(({ late }) => late);
    return {
      runs: rows.length, live: resumed.length, completed: resumed.filter(({ status }) => status === 'completed').length, others: resumed.filter(({ status }) => status !== 'completed').map(({ id, status, headline }) => `${id} ${status}: ${headline}`),
      possiblyBilled: (await pool.query("SELECT 1 FROM completion_attempts WHERE state = 'possibly_billed'")).rowCount, calls: await callsSince(pool, callsBefore, provider.counters().byRequestId, gone),
    };
  });
  const lost = load.started.filter((id) => !ids.includes(id)).length;
  const unpacked = (await promisify(execFile)('tar', ['-tvf', backup.archive, 'temporal/temporal.db'])).stdout.match(/(\d+) \S+ \S+ temporal\/temporal\.db/)?.[1];
  console.info(`drill: RTO ${seconds(rtoMs)} (limit 4 h), RPO ${seconds(rpoMs)} (limit 24 h); ${report.runs} runs restored, ${seen.length} of them ended before and unchanged, ${report.live} live: ${report.completed} completed, ${report.others.length} closed with a reason, 0 lost; ${lost} runs newer than the backup gone; ${backup.rows} rows, ${files.length} files, ${(backup.bytes / 1e6).toFixed(1)} MB (Temporal ${(Number(unpacked) / 1e6).toFixed(1)}); backup ${backup.seconds.toFixed(1)} s under load, restore ${restored.seconds.toFixed(1)} s; ${report.calls.made} calls since, ${report.calls.again} of them made before as well and lost with their answers, ${report.possiblyBilled} possibly billed, ${report.calls.twice.length} bought twice`);
  expect(statSync(backup.archive).size).toBe(backup.bytes);
  expect(report.calls.twice).toEqual([]);
  // What ended otherwise was on its way to Temporal in the moment between the two copies.
  expect(report.others.filter((line) => !/failed: .*not known to Temporal any more/.test(line))).toEqual([]);
  expect(report.live).toBeGreaterThan(WAITING);
  expect([rtoMs < 4 * HOURS, rpoMs < 24 * HOURS]).toEqual([true, true]);
}, FULL ? 3_600_000 : 600_000);

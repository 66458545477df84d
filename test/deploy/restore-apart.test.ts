import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { pinFile } from '#scripts/backup/pinned-file';
import { startSimulator, type Simulator } from '#simulator/server';
import { answer, asked, askingRun, waitingRun, witness, type Witnessed } from '../support/deploy/drill-load.ts';
import { newInstallation, type BackupReport, type Installation } from '../support/deploy/installation.ts';
import { breaksIn, callsSince, contradictions, executions } from '../support/deploy/restored.ts';

/** F28: database and Temporal come back from different moments, as where each has backups of its own. A real installation, whose Temporal
 * is given another night's file. */
const folder = mkdtempSync(join(tmpdir(), 'awp-apart-'));
const CHOSEN = join(folder, 'temporal.db');
let provider: Simulator;
let installation: Installation;

beforeAll(async () => {
  provider = await startSimulator({ control: true, delayMsPerChunk: 0 });
  installation = await newInstallation({ DEMO_BASE_URL: `${provider.url}/v1` });
  await installation.start();
});
afterAll(async () => {
  await installation.close();
  await provider.stop();
  rmSync(folder, { recursive: true, force: true });
});

const backup = async (): Promise<string> => (await installation.command<BackupReport>('backup.ts', ['--to', mkdtempSync(join(folder, 'backup-'))])).archive;
const callsOf = (id: string): number => Object.keys(provider.counters().byRequestId).filter((call) => call.startsWith(id)).length;
const hold = (id: string, ms: number, times: number): void => provider.addFaults({ fault: { kind: 'latency', ms }, match: { requestId: `${id}*` }, times });
const ended = (id: string, status: string): Promise<Witnessed> => vi.waitFor(async () => {
  const seen = await witness(installation, id);
  expect(seen).toMatchObject({ status });
  return seen as Witnessed;
}, { timeout: 120_000, interval: 500 });

/** The database of the archive beside the file that was chosen. */
async function restoreBesideChosen(archive: string): Promise<void> {
  await installation.command('restore.ts', [archive]);
  cpSync(CHOSEN, join(installation.home, 'temporal/temporal.db'));
  await installation.start();
}

interface Orphans { unknown: string[]; ended: string[]; ahead: string[]; terminated: boolean }
/** Temporal's list comes a moment after what it lists, and a row counts as ended after a minute. */
const orphans = (wanted: Omit<Orphans, 'terminated'>): Promise<void> => vi.waitFor(async () => expect(await installation.command<Orphans>('orphans.ts', [], installation.servers())).toEqual({ ...wanted, terminated: false }), { timeout: 120_000, interval: 1_000 });
const endOrphans = () => installation.command<Orphans>('orphans.ts', ['--terminate'], installation.servers());

/** One execution a run, whole logs, no answer bought a second time. */
async function nothingTwice(before: Record<string, number>, since: number, logs: string[]): Promise<void> {
  for (const [id, runs] of await executions(installation.temporalAddress)) if (/^[0-9a-f-]{36}$/.test(id)) expect(runs, id).toHaveLength(1);
  await installation.database(async (db, pool) => {
    expect(await contradictions(pool)).toEqual([]);
    for (const id of logs) expect(await breaksIn(db, id), id).toEqual([]);
    expect((await callsSince(pool, before, provider.counters().byRequestId, since)).twice).toEqual([]);
  });
}

it('Temporal is older: an answer that was given meanwhile is handed on again, a run that ended meanwhile stays as it ended', async () => {
  const [done, underWay] = [await waitingRun(installation), await waitingRun(installation)];
  const older = await backup();
  await answer(installation, done);
  const seen = await ended(done, 'completed');
  const calls = callsOf(underWay);
  hold(underWay, 45_000, 2);
  await answer(installation, underWay);
  await provider.until(() => callsOf(underWay) > calls);
  const newer = await backup();
  await promisify(execFile)('tar', ['-xf', older, '-C', folder, '--strip-components=1', 'temporal/temporal.db']);
  const gone = await installation.destroy();
  const before = { ...provider.counters().byRequestId };

  await restoreBesideChosen(newer);
  await ended(underWay, 'completed');
  await orphans({ unknown: [], ended: [done], ahead: [] });
  expect(await endOrphans()).toMatchObject({ ended: [done], terminated: true });
  expect(await ended(done, 'completed')).toEqual({ ...seen, endedAt: expect.any(Number) as number });
  await nothingTwice(before, gone, [underWay, done]);
}, 600_000);

it('Temporal is newer: what the database does not know or what went on without it is ended, what still fits goes on, nothing is started or bought', async () => {
  const [waits, endsLater] = [await waitingRun(installation), await waitingRun(installation)];
  hold('', 15_000, 1);
  const goesOn = await askingRun(installation);
  await provider.until(() => callsOf(goesOn) > 0);
  const yesterday = await backup();
  await answer(installation, endsLater);
  await ended(endsLater, 'completed');
  await asked(installation, goesOn);
  const unknown = await waitingRun(installation);
  await installation.stop();
  const gone = Date.now();
  const pinned = pinFile(join(installation.home, 'temporal/temporal.db'));
  await pinned.copyTo(CHOSEN);
  pinned.close();
  rmSync(installation.home, { recursive: true, force: true });
  const before = { ...provider.counters().byRequestId };

  await restoreBesideChosen(yesterday);
  await ended(endsLater, 'failed');
  await orphans({ unknown: [unknown], ended: [], ahead: [goesOn] });
  expect(callsOf(unknown) + callsOf(goesOn) + callsOf(endsLater)).toBe(Object.keys(before).filter((call) => [unknown, goesOn, endsLater].some((id) => call.startsWith(id))).length);
  expect(await endOrphans()).toMatchObject({ unknown: [unknown], ahead: [goesOn] });
  await ended(goesOn, 'failed');
  await orphans({ unknown: [], ended: [], ahead: [] });
  expect(await installation.status(`/runs/${unknown}`)).toBe(404);
  await answer(installation, waits);
  await ended(waits, 'completed');
  await nothingTwice(before, gone, [waits]);
}, 600_000);

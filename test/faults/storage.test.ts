import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { startEngine, type Engine } from '../support/engine.ts';
import { activitiesIn } from '../support/history.ts';
import { assertInvariants } from '../support/invariants.ts';

/** F23 · the artifact folder cannot be written: real errors of the file system. A file lies where the folder should be (everywhere);
 * a disk is full (a small tmpfs, where this process may mount one; elsewhere shown as skipped). Large
 * texts that cannot be stored (F20) are in test/integration/big-payloads.test.ts. */
let engine: Engine;
beforeAll(async () => { engine = await startEngine(); });
afterEach(async () => { engine.simulator.reset(); await assertInvariants(engine); });
afterAll(async () => { unmount(); await engine.close(); });

const folder = () => path.join(engine.config.home, 'artifacts');
async function breakStore(): Promise<() => Promise<void>> {
  await engine.finished((await engine.start({ mode: 'validate_only' })).runId); // so that the folder is there
  await rename(folder(), `${folder()}-away`);
  await writeFile(folder(), 'not a folder');
  return async () => { await rm(folder()); await rename(`${folder()}-away`, folder()); };
}

it('a store that stays away: the run fails in words, its row closes, the trace is whole in the log, no half file is listed', async () => {
  const mend = await breakStore();
  const { runId } = await engine.start();
  const view = await engine.finished(runId);
  await mend();
  expect(view).toMatchObject({ status: 'failed', error: { code: 'StorageUnavailable' }, artifacts: [] });
  expect(view.logs.at(-1)).toMatchObject({ level: 'error' });
  expect(view.stages.at(-1)?.steps.every((step) => step.status === 'done')).toBe(true);
  expect(await engine.db.completion.count({ where: { runId, state: 'done' } })).toBeGreaterThan(0);
});

it('a store that comes back while the run closes: the files are written, nothing is bought again', async () => {
  const mend = await breakStore();
  const { runId, handle } = await engine.start({ mode: 'validate_only' });
  await engine.simulator.until((counters) => counters.total >= 0);
  const ended = engine.finished(runId);
  // Not before the try within the workflow task has failed: Temporal knows the activity that takes over, and tries it every two seconds.
  await expect.poll(async () => (await handle.describe()).raw.pendingActivities?.map(({ activityType }) => activityType?.name), { timeout: 60_000 }).toEqual(['finishRun']);
  await engine.until(runId, (view) => view.stages[0]?.status === 'passed');
  await mend();
  const view = await ended;
  expect(view.status).toBe('completed');
  expect(view.artifacts.map((artifact) => artifact.fileName).sort()).toEqual(['logs.txt', 'metadata.json', 'trace.json']);
  // What could not be written within the workflow task became an activity with tries of its own.
  expect(await activitiesIn(handle)).toEqual(['finishRun', 'runCheck']);
});

const DISK_BYTES = 64 * 1024;
let mounted = false;
/** Puts a disk of DISK_BYTES where the artifacts are. @returns false where this process may not mount anything */
function mountSmallDisk(): boolean {
  try {
    mkdirSync(folder(), { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'tmpfs', folder()], { stdio: 'pipe' });
    mounted = true;
  } catch { /* the test says so by being skipped */ }
  return mounted;
}
function unmount(): void {
  if (mounted) execFileSync('umount', [folder()], { stdio: 'pipe' });
  mounted = false;
}

it('a disk that is full (ENOSPC): the run says so, no half file is listed or left, and with space again the next run completes', async (context) => {
  context.skip(!mountSmallDisk(), 'mounting a tmpfs is not allowed here');
  try {
    const filler = path.join(folder(), 'filler');
    await mkdir(filler);
    expect(await writeFile(path.join(filler, 'rest'), Buffer.alloc(2 * DISK_BYTES)).catch((error: NodeJS.ErrnoException) => error.code)).toBe('ENOSPC');
    const { runId } = await engine.start();
    const view = await engine.finished(runId);
    expect(view).toMatchObject({ status: 'failed', error: { code: 'StorageUnavailable', detail: expect.stringContaining('ENOSPC') as string }, artifacts: [] });
    expect(view.stages.at(-1)?.steps.every((step) => step.status === 'done')).toBe(true);
    const left = (await readdir(folder(), { recursive: true })).filter((name) => name.startsWith(runId) && name.includes('.tmp-'));
    expect(left).toEqual([]);
    await rm(filler, { recursive: true });
    const { runId: next } = await engine.start({ mode: 'validate_only' });
    expect(await engine.finished(next)).toMatchObject({ status: 'completed' });
    await engine.db.run.delete({ where: { id: next } }); // its files go with the disk
  } finally {
    unmount();
  }
});

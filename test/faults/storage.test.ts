import { rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { startEngine, type Engine } from '../support/engine.ts';
import { assertInvariants } from '../support/invariants.ts';

/** F23 · the artifact folder cannot be written: a real error of the file system (a file lies where the folder should be). Large
 * texts that cannot be stored (F20) are in test/integration/big-payloads.test.ts. */
let engine: Engine;
beforeAll(async () => { engine = await startEngine(); });
afterEach(async () => { engine.simulator.reset(); await assertInvariants(engine); });
afterAll(() => engine.close());

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
  const { runId } = await engine.start({ mode: 'validate_only' });
  await engine.simulator.until((counters) => counters.total >= 0);
  const ended = engine.finished(runId);
  await expect.poll(async () => (await engine.view(runId)).stages[0]?.status, { timeout: 60_000 }).toBe('passed');
  await mend();
  const view = await ended;
  expect(view.status).toBe('completed');
  expect(view.artifacts.map((artifact) => artifact.fileName).sort()).toEqual(['logs.txt', 'metadata.json', 'trace.json']);
});

import { afterAll, beforeAll, expect, it } from 'vitest';
import { findCatalogEntry } from '#activities/index';
import type { RunDetailWire } from '#contracts/api/runs.schema';
import { createLogger } from '#platform/logger';
import { startSimulator, type Simulator } from '#simulator/server';
import { createWorker, type RunningWorker } from '#worker/create-worker';
import { startApi, type ApiUnderTest } from '../support/api.ts';
import { simulatorEnvironment } from '../support/engine.ts';
import { EVERYTHING, SUB } from '../support/own-definitions.ts';
import { startProcess, type ProcessUnderTest } from '../support/worker-process.ts';
import { WORKFLOW_BUNDLES } from '../support/folders.ts';

/** Issue 9, done when: a workflow with all step types is checked, run in Test and in Full on the demo provider and on a vendor's
 * protocol, killed in the middle and finished, forked, edited to a second version, diffed, exported, imported into a second
 * installation (its own database, keys, queue and worker), and gives the same result there. All over HTTP. */
interface Installation { api: ApiUnderTest; author: string; admin: string }
const DEFINITION = { ...EVERYTHING, description: 'One of every type' };
const INPUTS = { topic: 'agents that call tools' };
let simulator: Simulator;
let here: Installation;
let there: Installation;
let worker: ProcessUnderTest;
let thereWorker: RunningWorker;
let working: Promise<void>;

const environment = (): Record<string, string> => ({ ...simulatorEnvironment(simulator.url), AWP_RETRY_BASE_MS: '20' });
async function install(): Promise<Installation> {
  const api = await startApi(environment());
  const [author, admin] = await Promise.all([api.person('researcher'), api.person('admin')]);
  return { api, author: author.token, admin: admin.token };
}
const startWorker = (): Promise<ProcessUnderTest> => {
  const { config } = here.api.deps;
  return startProcess('worker/main.ts', { AWP_HOME: config.home, DATABASE_URL: config.DATABASE_URL ?? '', TEMPORAL_ADDRESS: config.TEMPORAL_ADDRESS, AWP_MASTER_KEY: config.AWP_MASTER_KEY ?? '', LOG_LEVEL: 'warn', WORKER_TASK_QUEUE: config.WORKER_TASK_QUEUE, ...environment() });
};
beforeAll(async () => {
  simulator = await startSimulator({ control: true, delayMsPerChunk: 0 });
  [here, there] = await Promise.all([install(), install()]);
  worker = await startWorker();
  thereWorker = await createWorker(there.api.deps.config, createLogger(there.api.deps.config, 'test-worker'), findCatalogEntry, WORKFLOW_BUNDLES);
  working = thereWorker.worker.run();
}, 180_000);
afterAll(async () => {
  await worker.kill();
  thereWorker.worker.shutdown();
  await working;
  await thereWorker.close();
  await Promise.all([here.api.close(), there.api.close()]);
  await simulator.stop();
});

async function send<T>(where: Installation, method: string, address: string, json?: unknown, headers: Record<string, string> = {}, as = where.author): Promise<T> {
  const reply = await where.api.call(method, `/api/v1${address}`, { as, headers, ...(json === undefined ? {} : { json }) });
  if (reply.status >= 400) throw new Error(`${method} ${address}: ${reply.status} ${reply.text.slice(0, 600)}`);
  return reply.body;
}
const read = (where: Installation, id: string): Promise<RunDetailWire> => send(where, 'GET', `/runs/${id}`);
async function until(where: Installation, id: string, holds: (run: RunDetailWire) => boolean): Promise<RunDetailWire> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const run = await read(where, id);
    if (holds(run)) return run;
    if (Date.now() > deadline || ['failed', 'cancelled', 'timed_out'].includes(run.status)) throw new Error(`${run.status}: ${JSON.stringify(run.error)} ${JSON.stringify(run.waits)}`);
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
}
/** Answers the question and gives the approval that the definition asks for. */
async function toTheEnd(where: Installation, id: string): Promise<RunDetailWire> {
  const gate = async (key: string, as: string, json: object): Promise<void> => {
    const run = await until(where, id, ({ waits }) => waits.some(({ wait_id: wait }) => wait === `full.${key}`));
    await send(where, 'POST', `/runs/${id}/gates/full.${key}/decision`, { ...json, shown_hash: run.gates.find((one) => one.gate_id === `full.${key}`)?.shown_hash }, {}, as);
  };
  await gate('style', where.author, { decision: 'answer', answer: { style: 'formal' } });
  await gate('go', where.admin, { decision: 'approve', reason: 'Fine.' });
  return until(where, id, ({ status }) => status === 'completed');
}
const start = async (where: Installation, json: object): Promise<string> => (await send<{ id: string }>(where, 'POST', '/runs', { workflow_id: 'everything', inputs: INPUTS, channel: 'draft', ...json })).id;
/** What a run made, without what differs by nature: ids and times. */
async function results(where: Installation, id: string): Promise<Record<string, string>> {
  const files = await send<{ id: string; file_name: string }[]>(where, 'GET', `/runs/${id}/artifacts`);
  const own = files.filter(({ file_name: name }) => ['result.md', 'points.csv'].includes(name));
  return Object.fromEntries(await Promise.all(own.map(async (file) => [file.file_name, (await send<{ content: string }>(where, 'GET', `/artifacts/${file.id}/content`)).content.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '<id>').replaceAll(/\d{4}-\d\d-\d\d[T ]?[\d:.]*Z?/g, '<time>')])));
}
const bought = (id: string, stage: string): string[] => Object.keys(simulator.counters().byRequestId).filter((call) => call.startsWith(`${id}/${stage}/`)).map((call) => call.slice(id.length + stage.length + 2));

it('the whole way of a written workflow with every step type', async () => {
  await send(here, 'POST', '/workflows', { definition: SUB });
  expect(await send(here, 'POST', '/workflows/validate', { definition: DEFINITION })).toMatchObject({ valid: true, errors: [] });
  expect(await send(here, 'POST', '/workflows', { definition: DEFINITION })).toMatchObject({ version: 1 });

  // Test on the demo provider.
  expect(await until(here, await start(here, { provider: 'demo', run_mode: 'test_run' }), ({ status }) => status === 'completed')).toMatchObject({ workflow_version: 1, simulated: true });

  // Full on a vendor's protocol; the worker dies by kill -9 while a call of Full is under way.
  const full = await start(here, { provider: 'openai', run_mode: 'full_run' });
  simulator.addFaults({ fault: { kind: 'hang', afterFrames: 2 }, match: { requestId: `${full}/full/left/1` }, nth: 1 });
  await simulator.until(({ byRequestId, inFlight }) => inFlight === 1 && Object.keys(byRequestId).some((call) => call.startsWith(`${full}/full/left/`)), 60_000);
  // Its neighbour's answer is recorded, so that this one call alone is under way.
  await expect.poll(() => here.api.deps.db.completion.count({ where: { runId: full, stage: 'full', step: 'right', state: 'done' } }), { timeout: 60_000 }).toBe(1);
  await worker.kill('SIGKILL');
  worker = await startWorker();
  expect(await toTheEnd(here, full)).toMatchObject({ status: 'completed', simulated: false, workflow_version: 1 });
  const counts = Object.entries(simulator.counters().byRequestId).filter(([call]) => call.startsWith(full));
  expect(counts.filter(([, count]) => count > 1).map(([call]) => call.slice(full.length + 1))).toEqual(['full/left/1']);

  // A fork from a step in the middle: what was before it is not bought again.
  const fork = (await send<{ id: string }>(here, 'POST', `/runs/${full}/rerun`, { kind: 'from_step', from: { stage: 'full', step: 'each' } })).id;
  expect(await toTheEnd(here, fork)).toMatchObject({ status: 'completed', forked_from: { run_id: full } });
  expect(bought(fork, 'full').filter((call) => /^(think|dig|left|right)\//.test(call))).toEqual([]);
  expect(bought(fork, 'full').some((call) => call.startsWith('about-'))).toBe(true);

  // Version 2, its difference, and its result on the demo provider.
  const steps = EVERYTHING.steps.map((step) => ((step as { key: string }).key === 'right' || step.type !== 'transform' || (step as { key: string }).key !== 'count' ? step : { ...step, expression: 'size(points.points) + 2' }));
  expect(await send(here, 'PUT', '/workflows/everything', { definition: { ...DEFINITION, steps }, note: 'One more' }, { 'If-Match': '"v1"' })).toMatchObject({ version: 2 });
  expect(await send(here, 'GET', '/workflows/everything/diff?from=1&to=2')).toMatchObject({ same: false, changes: [{ pointer: '#/steps/count/expression', kind: 'changed' }] });
  const second = await start(here, { provider: 'demo', run_mode: 'full_run' });
  expect(await toTheEnd(here, second)).toMatchObject({ workflow_version: 2 });

  // Into the second installation, by files alone.
  for (const slug of ['shorten', 'everything']) {
    const file = await send<object>(here, 'GET', `/workflows/${slug}/export`);
    expect(await send(there, 'POST', '/workflows/import', file)).toMatchObject({ signed_by: 'another_installation', version: 1 });
  }
  const copy = await start(there, { provider: 'demo', run_mode: 'full_run' });
  expect(await toTheEnd(there, copy)).toMatchObject({ status: 'completed', workflow_type: 'own.everything' });
  const [first, again] = await Promise.all([results(here, second), results(there, copy)]);
  expect(Object.keys(first).toSorted()).toEqual(['points.csv', 'result.md']);
  expect(again).toEqual(first);
  expect(first['result.md']).toContain('Style: formal');
}, 240_000);

import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { projectRoot } from '#scripts/launch/paths';
import { simulatorEnvironment, startEngine, type Engine } from '../support/engine.ts';
import { startProcess, type ProcessUnderTest } from '../support/worker-process.ts';

/** Whenever somebody asks a process to stop, it ends with 0: what Kubernetes and Compose call an error is then one. */
let engine: Engine;
const started: ProcessUnderTest[] = [];
beforeAll(async () => { engine = await startEngine(); });
afterEach(async () => { await Promise.all(started.splice(0).map((one) => one.kill())); engine.simulator.reset(); });
afterAll(() => engine.close());

const environment = (taskQueue: string, extra: Record<string, string> = {}): Record<string, string> => ({
  AWP_HOME: engine.config.home, DATABASE_URL: engine.config.DATABASE_URL ?? '', TEMPORAL_ADDRESS: engine.config.TEMPORAL_ADDRESS, AWP_MASTER_KEY: engine.config.AWP_MASTER_KEY ?? '', AWP_RETRY_BASE_MS: '20', LOG_LEVEL: 'warn',
  WORKER_TASK_QUEUE: taskQueue, WORKER_SHUTDOWN_GRACE_MS: '300', ...simulatorEnvironment(engine.simulator.url), ...extra,
});
async function startWorker(taskQueue: string): Promise<ProcessUnderTest> {
  const worker = await startProcess('worker/main.ts', environment(taskQueue));
  started.push(worker);
  return worker;
}

/** @returns how it ended, with its last words in case it was not with 0 */
async function ended({ child, output }: ProcessUnderTest, signals: number): Promise<[number | null, string]> {
  const gone = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  for (let sent = 0; sent < signals; sent += 1) child.kill('SIGTERM');
  const [code] = await gone;
  return [code, code === 0 ? '' : output()];
}

it.each(['worker/main.ts', 'api/main.ts'])('%s, while it waits for servers that do not answer', async (entry) => {
  const mute = createServer(() => undefined).listen(0, '127.0.0.1');
  const connected = once(mute, 'connection');
  await once(mute, 'listening');
  const address = `127.0.0.1:${(mute.address() as AddressInfo).port}`;
  const child = spawn(process.execPath, [entry], { cwd: projectRoot, env: { PATH: process.env['PATH'] ?? '', ...environment('nobody', { TEMPORAL_ADDRESS: address, API_PORT: '0', ...(entry.startsWith('api') ? { DATABASE_URL: `postgresql://a:b@${address}/c` } : {}) }) }, stdio: 'ignore' });
  const gone = once(child, 'exit');
  const [socket] = (await connected) as [{ destroy(): void }];
  child.kill('SIGTERM');
  expect(await gone).toEqual([0, null]);
  socket.destroy();
  mute.close();
});

it('a worker, as soon as it polls', async () => {
  expect(await ended(await startWorker(`stop-${randomUUID()}`), 1)).toEqual([0, '']);
});

it('a worker whose calls do not end, asked twice; another one ends the run', async () => {
  const taskQueue = `stop-${randomUUID()}`;
  engine.simulator.addFaults({ fault: { kind: 'hang', afterFrames: 2 }, match: { requestId: '*' }, nth: 1 });
  const worker = await startWorker(taskQueue);
  const { runId } = await engine.start({ provider: 'openai', taskQueue, timings: { heartbeatTimeoutMs: 3_000, callTimeoutMs: 60_000 } });
  await engine.simulator.until((counters) => counters.inFlight === 1);
  expect(await ended(worker, 2)).toEqual([0, '']);
  await startWorker(taskQueue);
  expect((await engine.finished(runId)).status).toBe('completed');
});

it.runIf(process.env['FAULTS'] === 'full')('a worker, at many moments of its work', async () => {
  const taskQueue = `stop-${randomUUID()}`;
  const runs = await Promise.all(Array.from({ length: 20 }, () => engine.start({ provider: 'openai', taskQueue })));
  const ends: unknown[] = [];
  for (let moment = 0; moment < 20; moment += 1) {
    const worker = await startWorker(taskQueue);
    await new Promise((resolve) => { setTimeout(resolve, moment * 75); });
    ends.push(await ended(worker, 1 + (moment % 2)));
    if (moment % 3 === 0) runs.push(...await Promise.all(Array.from({ length: 5 }, () => engine.start({ provider: 'openai', taskQueue }))));
  }
  expect(ends.filter((end) => (end as [number])[0] !== 0)).toEqual([]);
  await startWorker(taskQueue);
  expect(await notCompleted(runs.map(({ runId }) => runId))).toEqual([]);
}, 300_000);

it.runIf(process.env['FAULTS'] === 'full')('twenty workers in a row that are killed in the middle of their calls: no run is lost, and none fails', async () => {
  const taskQueue = `killed-${randomUUID()}`;
  engine.simulator.addFaults({ fault: { kind: 'latency', ms: 700 }, match: { requestId: '*' }, times: 0 });
  const ids: string[] = [];
  for (let stop = 0; stop < 20; stop += 1) {
    const { total } = engine.simulator.counters();
    for (let run = 0; run < 3; run += 1) ids.push((await engine.start({ provider: 'openai', taskQueue })).runId);
    const worker = await startWorker(taskQueue);
    await engine.simulator.until((counters) => counters.total > total && counters.inFlight > 0, 60_000);
    await worker.kill('SIGKILL');
  }
  engine.simulator.reset();
  await startWorker(taskQueue);
  expect(await notCompleted(ids)).toEqual([]);
}, 900_000);

async function notCompleted(ids: readonly string[]): Promise<unknown[]> {
  const ends = await Promise.all(ids.map(async (id) => ({ id, view: await engine.finished(id) })));
  return ends.filter(({ view }) => view.status !== 'completed').map(({ id, view: { status, error } }) => ({ id, status, error }));
}

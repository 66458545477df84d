import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { randomUUID } from 'node:crypto';
import { startEngine, type Engine, type StartOptions } from '../support/engine.ts';
import { assertInvariants } from '../support/invariants.ts';
import { startProcess } from '../support/worker-process.ts';

/** F25 · cancel in each state. Always: `cancelled` within five seconds, the provider sees the abort, nothing is called later,
 * trace and partial files are kept. Cancel over the API (twice, after the end) is in test/integration/api-runs.test.ts. */
let engine: Engine;
beforeAll(async () => { engine = await startEngine(); });
afterEach(async () => {
  engine.simulator.reset();
  await assertInvariants(engine);
});
afterAll(() => engine.close());

const LIMIT_MS = 5_000;
const PATIENCE = 60_000;
const start = (options: StartOptions = {}) => engine.start({ provider: 'openai', ...options, timings: { callTimeoutMs: 60_000, pingTimeoutMs: 60_000, heartbeatTimeoutMs: 10_000, ...options.timings } });

async function cancelled(runId: string, asked: number, limitMs = LIMIT_MS): Promise<void> {
  const view = await engine.finished(runId);
  const took = Date.now() - asked;
  expect(view).toMatchObject({ status: 'cancelled', error: null });
  expect(took).toBeLessThan(limitMs);
  expect(view.artifacts.map((artifact) => artifact.fileName)).toEqual(expect.arrayContaining(['trace.json', 'logs.txt', 'metadata.json']));
  expect((await engine.runner.deps.temporal.workflow.getHandle(runId).describe()).status.name).toBe('CANCELLED');
  await engine.simulator.until((counters) => counters.inFlight === 0, PATIENCE);
}

it('queued, before any worker has seen it: a worker that comes ends it and calls nobody', async () => {
  const taskQueue = `cancel-${randomUUID()}`;
  const other = await start({ taskQueue });
  await other.handle.cancel();
  const { config } = engine;
  const worker = await startProcess('worker/main.ts', { AWP_HOME: config.home, DATABASE_URL: config.DATABASE_URL ?? '', TEMPORAL_ADDRESS: config.TEMPORAL_ADDRESS, AWP_MASTER_KEY: config.AWP_MASTER_KEY ?? '', WORKER_TASK_QUEUE: taskQueue, LOG_LEVEL: 'warn', OPENAI_BASE_URL: `${engine.simulator.url}/v1`, OPENAI_API_KEY: 'sk-test-0123456789abcdef' });
  try {
    // A worker that has only just come first loads its workflows.
    await cancelled(other.runId, Date.now(), 20_000);
    expect(engine.simulator.counters()).toMatchObject({ total: 0, healthChecks: 0 });
  } finally {
    await worker.kill('SIGTERM');
  }
});

it('validating, while the provider does not answer', async () => {
  engine.simulator.addFaults({ fault: { kind: 'hang' }, match: { health: true }, times: 0 });
  const { runId, handle } = await start();
  await engine.simulator.until((counters) => counters.healthChecks === 1, PATIENCE);
  const asked = Date.now();
  await handle.cancel();
  await cancelled(runId, asked);
  expect(engine.simulator.counters()).toMatchObject({ total: 0, healthChecks: 1 });
});

it('in a call, twice: the socket closes, the second wish changes nothing', async () => {
  engine.simulator.addFaults({ fault: { kind: 'hang', afterFrames: 2 }, match: { requestId: '*' }, nth: 2, times: 0 });
  const { runId, handle } = await start();
  await engine.simulator.until((counters) => counters.total === 2 && counters.inFlight === 1, PATIENCE);
  const asked = Date.now();
  await handle.cancel();
  await handle.cancel();
  await cancelled(runId, asked);
  expect(engine.simulator.counters()).toMatchObject({ total: 2, aborted: 1 });
});

it('while it waits to try again: the wait ends, no further try is made', async () => {
  engine.simulator.addFaults({ fault: { kind: 'status', status: 429, headers: { 'retry-after': '50' } }, match: { requestId: '*' }, times: 0 });
  const { runId, handle } = await start();
  await vi.waitFor(async () => { expect((await engine.view(runId)).totals.retries).toBe(1); }, { timeout: PATIENCE, interval: 20 });
  const asked = Date.now();
  await handle.cancel();
  await cancelled(runId, asked);
  expect(engine.simulator.counters().total).toBe(1);
});

/** Holds the first file of that kind until `letGo`; `work` begins once it is held. */
async function whileSaving(options: StartOptions, isHeld: (content: string) => boolean, work: (run: Awaited<ReturnType<typeof start>>, letGo: () => void) => Promise<void>): Promise<void> {
  const { storage } = engine.runner.deps;
  const put = storage.put;
  const [held, letGo] = ((gate) => [gate.promise, () => { gate.resolve(); }] as const)(Promise.withResolvers<void>());
  let saving = 0;
  storage.put = async (key, content) => {
    if (isHeld(content.toString())) saving += 1;
    if (saving === 1) await held;
    return put(key, content);
  };
  try {
    const run = await start(options);
    await vi.waitFor(() => { expect(saving).toBe(1); }, { timeout: PATIENCE, interval: 10 });
    await work(run, letGo);
  } finally {
    letGo();
    storage.put = put;
  }
}

it('while its files are saved: they are kept whole, and the run ends cancelled', () => whileSaving({}, () => true, async ({ runId, handle }, letGo) => {
  const asked = Date.now();
  await handle.cancel();
  letGo();
  await cancelled(runId, asked);
  expect(await engine.readArtifact(runId, 'notes.md')).toContain('## Recommended next steps');
}));

it('while its end is written: too late, and row and execution say the same', () => whileSaving({ mode: 'validate_only' }, (content) => content.includes('"resourceSpans"'), async ({ runId, handle }, letGo) => {
  await handle.cancel();
  letGo();
  expect(await engine.finished(runId)).toMatchObject({ status: 'completed', error: null });
  expect((await handle.describe()).status.name).toBe('COMPLETED');
}));

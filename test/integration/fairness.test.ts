import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { modelTaskQueue } from '#contracts/task-queues';
import { uuidv7 } from '#platform/ids';
import { anyFreePort } from '#scripts/launch/ports';
import { Service } from '#scripts/launch/service';
import { temporalBinary } from '#scripts/launch/temporal-binary';
import { temporalService } from '#scripts/launch/temporal-server';
import { crowdEntry } from '../support/crowd/definition.ts';
import { startEngine, type Engine } from '../support/engine.ts';

/** Many calls of one person stand in the line of a provider before another person's one run comes. Measured by order, not by
 * time: how many of them went before the other run had ended. First come, first served would be all of them. */
const CALLS = 20;
const WIDE = { caps: { outputTokens: 1_000_000, inputTokens: 1_000_000, seconds: 3600, iterations: 1000 }, timings: { heartbeatTimeoutMs: 60_000 } };

const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => { for (const step of cleanUp.splice(0).reverse()) await step(); });

/** @returns how many calls of the crowd were answered when the other person's run had ended */
async function crowdThenOne(runs: number, environment: Record<string, string> = {}): Promise<number> {
  const engine: Engine = await startEngine({ WORKER_MAX_CONCURRENT_ACTIVITIES: '4', ...environment }, { entries: [crowdEntry], workflowsPath: path.resolve('test/support/crowd/workflows.ts') });
  cleanUp.push(() => engine.close());
  const queue = modelTaskQueue(engine.taskQueue, 'openai');
  const bought = (userId: string) => engine.db.completion.count({ where: { userId, state: 'done' } });
  const somebody = async () => { const id = uuidv7(); await engine.db.user.create({ data: { id, name: 'Somebody', email: `${id}@example.test`, role: 'student' } }); return id; };
  const crowd = await somebody();
  const crowdRun = () => engine.start({ slug: 'crowd', input: { calls: CALLS }, provider: 'openai', ...WIDE, request: { userId: crowd, modelQueues: { openai: queue } } });
  const crowded = [await crowdRun()];
  crowded.push(...await Promise.all(Array.from({ length: runs - 1 }, crowdRun)));
  // No worker serves that queue yet: all the calls come to stand in it.
  for (const { handle } of crowded) await expect.poll(async () => (await handle.describe()).raw.pendingActivities?.length, { timeout: 60_000 }).toBe(CALLS);
  expect(await bought(crowd)).toBe(0);
  await engine.stopWorker();
  const one = await engine.start({ provider: 'openai', ...WIDE, request: { userId: await somebody(), modelQueues: { openai: queue } } });
  engine.config.providers.openai.queue = queue;
  engine.simulator.addFaults({ fault: { kind: 'latency', ms: 30 }, match: { requestId: '*' }, times: 0 });
  await engine.startWorker();
  expect((await engine.finished(one.runId)).status).toBe('completed');
  const before = await bought(crowd);
  engine.simulator.reset();
  for (const { runId } of crowded) expect((await engine.finished(runId)).status).toBe('completed');
  expect(await bought(crowd)).toBe(runs * CALLS);
  return before;
}

it('one person\'s 500 calls do not starve another\'s single run', async () => {
  const before = await crowdThenOne(25);
  console.info(`fairness: ${before} of 500 calls of the crowd went before the other person's run had ended`);
  expect(before).toBeLessThan(250);
});

it('a server that knows no fairness serves first come first served, and every run completes', async () => {
  const home = mkdtempSync(path.join(tmpdir(), 'awp-fifo-'));
  const port = await anyFreePort();
  const { path: binary } = await temporalBinary(process.env, () => undefined);
  const server = new Service(temporalService({ binary, port, uiPort: null, databaseFile: null, namespace: 'default', env: process.env, fairness: false }), home, { say: () => undefined, gaveUp: () => undefined });
  cleanUp.push(async () => { await server.stop(); rmSync(home, { recursive: true, force: true }); });
  await server.start();
  expect(await crowdThenOne(5, { TEMPORAL_ADDRESS: `127.0.0.1:${port}` })).toBe(100);
});

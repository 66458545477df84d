import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { providerData } from '#platform/provider-catalog';
import type { LogLine } from '../support/captured-log.ts';
import { simulatorEnvironment, startEngine, type Engine } from '../support/engine.ts';
import { startProcess, type ProcessUnderTest } from '../support/worker-process.ts';

let engine: Engine;
let worker: ProcessUnderTest;
const taskQueue = `log-${randomUUID()}`;
beforeAll(async () => {
  engine = await startEngine();
  const { config } = engine;
  worker = await startProcess('worker/main.ts', {
    AWP_HOME: config.home, DATABASE_URL: config.DATABASE_URL ?? '', TEMPORAL_ADDRESS: config.TEMPORAL_ADDRESS, AWP_MASTER_KEY: config.AWP_MASTER_KEY ?? '', AWP_RETRY_BASE_MS: '20', LOG_LEVEL: 'info', LOG_FORMAT: 'json',
    WORKER_TASK_QUEUE: taskQueue, ...simulatorEnvironment(engine.simulator.url),
  });
});
afterAll(async () => {
  await worker.kill();
  await engine.close();
});

/** Temporal's core, below the SDK, may print lines of its own form. */
const printed = (): LogLine[] => worker.output().split('\n').slice(0, -1).filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as LogLine);

it('what Temporal says of a run in the worker process are lines like all others, with the run, its workflow, mode, provider and model', async () => {
  engine.simulator.addFaults({ fault: { kind: 'status', status: 401 }, match: { requestId: '*' }, times: 99 });
  const { runId } = await engine.start({ provider: 'openai', taskQueue });
  await engine.finished(runId);
  const own = () => printed().filter((line) => line['run_id'] === runId);
  await vi.waitFor(() => { expect(own().map((line) => line['msg'])).toEqual(['run started', 'run ended', 'Workflow failed']); }, 5_000);
  expect(worker.output()).not.toContain('refused the key');
  for (const line of own()) expect(line).toMatchObject({ service: 'worker', workflow_id: 'learn_agentic_ai', run_mode: 'test_run', provider: 'openai', model: providerData(engine.config, 'openai').defaultModel });
});

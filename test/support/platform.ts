import { findCatalogEntry } from '#activities/index';
import type { RunDetailWire } from '#contracts/api/runs.schema';
import { isTerminal } from '#contracts/runs';
import { createLogger } from '#platform/logger';
import { startSimulator, type Simulator } from '#simulator/server';
import { createWorker, type RunningWorker } from '#worker/create-worker';
import { startApi, type ApiUnderTest } from './api.ts';
import { simulatorEnvironment } from './engine.ts';
import { WORKFLOW_BUNDLES } from './folders.ts';

/** API, worker and simulator on one database: what a person's request really sets going. */
const END_LIMIT_MS = 60_000;

export interface PlatformUnderTest {
  api: ApiUnderTest; simulator: Simulator; runner: RunningWorker;
  /** starts a run as this person and waits for its end */
  run(token: string, json: Record<string, unknown>, address?: string): Promise<RunDetailWire>;
  ended(token: string, runId: string): Promise<RunDetailWire>;
  /** how often each call of a run reached the provider, by call id */
  bought(runId: string): Record<string, number>;
  close(): Promise<void>;
}

export async function startPlatform(environment: Record<string, string> = {}): Promise<PlatformUnderTest> {
  const simulator = await startSimulator({ control: true, delayMsPerChunk: 0 });
  const api = await startApi({ ...simulatorEnvironment(simulator.url), AWP_RETRY_BASE_MS: '20', LOG_LEVEL: 'silent', ...environment });
  const runner = await createWorker(api.deps.config, createLogger(api.deps.config, 'test-worker'), findCatalogEntry, WORKFLOW_BUNDLES);
  const running = runner.worker.run();
  const ended = async (token: string, runId: string): Promise<RunDetailWire> => {
    const deadline = Date.now() + END_LIMIT_MS;
    for (;;) {
      // The execution of a run that was accepted a moment ago may not be there yet.
      await runner.deps.temporal.workflow.getHandle(runId).result().catch(() => undefined);
      const run: RunDetailWire = (await api.call('GET', `/api/v1/runs/${runId}`, { as: token })).body;
      if (isTerminal(run.status) || Date.now() > deadline) return run;
      await new Promise((resolve) => { setTimeout(resolve, 50); });
    }
  };
  return {
    api, simulator, runner, ended,
    async run(token, json, address = '/api/v1/runs') {
      const reply = await api.call('POST', address, { as: token, json });
      if (reply.status !== 201) throw new Error(`${address} answered ${reply.status}: ${reply.text}`);
      return ended(token, (reply.body as { id: string }).id);
    },
    bought: (runId) => Object.fromEntries(Object.entries(simulator.counters().byRequestId).filter(([id]) => id.startsWith(runId)).map(([id, count]) => [id.slice(runId.length + 1), count])),
    async close() {
      runner.worker.shutdown();
      await running;
      await runner.close();
      await api.close();
      await simulator.stop();
    },
  };
}

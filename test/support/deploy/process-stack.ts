import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { createTestDatabase } from '../servers.ts';
import { simulatorEnvironment } from '../engine.ts';
import { startProcess, type ProcessUnderTest } from '../worker-process.ts';

/** The product as its own processes on a database of its own, as many of each as the test wants. */
export interface ProcessStack {
  /** admin API token */
  token: string;
  environment: Record<string, string>;
  /** @param entry  `api/main.ts` or `worker/main.ts`; ready when it returns */
  start(entry: string, extra?: Record<string, string>): Promise<ProcessUnderTest>;
  close(): Promise<void>;
}

/** @param extra  environment of each process @param msPerWord  of the model's answers */
export async function openProcessStack(extra: Record<string, string> = {}, msPerWord = 2): Promise<ProcessStack> {
  const database = await createTestDatabase();
  const home = mkdtempSync(join(tmpdir(), 'awp-stack-'));
  const token = `test-${randomBytes(24).toString('base64url')}`;
  const started: ProcessUnderTest[] = [];
  const simulator = await startProcess('simulator/main.ts', { SIMULATOR_DELAY_MS: String(msPerWord) });
  started.push(simulator);
  const environment = {
    AWP_HOME: home, DATABASE_URL: database.url, TEMPORAL_ADDRESS: inject('temporalAddress'), AWP_MASTER_KEY: randomBytes(32).toString('base64'), AWP_BOOTSTRAP_API_KEY: token, AWP_RUN_STARTS_PER_MINUTE: '0',
    WORKER_TASK_QUEUE: `stack-${randomUUID()}`, API_PORT: '0', LOG_LEVEL: 'info', DATABASE_POOL_SIZE: '6', ...simulatorEnvironment(simulator.url as string), ...extra,
  };
  return {
    token, environment,
    async start(entry, more = {}) {
      const child = await startProcess(entry, { ...environment, ...more });
      started.push(child);
      return child;
    },
    async close() {
      for (const child of started.reverse()) await child.kill('SIGKILL');
      await database.drop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

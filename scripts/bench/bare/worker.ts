import { join } from 'node:path';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { loadConfig } from '#platform/config';
import type { BenchStack } from '../stack.ts';
import { createBareActivities } from './activities.ts';

export const BARE_TASK_QUEUE = 'bench-bare';

/** A worker for the bare loop in this process, on the same server and with the settings of the platform's own worker. */
export async function startBareWorker(stack: BenchStack): Promise<{ stop(): Promise<void> }> {
  Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });
  const { temporalAddress, demoBaseUrl } = stack.addresses;
  const config = loadConfig({ AWP_HOME: stack.home, DEMO_BASE_URL: demoBaseUrl });
  const connection = await NativeConnection.connect({ address: temporalAddress });
  const worker = await Worker.create({
    connection, taskQueue: BARE_TASK_QUEUE, workflowsPath: join(import.meta.dirname, 'workflow.ts'), activities: { ...createBareActivities(config, join(stack.home, 'bare')) },
    maxConcurrentActivityTaskExecutions: config.WORKER_MAX_CONCURRENT_ACTIVITIES, maxCachedWorkflows: config.WORKER_MAX_CACHED_WORKFLOWS,
    maxHeartbeatThrottleInterval: '2 seconds', defaultHeartbeatThrottleInterval: '2 seconds',
  });
  const running = worker.run();
  return {
    async stop() {
      worker.shutdown();
      await running;
      await connection.close();
    },
  };
}

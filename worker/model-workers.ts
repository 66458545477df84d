import { Worker, type WorkerOptions } from '@temporalio/worker';
import type { WorkflowActivities } from '#contracts/workflow';
import type { Config } from '#platform/config';

/** One worker a provider that has a task queue of its own: its calls have slots of their own, so that a slow provider takes none
 * from others, and Temporal keeps its rate over all workers and keys. No workflows run here. */
export async function createModelWorkers(config: Config, shared: Omit<WorkerOptions, 'taskQueue' | 'activities'>, { complete }: Pick<WorkflowActivities, 'complete'>): Promise<Worker[]> {
  const providers = Object.values(config.providers).flatMap(({ queue, queuePerSecond }) => (queue ? [{ queue, queuePerSecond }] : []));
  return Promise.all(providers.map(({ queue, queuePerSecond }) => Worker.create({
    ...shared, taskQueue: queue, activities: { complete }, maxConcurrentActivityTaskExecutions: config.WORKER_MAX_CONCURRENT_ACTIVITIES,
    ...(queuePerSecond === undefined ? {} : { maxTaskQueueActivitiesPerSecond: queuePerSecond }),
  })));
}

import { Worker, type WorkerOptions } from '@temporalio/worker';
import type { ProviderId } from '#contracts/providers';
import type { WorkflowActivities } from '#contracts/workflow';
import type { Config } from '#platform/config';

/** What a process may serve: the workflows, or one provider's calls. */
export type WorkerPart = 'workflows' | ProviderId;

/** One worker a provider that has a task queue of its own: its calls have slots of their own, so that a slow provider takes none
 * from others, and Temporal keeps its rate over all workers and keys. No workflows run here. */
export async function createModelWorkers(config: Config, shared: Omit<WorkerOptions, 'taskQueue' | 'activities'>, { complete }: Pick<WorkflowActivities, 'complete'>, serves: (part: WorkerPart) => boolean): Promise<Worker[]> {
  const providers = Object.entries(config.providers).flatMap(([id, { queue, queuePerSecond }]) => (queue && serves(id as ProviderId) ? [{ queue, queuePerSecond }] : []));
  return Promise.all(providers.map(({ queue, queuePerSecond }) => Worker.create({
    ...shared, taskQueue: queue, activities: { complete }, maxConcurrentActivityTaskExecutions: config.WORKER_MAX_CONCURRENT_ACTIVITIES,
    ...(queuePerSecond === undefined ? {} : { maxTaskQueueActivitiesPerSecond: queuePerSecond }),
  })));
}

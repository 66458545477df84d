import type { Client } from '@temporalio/client';
import { QUEUE_KINDS } from '#platform/temporal';

export const QUEUES_LIMIT_MS = 2000;
/** What waits in one of Temporal's queues and who polled it in the last minutes. */
export interface QueueState { name: string; kind: 'workflow' | 'activity'; backlog: number; workers: { identity: string; build: string | null; seenAt: Date | null }[] }

const KINDS = Object.keys(QUEUE_KINDS) as QueueState['kind'][];

/** One question a queue and kind; workflow tasks wait in the first queue only. @throws what Temporal's client throws, after two seconds at the latest */
export function askQueues(client: Client, taskQueues: readonly string[]): Promise<QueueState>[] {
  return taskQueues.flatMap((name) => KINDS.filter((kind) => kind === 'activity' || name === taskQueues[0]).map(async (kind) => {
    const answer = await client.withDeadline(Date.now() + QUEUES_LIMIT_MS, () => client.workflowService.describeTaskQueue({ namespace: client.options.namespace, taskQueue: { name }, taskQueueType: QUEUE_KINDS[kind], reportStats: true }));
    return {
      name, kind, backlog: Number(answer.stats?.approximateBacklogCount ?? 0),
      workers: (answer.pollers ?? []).map((poller) => ({
        identity: poller.identity ?? 'unnamed', build: poller.deploymentOptions?.buildId || poller.workerVersionCapabilities?.buildId || null,
        seenAt: poller.lastAccessTime?.seconds == null ? null : new Date(Number(poller.lastAccessTime.seconds) * 1000),
      })),
    };
  }));
}

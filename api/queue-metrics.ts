import type { Client } from '@temporalio/client';
import { Gauge, type Registry } from 'prom-client';
import { bounded } from '#platform/start-run';
import { QUEUE_KINDS } from '#platform/temporal';

const LIMIT_MS = 2000;

/** What waits in Temporal's queues and who polls them, asked when /metrics is scraped. While Temporal does not answer there are no
 * figures: none is better than old ones. */
export function measureQueues(registry: Registry, client: Client, taskQueues: readonly string[]): void {
  const registers = [registry];
  const pollers = new Gauge({ name: 'temporal_task_queue_pollers', help: 'Workers that polled in the last minutes', labelNames: ['task_queue', 'kind'], registers });
  const reachable = new Gauge({ name: 'temporal_reachable', help: '1 when Temporal answered this scrape', registers });
  registry.registerMetric(new Gauge({
    name: 'temporal_task_queue_backlog', help: 'Tasks that wait for a worker, as Temporal estimates', labelNames: ['task_queue', 'kind'], registers: [],
    async collect() {
      this.reset();
      pollers.reset();
      const asked = taskQueues.flatMap((name) => Object.entries(QUEUE_KINDS).filter(([kind]) => kind === 'activity' || name === taskQueues[0]).map(async ([kind, taskQueueType]) => {
        const answer = await client.withDeadline(Date.now() + LIMIT_MS, () => client.workflowService.describeTaskQueue({ namespace: client.options.namespace, taskQueue: { name }, taskQueueType, reportStats: true }));
        this.set({ task_queue: name, kind }, Number(answer.stats?.approximateBacklogCount ?? 0));
        pollers.set({ task_queue: name, kind }, answer.pollers?.length ?? 0);
      }));
      reachable.set(await bounded(Promise.all(asked), LIMIT_MS + 500).then(() => 1, () => 0));
    },
  }));
}

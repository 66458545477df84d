import type { Client } from '@temporalio/client';
import { Gauge, type Registry } from 'prom-client';
import { bounded } from '#platform/bounded';
import { askQueues, QUEUES_LIMIT_MS } from './queue-state.ts';

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
      const asked = askQueues(client, taskQueues).map(async (queue) => {
        const { name, kind, backlog, workers } = await queue;
        this.set({ task_queue: name, kind }, backlog);
        pollers.set({ task_queue: name, kind }, workers.length);
      });
      reachable.set(await bounded(Promise.all(asked), QUEUES_LIMIT_MS + 500).then(() => 1, () => 0));
    },
  }));
}

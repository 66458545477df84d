import type { Client } from '@temporalio/client';
import { Gauge, type Registry } from 'prom-client';
import { bounded } from '#platform/bounded';
import { askQueues, QUEUES_LIMIT_MS, type QueueState } from './queue-state.ts';

/** What waits in Temporal's queues and who polls them, asked when /metrics is scraped. While Temporal does not answer there are no
 * figures: none is better than old ones. All figures of one scrape come from one question; each gauge waits for it, since the page takes
 * them side by side. */
export function measureQueues(registry: Registry, client: Client, taskQueues: readonly string[]): void {
  let asked: Promise<{ answered: QueueState[]; whole: boolean }> | undefined;
  const ask = () => (asked ??= answersOf(askQueues(client, taskQueues)).finally(() => { asked = undefined; }));
  const gauge = (name: string, help: string, figure: (queue: QueueState) => number) => registry.registerMetric(new Gauge({
    name, help, labelNames: ['task_queue', 'kind'], registers: [],
    async collect() {
      this.reset();
      for (const queue of (await ask()).answered) this.set({ task_queue: queue.name, kind: queue.kind }, figure(queue));
    },
  }));
  gauge('temporal_task_queue_backlog', 'Tasks that wait for a worker, as Temporal estimates', ({ backlog }) => backlog);
  gauge('temporal_task_queue_pollers', 'Workers that polled in the last minutes', ({ workers }) => workers.length);
  registry.registerMetric(new Gauge({
    name: 'temporal_reachable', help: '1 when Temporal answered this scrape', registers: [],
    async collect() { this.set((await ask()).whole ? 1 : 0); },
  }));
}

/** What answered in time, and whether all of it did. */
async function answersOf(questions: readonly Promise<QueueState>[]): Promise<{ answered: QueueState[]; whole: boolean }> {
  const answered: QueueState[] = [];
  const whole = await bounded(Promise.all(questions.map(async (question) => { answered.push(await question); })), QUEUES_LIMIT_MS + 500).then(() => true, () => false);
  return { answered: [...answered], whole };
}

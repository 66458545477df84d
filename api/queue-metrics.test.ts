import type { Client } from '@temporalio/client';
import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { measureQueues } from './queue-metrics.ts';

/** Temporal as it answers now: `workers` poll each queue; null = it does not. */
function temporal(state: { workers: number | null; questions: number }): Client {
  const describeTaskQueue = (): Promise<object> => {
    state.questions += 1;
    return state.workers === null ? Promise.reject(new Error('away')) : Promise.resolve({ stats: { approximateBacklogCount: 10 * state.workers }, pollers: Array.from({ length: state.workers }, () => ({ identity: 'w' })) });
  };
  return { options: { namespace: 'n' }, workflowService: { describeTaskQueue }, withDeadline: (_at: number, work: () => unknown) => work() } as unknown as Client;
}

it('every figure of a scrape is of that scrape, and all come from one question a queue and kind', async () => {
  const state: { workers: number | null; questions: number } = { workers: 1, questions: 0 };
  const registry = new Registry();
  measureQueues(registry, temporal(state), ['workflows', 'llm-openai']);
  const scrape = async () => (await registry.metrics()).split('\n').filter((line) => line.startsWith('temporal_')).map((line) => line.replace(/^temporal_(?:task_queue_)?/, ''));
  const figures = (workers: number) => [['workflows', 'workflow'], ['workflows', 'activity'], ['llm-openai', 'activity']].flatMap(([queue, kind]) => [`backlog{task_queue="${queue}",kind="${kind}"} ${10 * workers}`, `pollers{task_queue="${queue}",kind="${kind}"} ${workers}`]);
  expect((await scrape()).toSorted()).toEqual([...figures(1), 'reachable 1'].toSorted());
  expect(state.questions).toBe(3);
  state.workers = 2;
  expect((await scrape()).toSorted()).toEqual([...figures(2), 'reachable 1'].toSorted());
  state.workers = null;
  expect(await scrape()).toEqual(['reachable 0']);
});

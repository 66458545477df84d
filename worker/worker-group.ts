import type { Worker } from '@temporalio/worker';

/** The workers of one process as one: they start together, and the end of one is the end of all. */
export interface WorkerGroup { readonly taskQueues: readonly string[]; run(): Promise<void>; /** drains; safe to call twice */ shutdown(): void }

export function workerGroup(workers: readonly Worker[]): WorkerGroup {
  const shutdown = () => { for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown(); };
  return {
    taskQueues: workers.map((worker) => worker.options.taskQueue), shutdown,
    async run() {
      const ends = await Promise.allSettled(workers.map((worker) => worker.run().finally(shutdown)));
      const broken = ends.find((end) => end.status === 'rejected');
      if (broken) throw broken.reason;
    },
  };
}

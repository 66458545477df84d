import type { Client } from '@temporalio/client';
import { bounded } from '#platform/bounded';
import { QUEUE_KINDS } from '#platform/temporal';

const LIMIT_MS = 2000;
/** A worker that waits for work asks again at least once a minute; Temporal remembers it for five. */
const SILENT_MS = 80_000;

export interface WorkersSeen { /** ms since the last sign of a worker, of the kind of work that is worse off; null when none is remembered */ silentMs: number | null; alive: boolean }

/** Asks Temporal who works on a queue. @throws when it does not answer within two seconds */
export async function workersOf(client: Client, taskQueue: string, now = Date.now()): Promise<WorkersSeen> {
  const answers = await bounded(Promise.all(Object.values(QUEUE_KINDS).map((taskQueueType) =>
    client.withDeadline(now + LIMIT_MS, () => client.workflowService.describeTaskQueue({ namespace: client.options.namespace, taskQueue: { name: taskQueue }, taskQueueType })))), LIMIT_MS + 500);
  const silences = answers.map(({ pollers }) => {
    const seen = (pollers ?? []).flatMap(({ lastAccessTime }) => (lastAccessTime?.seconds ? [Number(lastAccessTime.seconds) * 1000] : []));
    return seen.length === 0 ? null : Math.max(0, now - Math.max(...seen));
  });
  if (silences.includes(null)) return { silentMs: null, alive: false };
  const silentMs = Math.max(...silences.map((silence) => silence ?? 0));
  return { silentMs, alive: silentMs < SILENT_MS };
}

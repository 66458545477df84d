import pg from 'pg';
import { RUN_EVENTS_CHANNEL } from '#platform/repositories/run-events';
import type { Logger } from '#platform/logger';

/** Wakes readers when a run has new events. One listening connection per process, whatever the number of readers; what is
 * new is read from the log by each reader, so a lost notification can only delay, never lose. After a reconnect everybody
 * is woken, because notifications of the gap are gone. */
export interface RunEventFeed {
  /** resolves once the first LISTEN stands or the first try failed (it goes on trying) */
  start(): Promise<void>;
  /** @returns how to unsubscribe */
  subscribe(runId: string, wake: () => void): () => void;
  close(): Promise<void>;
}

const RECONNECT_MS = { first: 200, most: 5000 };

/** A connection that is broken already has nothing to say about its end. */
async function endQuietly(client: pg.Client): Promise<void> {
  await client.end().catch(() => {});
}

export function createRunEventFeed(connectionString: string, logger: Logger): RunEventFeed {
  const readers = new Map<string, Set<() => void>>();
  let client: pg.Client | null = null;
  let closed = false;
  let delayMs = RECONNECT_MS.first;
  let timer: NodeJS.Timeout | undefined;

  const wakeAll = () => { for (const set of readers.values()) for (const wake of set) wake(); };

  async function connect(): Promise<void> {
    const next = new pg.Client({ connectionString, keepAlive: true, connectionTimeoutMillis: 5000, application_name: 'agentic-workflow-platform-feed' });
    let lost = false;
    const lose = (error?: Error) => {
      if (lost || closed) return;
      lost = true;
      client = null;
      next.removeAllListeners('notification');
      void endQuietly(next);
      logger.warn({ reason: error?.message ?? 'closed', retryMs: delayMs }, 'event feed lost its connection');
      timer = setTimeout(() => void connect(), delayMs);
      delayMs = Math.min(delayMs * 2, RECONNECT_MS.most);
    };
    next.on('error', lose);
    next.on('end', () => lose());
    next.on('notification', ({ payload }) => {
      const runId = payload?.slice(0, payload.indexOf(':')) ?? '';
      for (const wake of readers.get(runId) ?? []) wake();
    });
    try {
      await next.connect();
      await next.query(`LISTEN ${RUN_EVENTS_CHANNEL}`);
      if (closed) { await next.end(); return; }
      client = next;
      delayMs = RECONNECT_MS.first;
      wakeAll();
    } catch (error) {
      lose(error as Error);
    }
  }

  return {
    start: connect,
    subscribe(runId, wake) {
      const set = readers.get(runId) ?? new Set();
      readers.set(runId, set.add(wake));
      return () => {
        set.delete(wake);
        if (set.size === 0 && readers.get(runId) === set) readers.delete(runId);
      };
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      await client?.end().catch(() => {});
    },
  };
}

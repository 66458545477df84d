import type { RunEvent } from '#contracts/run-events';
import { RUN_EVENT_TYPES } from '#contracts/run-events';
import { parseEvent } from './run-events';

/** Follows the event logs of one or several runs by one connection: live by SSE with resume, and by polling when the stream
 * fails three times in a row. No React and no globals in here, so that reconnecting is tested without a browser. */
export type LinkState =
  | { kind: 'connecting' }
  | { kind: 'live' }
  | { kind: 'interrupted'; since: number; attempt: number }
  | { kind: 'polling'; since: number }
  | { kind: 'ended' };

export interface EventSourceLike {
  addEventListener(type: string, listener: (event: { data?: unknown }) => void): void;
  close(): void;
}

export interface RunsStreamOptions {
  /** @param after the sequence that came before these events, whoever has seen less must not take them */
  onEvents: (runId: string, after: number, events: RunEvent[]) => void;
  onLink: (state: LinkState) => void;
  openStream: (url: string) => EventSourceLike;
  /** Events after a sequence, oldest first; used by polling. */
  fetchEvents: (runId: string, after: number) => Promise<RunEvent[]>;
  schedule?: (callback: () => void, ms: number) => () => void;
  now?: () => number;
}
export interface RunsStream {
  /** What is wanted from now on: run → last sequence that everybody has; Infinity = goes on where it is. A run that has ended
   * falls out by itself. */
  want(runs: ReadonlyMap<string, number>): void;
  close(): void;
}

const FAILURES_BEFORE_POLLING = 3;
export const POLL_MS = 2000;
/** While polling, the stream is tried again this often. */
const RETRY_STREAM_MS = 30_000;

const defaultSchedule = (callback: () => void, ms: number): (() => void) => {
  const timer = setTimeout(callback, ms);
  return () => clearTimeout(timer);
};

/** Wait before the n-th reconnect, in ms: 1, 2, 4 … at most 8 seconds. */
export function reconnectDelayMs(attempt: number): number {
  return Math.min(8000, 1000 * 2 ** Math.max(0, attempt - 1));
}

export function createRunsStream(options: RunsStreamOptions): RunsStream {
  const { onEvents, onLink, openStream, fetchEvents, schedule = defaultSchedule, now = Date.now } = options;
  const runs = new Map<string, number>();
  let failures = 0;
  let brokenSince: number | null = null;
  let pollingSince: number | null = null;
  let source: EventSourceLike | null = null;
  let cancelTimer: () => void = () => {};

  const take = (runId: string, events: RunEvent[]): void => {
    const after = runs.get(runId);
    if (after === undefined) return;
    const fresh = events.filter((event) => event.sequence > after);
    if (fresh.length === 0) return;
    runs.set(runId, (fresh.at(-1) as RunEvent).sequence);
    onEvents(runId, after, fresh);
    if (fresh.some((event) => event.type === 'run-end')) { runs.delete(runId); if (runs.size === 0) rest(); }
  };

  /** Nothing is wanted: nothing is open. */
  const rest = (): void => {
    source?.close();
    source = null;
    cancelTimer();
    [failures, brokenSince, pollingSince] = [0, null, null];
    onLink({ kind: 'ended' });
  };

  const after = (callback: () => void, ms: number): void => {
    cancelTimer();
    cancelTimer = schedule(() => { if (runs.size > 0) callback(); }, ms);
  };

  const open = (): void => {
    source?.close();
    const stream = openStream(`/api/v1/runs/stream?runs=${[...runs].map(([id, sequence]) => `${id}:${sequence}`).join(',')}`);
    source = stream;
    const mine = (): boolean => source === stream;
    const healthy = (): void => {
      [failures, brokenSince, pollingSince] = [0, null, null];
      cancelTimer();
      onLink({ kind: 'live' });
    };
    stream.addEventListener('open', () => { if (mine()) healthy(); });
    const receive = (message: { data?: unknown }): void => {
      if (!mine() || typeof message.data !== 'string') return;
      const event = parseEvent(message.data);
      if (event) take(event.runId, [event]);
    };
    for (const type of ['message', ...RUN_EVENT_TYPES]) stream.addEventListener(type, receive);
    // The browser would retry by itself for ever and in silence; we close and count, so that the person is told.
    stream.addEventListener('error', () => { if (mine()) { stream.close(); source = null; lost(); } });
  };

  const lost = (): void => {
    failures += 1;
    brokenSince ??= now();
    if (failures >= FAILURES_BEFORE_POLLING) return void poll();
    onLink({ kind: 'interrupted', since: brokenSince, attempt: failures });
    after(open, reconnectDelayMs(failures));
  };

  const poll = async (): Promise<void> => {
    pollingSince ??= now();
    onLink({ kind: 'polling', since: pollingSince });
    await Promise.all([...runs].map(async ([runId, sequence]) => {
      // The API may be away as well: the bar says so, and we ask again.
      const events = await fetchEvents(runId, sequence).catch(() => []);
      take(runId, events);
    }));
    if (runs.size === 0 || pollingSince === null) return;
    if (now() - pollingSince >= RETRY_STREAM_MS) {
      pollingSince = now();
      after(open, POLL_MS);
    } else {
      after(() => void poll(), POLL_MS);
    }
  };

  return {
    want(wanted) {
      const more = [...wanted].some(([id, sequence]) => sequence < (runs.get(id) ?? Infinity));
      for (const id of runs.keys()) if (!wanted.has(id)) runs.delete(id);
      for (const [id, sequence] of wanted) if (sequence !== Infinity) runs.set(id, Math.min(sequence, runs.get(id) ?? Infinity));
      if (runs.size === 0) {
        if (source || failures > 0) rest();
        return;
      }
      // In trouble, what is new comes with the next try.
      if (!more || failures > 0) return;
      if (source === null) onLink({ kind: 'connecting' });
      open();
    },
    close() {
      runs.clear();
      source?.close();
      source = null;
      cancelTimer();
    },
  };
}

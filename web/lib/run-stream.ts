import type { RunEvent } from '#contracts/run-events';
import { RUN_EVENT_TYPES } from '#contracts/run-events';
import { parseEvent } from './run-events';

/** Follows one run's event log: live by SSE with resume, and by polling when the stream fails three times in a row.
 * No React and no globals in here, so that reconnecting is tested without a browser. */
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

export interface RunStreamOptions {
  runId: string;
  onEvents: (events: RunEvent[]) => void;
  onLink: (state: LinkState) => void;
  openStream: (url: string) => EventSourceLike;
  /** Events after a sequence, oldest first; used by polling. */
  fetchEvents: (after: number) => Promise<RunEvent[]>;
  schedule?: (callback: () => void, ms: number) => () => void;
  now?: () => number;
}

const FAILURES_BEFORE_POLLING = 3;
const POLL_MS = 3000;
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

/** Starts following. @returns a function that stops it */
export function followRun(options: RunStreamOptions): () => void {
  const { runId, onEvents, onLink, openStream, fetchEvents, schedule = defaultSchedule, now = Date.now } = options;
  let lastSequence = 0;
  let failures = 0;
  let brokenSince: number | null = null;
  let pollingSince: number | null = null;
  let stopped = false;
  let source: EventSourceLike | null = null;
  let cancelTimer: () => void = () => {};

  const take = (events: RunEvent[]): void => {
    const fresh = events.filter((event) => event.sequence > lastSequence);
    if (fresh.length === 0) return;
    lastSequence = (fresh.at(-1) as RunEvent).sequence;
    onEvents(fresh);
    if (fresh.some((event) => event.type === 'run-end')) finish();
  };

  const finish = (): void => {
    stopped = true;
    source?.close();
    cancelTimer();
    onLink({ kind: 'ended' });
  };

  const after = (callback: () => void, ms: number): void => {
    cancelTimer();
    cancelTimer = schedule(() => { if (!stopped) callback(); }, ms);
  };

  const open = (): void => {
    const stream = openStream(`/api/v1/runs/${runId}/stream${lastSequence > 0 ? `?after=${lastSequence}` : ''}`);
    source = stream;
    const mine = (): boolean => source === stream && !stopped;
    const healthy = (): void => {
      failures = 0;
      brokenSince = null;
      pollingSince = null;
      cancelTimer();
      onLink({ kind: 'live' });
    };
    stream.addEventListener('open', () => { if (mine()) healthy(); });
    const receive = (message: { data?: unknown }): void => {
      if (!mine() || typeof message.data !== 'string') return;
      const event = parseEvent(message.data);
      if (event) take([event]);
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
    try {
      const events = await fetchEvents(lastSequence);
      if (!stopped) take(events);
    } catch { /* the API is away as well: the bar says so, and we ask again */ }
    again();
  };

  const again = (): void => {
    if (stopped) return;
    if (pollingSince !== null && now() - pollingSince >= RETRY_STREAM_MS) {
      pollingSince = now();
      after(open, POLL_MS);
    } else {
      after(() => void poll(), POLL_MS);
    }
  };

  onLink({ kind: 'connecting' });
  open();
  return () => {
    stopped = true;
    source?.close();
    cancelTimer();
  };
}

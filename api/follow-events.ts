import type { Session } from 'better-sse';
import type { Request, Response } from 'express';
import { isTerminal } from '#contracts/runs';
import { runEventToWire } from '#contracts/wire';
import { isDatabaseAway } from '#platform/database-errors';
import { listRunEvents } from '#platform/repositories/run-events';
import { findRun } from '#platform/repositories/run-queries';
import type { Deps } from './deps.ts';
import type { Principal } from './endpoint.ts';
import { authenticate } from './middleware/authenticate.ts';
import { createStreamSlots, type StreamSlots } from './stream-slots.ts';
import { firstOf } from './wait-for-end.ts';

/** Writes the events of a run to an open stream as they come: one run a stream, or several in one (a browser's). */
export const HEARTBEAT_MS = 15_000;
/** Who lost the right to read loses the stream within 5 s, also where another process took it: this and the time that an answer about a
 * credential is kept. Asking again costs nothing more than that kept answer. */
export const AUTH_EVERY_MS = 1_500;
const WINDOW = 200;
/** More than this unread by the client, and it does not read: it may come back and resume. */
const MAX_BUFFERED_BYTES = 262_144;
const DRAIN_MS = 15_000;
/** Files and log lines may follow the run's last event; after a quiet moment of this length the stream ends. */
const TRAILING_MS = 1000;
const AWAY_RETRY_MS = 1000;
const PER_USER = { local: 12, production: 5 } as const;
const PER_PROCESS = 1000;

const slotsOf = new WeakMap<Deps, StreamSlots>();
/** The slots of this process, whatever a stream carries. */
export function streamSlots(deps: Deps): StreamSlots {
  const slots = slotsOf.get(deps) ?? createStreamSlots(PER_USER[deps.config.AWP_ENV], PER_PROCESS, (open) => deps.metrics.streams.set(open));
  slotsOf.set(deps, slots);
  return slots;
}

/** Whether who opened the stream may still read runs; asked again while it is open. */
export const stillAllowed = (deps: Deps, req: Request, principal: Principal) => async (): Promise<boolean> =>
  (await authenticate(deps, req).catch((error: unknown) => (isDatabaseAway(error) ? principal : null)))?.permissions.has('run:read') ?? false;

export interface Following { session: Session; res: Response; runId: string; principal: Principal; after: number; /** id of an event on this stream */ idOf: (sequence: number) => string; stillAllowed: () => Promise<boolean> }

/** Subscribes first, reads the log second: whatever is written in between wakes it again. */
export async function followEvents(deps: Deps, following: Following): Promise<void> {
  const { session, res, runId } = following;
  const closed = new AbortController();
  res.once('close', () => closed.abort());
  const left = AbortSignal.any([closed.signal, deps.stopping]);
  let wake: () => void = () => {};
  const unsubscribe = deps.feed.subscribe(runId, () => wake());
  let { after } = following;
  let ended = false;
  let nextAuth = Date.now() + AUTH_EVERY_MS;
  try {
    while (!left.aborted && session.isConnected) {
      const woken = new Promise<void>((resolve) => { wake = resolve; });
      const state = await readNew(deps, following, after, left);
      if (state) {
        ({ after } = state);
        ended ||= state.ended;
        if (ended && !state.sent && state.settled) return;
      }
      const until = Date.now() + (state ? (ended ? TRAILING_MS : HEARTBEAT_MS) : AWAY_RETRY_MS);
      let reason: Awaited<ReturnType<typeof firstOf>>;
      // The log is read again when something is new, or at `until`; who reads is asked more often than that.
      do {
        reason = await firstOf(woken, Math.max(0, Math.min(until, nextAuth) - Date.now()), left);
        if (Date.now() < nextAuth) continue;
        if (!(await following.stillAllowed())) return;
        nextAuth = Date.now() + AUTH_EVERY_MS;
      } while (reason === 'time' && Date.now() < until);
      if (ended && reason === 'time' && state) return;
    }
  } finally {
    unsubscribe();
  }
}

/** Sends what is new. @returns null while the database is away: the stream stays open and tries again */
async function readNew(deps: Deps, following: Following, from: number, left: AbortSignal): Promise<{ after: number; ended: boolean; sent: boolean; settled: boolean } | null> {
  const { session, res, runId, principal } = following;
  let after = from;
  let ended = false;
  try {
    for (;;) {
      const events = await listRunEvents(deps.db, runId, after, WINDOW);
      for (const event of events) {
        if (left.aborted || !session.isConnected) return { after, ended, sent: true, settled: false };
        session.push(runEventToWire(event), event.type, following.idOf(event.sequence));
        after = event.sequence;
        ended ||= event.type === 'run-end';
        if (res.writableLength > MAX_BUFFERED_BYTES) await drained(res);
      }
      if (events.length === WINDOW) continue;
      if (events.length > 0) return { after, ended, sent: true, settled: false };
      // Nothing new: a resumed reader may have seen run-end before, so ask the row; long ended means nothing trails.
      const run = await findRun(deps.db, principal.userId, runId);
      if (!run) return { after, ended: true, sent: false, settled: true };
      const over = isTerminal(run.status) && after >= run.lastSequence;
      return { after, ended: over, sent: false, settled: over && Date.now() - (run.completedAt?.getTime() ?? 0) > TRAILING_MS };
    }
  } catch (error) {
    if (!isDatabaseAway(error)) throw error;
    return null;
  }
}

/** Waits for a slow reader, and cuts it when it does not read at all. */
async function drained(res: Response): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => { res.destroy(); }, DRAIN_MS);
    const done = () => {
      clearTimeout(timer);
      res.off('drain', done).off('close', done);
      resolve();
    };
    res.once('drain', done).once('close', done);
  });
}

import { createSession, type Session } from 'better-sse';
import type { Response } from 'express';
import { RunParams, StreamQuery } from '#contracts/api/runs.schema';
import { isTerminal } from '#contracts/runs';
import { runEventToWire } from '#contracts/wire';
import { CodedError } from '#platform/coded-error';
import { isDatabaseAway } from '#platform/database-errors';
import { listRunEvents } from '#platform/repositories/run-events';
import { findRun } from '#platform/repositories/run-queries';
import type { Deps } from '../../../deps.ts';
import { defineEndpoint, HANDLED, type Principal } from '../../../endpoint.ts';
import { authenticate } from '../../../middleware/authenticate.ts';
import { createStreamSlots } from '../../../stream-slots.ts';
import { firstOf } from '../../../wait-for-end.ts';
import { requireRun } from '../require-run.ts';

const HEARTBEAT_MS = 15_000;
const AUTH_EVERY_MS = 30_000;
const WINDOW = 200;
/** More than this unread by the client, and it does not read: it may come back and resume. */
const MAX_BUFFERED_BYTES = 262_144;
const DRAIN_MS = 15_000;
/** Files and log lines may follow the run's last event; after a quiet moment of this length the stream ends. */
const TRAILING_MS = 1000;
const AWAY_RETRY_MS = 1000;
const PER_USER = { local: 12, production: 5 } as const;
const PER_PROCESS = 1000;

export const getRunStream = defineEndpoint({
  method: 'get', path: '/api/v1/runs/{id}/stream', operationId: 'streamRun', tag: 'Runs', summary: 'Follow a run live', permission: 'run:read', audit: 'none', params: RunParams, query: StreamQuery,
  description: 'Server-sent events: `id` = sequence, `event` = type, `data` = the event as JSON. Resumes after `Last-Event-ID` (or `?after=`) without gap or repetition, on any server. Ends after the last event; asked again with everything seen it answers 204, which ends the browser\'s reconnecting.',
  answers: { 200: { description: 'The events, from the first to the last', contentType: 'text/event-stream' }, 204: { description: 'The run has ended and you have seen everything' } }, errors: ['InvalidInput', 'NotFound', 'RateLimited'],
  handler: (deps) => {
    const slots = createStreamSlots(PER_USER[deps.config.AWP_ENV], PER_PROCESS, (open) => deps.metrics.streams.set(open));
    return async ({ principal, params, query, req, res }) => {
      const run = await requireRun(deps.db, principal.userId, params.id);
      const after = lastEventId(req.get('last-event-id')) ?? query.after ?? 0;
      if (isTerminal(run.status) && after >= run.lastSequence) return { status: 204 };
      const release = slots.take(principal.userId);
      res.once('close', release);
      // no-transform: a proxy that compresses would hold events back until the end.
      res.set('Cache-Control', 'no-store, no-transform');
      const session = await createSession(req, res, { keepAlive: HEARTBEAT_MS, retry: 2000 });
      const stillAllowed = async () => (await authenticate(deps, req).catch((error: unknown) => (isDatabaseAway(error) ? principal : null)))?.permissions.has('run:read') ?? false;
      // Detached: the response lives on after this handler; nothing of it may become an unhandled rejection.
      void follow(deps, { session, res, runId: run.id, principal, after, stillAllowed })
        .catch((error: unknown) => deps.logger.error({ err: error, run_id: run.id }, 'a live stream broke'))
        .finally(() => res.end());
      return HANDLED;
    };
  },
});

function lastEventId(header: string | undefined): number | undefined {
  if (header === undefined || header === '') return undefined;
  if (!/^\d{1,9}$/.test(header)) throw new CodedError('InvalidInput', 'Last-Event-ID is not an event id of this stream.', { errors: [{ pointer: '#/header/Last-Event-ID', detail: 'must be a sequence number' }] });
  return Number(header);
}

interface Following { session: Session; res: Response; runId: string; principal: Principal; after: number; stillAllowed: () => Promise<boolean> }

/** Subscribes first, reads the log second: whatever is written in between wakes it again. */
async function follow(deps: Deps, following: Following): Promise<void> {
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
      const waitMs = state ? (ended ? TRAILING_MS : Math.min(HEARTBEAT_MS, Math.max(0, nextAuth - Date.now()))) : AWAY_RETRY_MS;
      const reason = await firstOf(woken, waitMs, left);
      if (ended && reason === 'time' && state) return;
      if (Date.now() >= nextAuth) {
        if (!(await following.stillAllowed()) || (state && !(await findRun(deps.db, following.principal.userId, runId)))) return;
        nextAuth = Date.now() + AUTH_EVERY_MS;
      }
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
        session.push(runEventToWire(event), event.type, String(event.sequence));
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

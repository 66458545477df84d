import { createSession } from 'better-sse';
import { RunParams, StreamQuery } from '#contracts/api/runs.schema';
import { isTerminal } from '#contracts/runs';
import { CodedError } from '#platform/coded-error';
import { defineEndpoint, HANDLED } from '../../../endpoint.ts';
import { followEvents, HEARTBEAT_MS, stillAllowed, streamSlots } from '../../../follow-events.ts';
import { requireRun } from '../require-run.ts';

export const getRunStream = defineEndpoint({
  method: 'get', path: '/api/v1/runs/{id}/stream', operationId: 'streamRun', tag: 'Runs', summary: 'Follow a run live', permission: 'run:read', audit: 'none', params: RunParams, query: StreamQuery,
  description: 'Server-sent events: `id` = sequence, `event` = type, `data` = the event as JSON. Resumes after `Last-Event-ID` (or `?after=`) without gap or repetition, on any server. Ends after the last event; asked again with everything seen it answers 204, which ends the browser\'s reconnecting.',
  answers: { 200: { description: 'The events, from the first to the last', contentType: 'text/event-stream' }, 204: { description: 'The run has ended and you have seen everything' } }, errors: ['InvalidInput', 'NotFound', 'RateLimited'],
  handler: (deps) => {
    const slots = streamSlots(deps);
    return async ({ principal, params, query, req, res }) => {
      const run = await requireRun(deps.db, principal.userId, params.id);
      const after = lastEventId(req.get('last-event-id')) ?? query.after ?? 0;
      if (isTerminal(run.status) && after >= run.lastSequence) return { status: 204 };
      const release = slots.take(principal.userId);
      res.once('close', release);
      // no-transform: a proxy that compresses would hold events back until the end.
      res.set('Cache-Control', 'no-store, no-transform');
      const session = await createSession(req, res, { keepAlive: HEARTBEAT_MS, retry: 2000 });
      // Detached: the response lives on after this handler; nothing of it may become an unhandled rejection.
      void followEvents(deps, { session, res, runId: run.id, principal, after, idOf: String, stillAllowed: stillAllowed(deps, req, principal) })
        .catch((error: unknown) => deps.logger.error({ err: error }, 'a live stream broke'))
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


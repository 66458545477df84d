import { createSession } from 'better-sse';
import { StreamsQuery } from '#contracts/api/runs.schema';
import { isTerminal } from '#contracts/runs';
import { notFound } from '#platform/coded-error';
import { findRun } from '#platform/repositories/run-queries';
import { defineEndpoint, HANDLED } from '../../endpoint.ts';
import { followEvents, HEARTBEAT_MS, stillAllowed, streamSlots } from '../../follow-events.ts';
import { logFieldsOf } from './require-run.ts';

/** Over HTTP/1.1 a browser has six connections to one origin for all its tabs: with a stream of its own for each run the seventh
 * tab would hang without a word. */
export const getRunsStream = defineEndpoint({
  method: 'get', path: '/api/v1/runs/stream', operationId: 'streamRuns', tag: 'Runs', summary: 'Follow several runs by one stream', permission: 'run:read', audit: 'none', query: StreamsQuery,
  description: 'As the stream of one run, for as many as a browser shows: `data` is the event with its `run_id`. Name the runs with the last sequence you have of each; to resume, ask again with what you have by then (`Last-Event-ID` is not read). Ends when all have ended; runs that are not yours are left out.',
  answers: { 200: { description: 'The events; those of one run in their order', contentType: 'text/event-stream' }, 204: { description: 'All have ended and you have seen everything' } }, errors: ['InvalidInput', 'NotFound', 'RateLimited'],
  handler: (deps) => {
    const slots = streamSlots(deps);
    return async ({ principal, query, req, res }) => {
      const found = await Promise.all(query.runs.map(async ({ id, after }) => ({ run: await findRun(deps.db, principal.userId, id), after })));
      const known = found.flatMap(({ run, after }) => (run ? [{ run, after }] : []));
      if (known.length === 0) throw notFound('These runs');
      const open = known.filter(({ run, after }) => !isTerminal(run.status) || after < run.lastSequence);
      if (open.length === 0) return { status: 204 };
      const release = slots.take(principal.userId);
      res.once('close', release);
      res.set('Cache-Control', 'no-store, no-transform');
      const session = await createSession(req, res, { keepAlive: HEARTBEAT_MS, retry: 2000 });
      const allowed = stillAllowed(deps, req, principal);
      const follow = ({ run, after }: (typeof open)[number]): Promise<void> => followEvents(deps, { session, res, runId: run.id, principal, after, idOf: (sequence) => `${run.id}:${sequence}`, stillAllowed: allowed }).catch((error: unknown) => {
        deps.logger.error({ err: error, ...logFieldsOf(run) }, 'a live stream broke');
        throw error;
      });
      // Detached, as in the stream of one run.
      void Promise.all(open.map(follow))
        .catch(() => {})
        .finally(() => res.end());
      return HANDLED;
    };
  },
});

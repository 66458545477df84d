import { z } from 'zod';
import { EventsQuery, RunEventSchema, RunParams } from '#contracts/api/runs.schema';
import { LIST_LIMIT_MAX } from '#contracts/limits';
import { runEventToWire } from '#contracts/wire';
import { listRunEvents } from '#platform/repositories/run-events';
import { defineEndpoint } from '../../../endpoint.ts';
import { requireRun } from '../require-run.ts';

export const getRunEvents = defineEndpoint({
  method: 'get', path: '/api/v1/runs/{id}/events', operationId: 'listRunEvents', tag: 'Runs', summary: 'The event log of a run', description: 'Oldest first, at most 200 at once: ask again with `after` = the last sequence. Sequences increase, they need not be contiguous.',
  permission: 'run:read', audit: 'none', params: RunParams, query: EventsQuery, answers: { 200: { description: 'Events', schema: z.array(RunEventSchema) } }, errors: ['InvalidInput', 'NotFound'],
  handler: (deps) => async ({ principal, params, query }) => {
    const run = await requireRun(deps.db, principal.userId, params.id);
    const limit = query.limit ?? LIST_LIMIT_MAX;
    const events = await listRunEvents(deps.db, run.id, query.after ?? 0, limit);
    const last = events.at(-1);
    const more = events.length === limit && last ? { Link: `</api/v1/runs/${run.id}/events?after=${last.sequence}&limit=${limit}>; rel="next"` } : undefined;
    return { status: 200, body: events.map(runEventToWire), ...(more ? { headers: more } : {}) };
  },
});

import { z } from 'zod';
import { RunSchema, RunsQuery } from '#contracts/api/runs.schema';
import { invalidField } from '#platform/coded-error';
import { pageFrom } from '#platform/repositories/paging';
import { listRuns } from '#platform/repositories/run-queries';
import { defineEndpoint } from '../../endpoint.ts';
import { pagedAnswer } from '../../paged.ts';
import { runToWire } from './run-to-wire.ts';

const DAY_MS = 86_400_000;

export const getRuns = defineEndpoint({
  method: 'get', path: '/api/v1/runs', operationId: 'listRuns', tag: 'Runs', summary: 'My runs, newest first', description: 'All filters narrow together; X-Total-Count counts what they leave.', permission: 'run:read', audit: 'none', query: RunsQuery,
  answers: { 200: { description: 'Runs', schema: z.array(RunSchema) } }, errors: ['InvalidInput'],
  handler: (deps) => async ({ principal, query, req }) => {
    if (query.status !== undefined && query.status_filter !== undefined) throw invalidField('#/query/status_filter', 'is the older name of status; send one of them');
    const filter = { workflow: query.workflow_id, status: query.status ?? query.status_filter, runMode: query.run_mode, provider: query.provider, search: query.search || undefined, model: query.model, rating: query.rating, live: query.live, simulated: query.simulated, from: query.from ? new Date(query.from) : undefined, until: query.to ? new Date(Date.parse(query.to) + DAY_MS) : undefined };
    return pagedAnswer(req, await listRuns(deps.db, principal.userId, filter, pageFrom(query)), runToWire);
  },
});

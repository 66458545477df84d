import { RatingBody, RunParams, RunSchema } from '#contracts/api/runs.schema';
import { isTerminal } from '#contracts/runs';
import { CodedError } from '#platform/coded-error';
import { rateRun } from '#platform/repositories/run-queries';
import { defineEndpoint } from '../../../endpoint.ts';
import { requireRun } from '../require-run.ts';
import { runToWire } from '../run-to-wire.ts';

export const putRating = defineEndpoint({
  method: 'put', path: '/api/v1/runs/{id}/rating', operationId: 'rateRun', tag: 'Runs', summary: 'Say what you think of a result', description: 'Good, poor, or nothing. Shown in the catalog beside what a workflow takes, and a filter of the list of runs.',
  permission: 'run:decide', audit: 'none', params: RunParams, body: RatingBody, answers: { 200: { description: 'The run', schema: RunSchema } }, errors: ['InvalidInput', 'NotFound', 'Conflict', 'PermissionDenied'],
  handler: (deps) => async ({ principal, params, body }) => {
    const run = await requireRun(deps.db, principal.userId, params.id);
    if (!isTerminal(run.status)) throw new CodedError('Conflict', `This run is ${run.status}.`, { remedy: 'Rate it when it has ended.' });
    await rateRun(deps.db, principal.userId, run.id, body.rating, body.rating === null ? null : (body.note ?? null));
    return { status: 200, body: runToWire(await requireRun(deps.db, principal.userId, run.id)) };
  },
});

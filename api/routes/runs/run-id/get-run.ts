import { RunDetailSchema, RunParams } from '#contracts/api/runs.schema';
import { isTerminal } from '#contracts/runs';
import { notFound } from '#platform/coded-error';
import { addLogFields } from '#platform/log-fields';
import { findRunDetail } from '#platform/repositories/run-queries';
import { defineEndpoint } from '../../../endpoint.ts';
import { logFieldsOf } from '../require-run.ts';
import { runDetailToWire } from '../run-to-wire.ts';

export const getRun = defineEndpoint({
  method: 'get', path: '/api/v1/runs/{id}', operationId: 'getRun', tag: 'Runs', summary: 'One run', description: 'A failed run answers 200 and carries its error. An ended run has an ETag.', permission: 'run:read', audit: 'none', params: RunParams,
  answers: { 200: { description: 'The run with its stages, artifacts and numbers', schema: RunDetailSchema } }, errors: ['InvalidInput', 'NotFound'],
  handler: (deps) => async ({ principal, params }) => {
    const found = await findRunDetail(deps.db, principal.userId, params.id);
    if (!found) throw notFound('This run');
    const { run, artifacts, forks } = found;
    addLogFields(logFieldsOf(run));
    const view = await deps.views.viewOf(run.id, run.lastSequence);
    return { status: 200, body: runDetailToWire(run, view, artifacts, deps.config, forks), revalidate: isTerminal(run.status) };
  },
});

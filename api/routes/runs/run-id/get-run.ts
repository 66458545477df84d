import { RunDetailSchema, RunParams } from '#contracts/api/runs.schema';
import { isTerminal } from '#contracts/runs';
import { forksOfRun } from '#platform/repositories/fork-answers';
import { artifactsOfRun } from '#platform/repositories/artifact-queries';
import { defineEndpoint } from '../../../endpoint.ts';
import { requireRun } from '../require-run.ts';
import { runDetailToWire } from '../run-to-wire.ts';

export const getRun = defineEndpoint({
  method: 'get', path: '/api/v1/runs/{id}', operationId: 'getRun', tag: 'Runs', summary: 'One run', description: 'A failed run answers 200 and carries its error. An ended run has an ETag.', permission: 'run:read', audit: 'none', params: RunParams,
  answers: { 200: { description: 'The run with its stages, artifacts and numbers', schema: RunDetailSchema } }, errors: ['InvalidInput', 'NotFound'],
  handler: (deps) => async ({ principal, params }) => {
    const run = await requireRun(deps.db, principal.userId, params.id);
    const [view, forks, artifacts] = await Promise.all([deps.views.viewOf(run.id, run.lastSequence), forksOfRun(deps.db, run.userId, run.id), artifactsOfRun(deps.db, run.userId, run.id)]);
    return { status: 200, body: runDetailToWire(run, view, artifacts, deps.config, forks), revalidate: isTerminal(run.status) };
  },
});

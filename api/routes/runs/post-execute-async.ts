import { RunBody, StartedRunSchema } from '#contracts/api/runs.schema';
import { defineEndpoint } from '../../endpoint.ts';
import { acceptRun } from './accept-run.ts';
import { acceptedAnswer, RUN_ERRORS } from './post-run.ts';

export const postExecuteAsync = defineEndpoint({
  method: 'post', path: '/api/v1/runs/execute-async', operationId: 'executeRunAsync', tag: 'Runs', summary: 'Start a run, answer 202', description: 'The same as POST /runs with the status older clients expect.',
  permission: 'workflow:read', audit: 'run.queued', body: RunBody, idempotent: true, answers: { 202: { description: 'Accepted', schema: StartedRunSchema } }, errors: RUN_ERRORS,
  handler: (deps) => async (call) => acceptedAnswer(202, await acceptRun(deps, call, 'executeRunAsync', async () => ({ body: call.body }))),
});

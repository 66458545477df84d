import { ExecuteAnswer, RunBody, StartedRunSchema } from '#contracts/api/runs.schema';
import { CodedError } from '#platform/coded-error';
import { defineEndpoint } from '../../endpoint.ts';
import { waitForEnd } from '../../wait-for-end.ts';
import { acceptRun } from './accept-run.ts';
import { executeAnswer } from './execute-answer.ts';
import { acceptedAnswer, RUN_ERRORS } from './post-run.ts';

/** The run is accepted: who waits for too many already is told so, and finds the result later. */
function goesOn(error: unknown): null {
  if (error instanceof CodedError && error.code === 'RateLimited') return null;
  throw error;
}

export const postExecute = defineEndpoint({
  method: 'post', path: '/api/v1/runs/execute', operationId: 'executeRun', tag: 'Runs', summary: 'Start a run and wait for it', description: 'Waits up to the server\'s limit (AWP_EXECUTE_WAIT_SECONDS); a run that takes longer answers 202 with Location and goes on.',
  permission: 'workflow:read', audit: 'run.queued', body: RunBody, idempotent: true,
  answers: { 200: { description: 'The run has ended; a failed run is a result too, see run.status', schema: ExecuteAnswer }, 202: { description: 'Still going on', schema: StartedRunSchema } }, errors: RUN_ERRORS,
  handler: (deps) => async (call) => {
    const accepted = await acceptRun(deps, call, 'executeRun', async () => ({ body: call.body }));
    const closed = new AbortController();
    call.res.once('close', () => closed.abort());
    const ended = await waitForEnd(deps, call.principal.userId, accepted.run.id, deps.config.AWP_EXECUTE_WAIT_SECONDS * 1000, AbortSignal.any([closed.signal, deps.stopping])).catch(goesOn);
    const answer = acceptedAnswer(ended ? 200 : 202, accepted);
    return ended ? { ...answer, body: await executeAnswer(deps, ended) } : answer;
  },
});

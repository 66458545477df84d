import { RunBody, StartedRunSchema } from '#contracts/api/runs.schema';
import { defineEndpoint, type Answer } from '../../endpoint.ts';
import { acceptRun, type AcceptedRun } from './accept-run.ts';

export const RUN_ERRORS = ['InvalidInput', 'NotFound', 'Conflict', 'EvidenceRequired', 'IdempotencyMismatch', 'PermissionDenied', 'RateLimited', 'BudgetExceeded'] as const;

export const postRun = defineEndpoint({
  method: 'post', path: '/api/v1/runs', operationId: 'startRun', tag: 'Runs', summary: 'Start a run', description: 'Answers as soon as the run is stored; from then on it ends in a terminal state, whatever dies. `run_mode` is `test_run` when left out.',
  permission: 'workflow:read', audit: 'run.queued', body: RunBody, idempotent: true, answers: { 201: { description: 'Accepted', schema: StartedRunSchema } }, errors: RUN_ERRORS,
  handler: (deps) => async (call) => acceptedAnswer(201, await acceptRun(deps, call, 'startRun', async () => ({ body: call.body }))),
});

export function acceptedAnswer(status: number, { run, replayed }: AcceptedRun): Answer {
  return { status, body: run, headers: { Location: `/api/v1/runs/${run.id}`, ...(replayed ? { 'Idempotency-Replayed': 'true' } : {}) } };
}

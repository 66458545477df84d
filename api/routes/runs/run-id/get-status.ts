import { RunParams, RunStatusAnswer } from '#contracts/api/runs.schema';
import { defineEndpoint } from '../../../endpoint.ts';
import { requireRun } from '../require-run.ts';

export const getRunStatus = defineEndpoint({
  method: 'get', path: '/api/v1/runs/{id}/status', operationId: 'getRunStatus', tag: 'Runs', summary: 'Where a run stands', permission: 'run:read', audit: 'none', params: RunParams,
  answers: { 200: { description: 'Status and times', schema: RunStatusAnswer } }, errors: ['InvalidInput', 'NotFound'],
  handler: (deps) => async ({ principal, params }) => {
    const run = await requireRun(deps.db, principal.userId, params.id);
    return {
      status: 200,
      body: {
        run_id: run.id, status: run.status, wait_reason: run.waitReason, started_at: run.startedAt?.toISOString() ?? null, completed_at: run.completedAt?.toISOString() ?? null, error_message: run.error?.detail ?? null,
        last_sequence: run.lastSequence, cancel_requested: run.cancelRequestedAt !== null,
      },
    };
  },
});

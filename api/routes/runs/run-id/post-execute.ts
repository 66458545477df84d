import { RunParams, RunSchema } from '#contracts/api/runs.schema';
import { CodedError, notFound } from '#platform/coded-error';
import { findRunRequest } from '#platform/repositories/run-queries';
import { startRunExecution } from '#platform/start-run';
import { defineEndpoint } from '../../../endpoint.ts';
import { requireRun } from '../require-run.ts';
import { runToWire } from '../run-to-wire.ts';

export const postExecuteRun = defineEndpoint({
  method: 'post', path: '/api/v1/runs/{id}/execute', operationId: 'executeQueuedRun', tag: 'Runs', summary: 'Start a queued run now', description: 'Queued runs start by themselves; this only hurries one that waits because the engine was away.', permission: 'workflow:run:validate', audit: 'none', params: RunParams,
  answers: { 202: { description: 'Started', schema: RunSchema } }, errors: ['InvalidInput', 'NotFound', 'Conflict', 'PermissionDenied', 'ServiceUnavailable'],
  handler: (deps) => async ({ principal, params }) => {
    const run = await requireRun(deps.db, principal.userId, params.id);
    if (run.status !== 'queued') throw new CodedError('Conflict', `This run is ${run.status}, not queued.`);
    const stored = await findRunRequest(deps.db, principal.userId, run.id);
    if (!stored) throw notFound('This run');
    try {
      await startRunExecution(deps.temporal, stored.request, { ...stored.meta, taskQueue: deps.config.WORKER_TASK_QUEUE });
    } catch (error) {
      throw new CodedError('ServiceUnavailable', 'The engine does not answer; the run stays queued and will start by itself.', { retryAfterSeconds: 5, cause: error });
    }
    return { status: 202, body: runToWire(await requireRun(deps.db, principal.userId, run.id)), headers: { Location: `/api/v1/runs/${run.id}` } };
  },
});

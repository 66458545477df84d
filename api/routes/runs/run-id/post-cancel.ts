import { WorkflowNotFoundError } from '@temporalio/client';
import { CancelAnswer, RunParams } from '#contracts/api/runs.schema';
import { isTerminal } from '#contracts/runs';
import { CodedError } from '#platform/coded-error';
import { appendAuditEvent } from '#platform/repositories/audit';
import { appendRunEvents } from '#platform/repositories/run-events';
import { findRunRequest, requestCancel } from '#platform/repositories/run-queries';
import { bounded } from '#platform/bounded';
import { startRunExecution } from '#platform/start-run';
import type { Deps } from '../../../deps.ts';
import { defineEndpoint } from '../../../endpoint.ts';
import { requireRun } from '../require-run.ts';

const DEADLINE_MS = 2000;

export const postCancel = defineEndpoint({
  method: 'post', path: '/api/v1/runs/{id}/cancel', operationId: 'cancelRun', tag: 'Runs', summary: 'Cancel a run', description: 'The wish is stored at once; the run ends within seconds and keeps what it made. Asking again while it is ending gives the same answer.',
  permission: 'run:cancel', audit: 'run.cancel_requested', params: RunParams, answers: { 202: { description: 'It will end', schema: CancelAnswer } }, errors: ['InvalidInput', 'NotFound', 'Conflict', 'PermissionDenied'],
  handler: (deps) => async ({ principal, params, audit }) => {
    const before = await requireRun(deps.db, principal.userId, params.id);
    if (isTerminal(before.status)) throw ended(before.status);
    await deps.db.$transaction(async (tx) => {
      if (!(await requestCancel(tx, principal.userId, params.id))) return;
      await appendRunEvents(tx, params.id, [{ key: 'api/cancel', event: { type: 'cancel-request', data: { by: principal.name } } }]);
      await appendAuditEvent(tx, audit({ type: 'run.cancel_requested', resource: `run/${params.id}` }));
    });
    const run = await requireRun(deps.db, principal.userId, params.id);
    if (!run.cancelRequestedAt) throw ended(run.status);
    await cancelExecution(deps, principal.userId, run.id);
    return { status: 202, body: { run_id: run.id, status: before.cancelRequestedAt ? before.status : run.status, cancel_requested_at: run.cancelRequestedAt.toISOString() } };
  },
});

const ended = (status: string): CodedError => new CodedError('Conflict', `This run has ended already: ${status}.`, { remedy: 'There is nothing to cancel.' });

/** A queued run whose execution was never started is started and cancelled at once: it then ends like every other run, with
 * its files and its last event. When Temporal is away the stored wish is enough: the reconciler passes it on. */
async function cancelExecution(deps: Deps, userId: string, runId: string): Promise<void> {
  const cancel = () => bounded(deps.temporal.withDeadline(Date.now() + DEADLINE_MS, () => deps.temporal.workflow.getHandle(runId).cancel()), DEADLINE_MS + 500);
  try {
    await cancel();
  } catch (error) {
    try {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
      const stored = await findRunRequest(deps.db, userId, runId);
      if (!stored || (await startRunExecution(deps.temporal, stored.request, { ...stored.meta, taskQueue: deps.config.WORKER_TASK_QUEUE })) === 'exists') return;
      await cancel();
    } catch (reason) {
      deps.logger.warn({ err: reason }, 'cancel not delivered yet, the reconciler will');
    }
  }
}

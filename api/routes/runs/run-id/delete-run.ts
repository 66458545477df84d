import { RunParams } from '#contracts/api/runs.schema';
import { isTerminal } from '#contracts/runs';
import { CodedError, notFound } from '#platform/coded-error';
import { artifactsOfRun } from '#platform/repositories/artifact-queries';
import { appendAuditEvent } from '#platform/repositories/audit';
import { deleteEndedRun } from '#platform/repositories/run-queries';
import { defineEndpoint } from '../../../endpoint.ts';
import { requireRun } from '../require-run.ts';

export const deleteRun = defineEndpoint({
  method: 'delete', path: '/api/v1/runs/{id}', operationId: 'deleteRun', tag: 'Runs', summary: 'Delete an ended run', description: 'Its rows and files go; the audit event stays. A live run is refused: cancel it first.', permission: 'run:delete', audit: 'run.deleted', params: RunParams,
  answers: { 204: { description: 'Deleted' } }, errors: ['InvalidInput', 'NotFound', 'Conflict', 'PermissionDenied'],
  handler: (deps) => async ({ principal, params, audit }) => {
    const run = await requireRun(deps.db, principal.userId, params.id);
    if (!isTerminal(run.status)) throw new CodedError('Conflict', `This run is ${run.status}.`, { remedy: 'Cancel it first.' });
    const artifacts = await deps.db.$transaction(async (tx) => {
      const files = await artifactsOfRun(tx, principal.userId, run.id);
      if (!(await deleteEndedRun(tx, principal.userId, run.id))) throw notFound('This run');
      await appendAuditEvent(tx, audit({ type: 'run.deleted', resource: `run/${run.id}`, data: { workflow: run.workflowSlug, artifacts: files.length } }));
      return files;
    });
    // Rows first: a file without a row is rubbish that nobody sees, a row without its file would be a lie.
    const results = await Promise.allSettled([...artifacts.map((artifact) => deps.storage.delete(artifact.storageKey)), deps.storage.deleteFolder(params.id)]);
    const left = results.filter((result) => result.status === 'rejected').length;
    if (left > 0) deps.logger.error({ files_left: left }, 'files of a deleted run could not be removed');
    return { status: 204 };
  },
});

import { ArtifactParams } from '#contracts/api/artifacts.schema';
import { isTerminal } from '#contracts/runs';
import { CodedError, notFound } from '#platform/coded-error';
import { deleteArtifact as removeArtifact } from '#platform/repositories/artifact-queries';
import { appendAuditEvent } from '#platform/repositories/audit';
import { defineEndpoint } from '../../../endpoint.ts';
import { requireRun } from '../../runs/require-run.ts';
import { requireArtifact } from '../require-artifact.ts';

export const deleteArtifact = defineEndpoint({
  method: 'delete', path: '/api/v1/artifacts/{id}', operationId: 'deleteArtifact', tag: 'Artifacts', summary: 'Delete a file', description: 'Of an ended run only.', permission: 'artifact:delete', audit: 'artifact.deleted', params: ArtifactParams,
  answers: { 204: { description: 'Deleted' } }, errors: ['InvalidInput', 'NotFound', 'Conflict', 'PermissionDenied', 'StorageUnavailable'],
  handler: (deps) => async ({ principal, params, audit }) => {
    const artifact = await requireArtifact(deps.db, principal.userId, params.id);
    const run = await requireRun(deps.db, principal.userId, artifact.runId);
    if (!isTerminal(run.status)) throw new CodedError('Conflict', 'The run of this file has not ended.', { remedy: 'Wait for its end, or cancel it.' });
    await deps.db.$transaction(async (tx) => {
      if (!(await removeArtifact(tx, principal.userId, artifact.id))) throw notFound('This file');
      // Before the commit: a store that is away leaves the file in the list, to be deleted again. Before the audit log, whose lock is everybody's.
      await deps.storage.delete(artifact.storageKey);
      await appendAuditEvent(tx, audit({ type: 'artifact.deleted', resource: `artifact/${artifact.id}`, data: { run: artifact.runId, file_name: artifact.fileName } }));
    });
    return { status: 204 };
  },
});

import { UploadParams } from '#contracts/api/uploads.schema';
import { notFound } from '#platform/coded-error';
import { appendAuditEvent } from '#platform/repositories/audit';
import { deleteUpload as removeUpload } from '#platform/repositories/uploads';
import { defineEndpoint } from '../../../endpoint.ts';

export const deleteUpload = defineEndpoint({
  method: 'delete', path: '/api/v1/uploads/{id}', operationId: 'deleteUpload', tag: 'Uploads', summary: 'Delete an upload', description: 'Not while a run that has not ended names it.', permission: 'upload:write', audit: 'upload.deleted', params: UploadParams,
  answers: { 204: { description: 'Deleted' } }, errors: ['InvalidInput', 'NotFound', 'Conflict', 'StorageUnavailable'],
  handler: (deps) => async ({ principal, params, audit }) => {
    const storageKey = await deps.db.$transaction(async (tx) => {
      const key = await removeUpload(tx, principal.userId, params.id);
      if (key === null) throw notFound('This upload');
      await appendAuditEvent(tx, audit({ type: 'upload.deleted', resource: `upload/${params.id}` }));
      return key;
    });
    await deps.storage.delete(storageKey);
    return { status: 204 };
  },
});

import { PostUploadQuery, UploadSchema } from '#contracts/api/uploads.schema';
import { uuidv7 } from '#platform/ids';
import { appendAuditEvent } from '#platform/repositories/audit';
import { keepUpload, UPLOAD_FOLDER, uploadStorageKey } from '#platform/repositories/uploads';
import { defineEndpoint } from '../../endpoint.ts';
import { receiveUpload, shownName } from './receive-upload.ts';
import { uploadToWire } from './upload-to-wire.ts';

export const postUpload = defineEndpoint({
  method: 'post', path: '/api/v1/uploads', operationId: 'createUpload', tag: 'Uploads', summary: 'Upload a file', permission: 'upload:write', audit: 'upload.created', query: PostUploadQuery, file: true,
  description: 'The body is the file itself. Its kind is found by looking at it. The same content again is the upload that was there (200). Name its id in the inputs of a run.',
  answers: { 201: { description: 'Kept', schema: UploadSchema }, 200: { description: 'It was there already', schema: UploadSchema } }, errors: ['InvalidInput', 'PayloadTooLarge', 'UnsupportedMediaType', 'StorageUnavailable'],
  handler: (deps) => async ({ principal, query, req, audit }) => {
    const id = uuidv7();
    const key = uploadStorageKey(id);
    const fileName = shownName(query.file_name);
    try {
      const { stored, kind, columns } = await receiveUpload(req, deps.storage, { key, fileName, maxBytes: deps.config.AWP_UPLOAD_MAX_BYTES });
      const { upload, isNew } = await deps.db.$transaction(async (tx) => {
        const kept = await keepUpload(tx, { id, userId: principal.userId, fileName, kind, fileSizeBytes: stored.sizeBytes, sha256: stored.sha256, storageKey: key, columns }, { quotaBytes: deps.config.AWP_UPLOAD_QUOTA_BYTES, retentionDays: deps.config.AWP_RETENTION_DAYS });
        if (kept.isNew) await appendAuditEvent(tx, audit({ type: 'upload.created', resource: `upload/${id}`, data: { file_name: fileName, kind, bytes: stored.sizeBytes, sha256: stored.sha256 } }));
        return kept;
      });
      if (!isNew) await deps.storage.delete(key);
      return { status: isNew ? 201 : 200, body: uploadToWire(upload), headers: { Location: `/api/v1/uploads/${upload.id}` } };
    } catch (error) {
      await deps.storage.deleteFolder(`${UPLOAD_FOLDER}${id}`).catch(() => {});
      throw error;
    }
  },
});

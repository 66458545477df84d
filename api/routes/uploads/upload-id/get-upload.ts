import { UploadParams, UploadSchema } from '#contracts/api/uploads.schema';
import { notFound } from '#platform/coded-error';
import { findUpload } from '#platform/repositories/uploads';
import { defineEndpoint } from '../../../endpoint.ts';
import { uploadToWire } from '../upload-to-wire.ts';

export const getUpload = defineEndpoint({
  method: 'get', path: '/api/v1/uploads/{id}', operationId: 'getUpload', tag: 'Uploads', summary: 'About one upload', permission: 'upload:read', audit: 'none', params: UploadParams,
  answers: { 200: { description: 'Name, kind, size and hash', schema: UploadSchema } }, errors: ['InvalidInput', 'NotFound'],
  handler: (deps) => async ({ principal, params }) => {
    const upload = await findUpload(deps.db, principal.userId, params.id);
    if (!upload) throw notFound('This upload');
    return { status: 200, body: uploadToWire(upload) };
  },
});

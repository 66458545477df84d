import { z } from 'zod';
import { UploadSchema, UploadsQuery } from '#contracts/api/uploads.schema';
import { pageFrom } from '#platform/repositories/paging';
import { listUploads } from '#platform/repositories/uploads';
import { defineEndpoint } from '../../endpoint.ts';
import { pagedAnswer } from '../../paged.ts';
import { uploadToWire } from './upload-to-wire.ts';

export const getUploads = defineEndpoint({
  method: 'get', path: '/api/v1/uploads', operationId: 'listUploads', tag: 'Uploads', summary: 'My uploads, newest first', permission: 'upload:read', audit: 'none', query: UploadsQuery,
  answers: { 200: { description: 'Uploads', schema: z.array(UploadSchema) } }, errors: ['InvalidInput'],
  handler: (deps) => async ({ principal, query, req }) => pagedAnswer(req, await listUploads(deps.db, principal.userId, { kind: query.kind }, pageFrom(query)), uploadToWire),
});

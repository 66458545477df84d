import type { Request } from 'express';
import { ArtifactParams } from '#contracts/api/artifacts.schema';
import { defineEndpoint, HANDLED, type Answer } from '../../../endpoint.ts';
import { requireStoredArtifact } from '../require-artifact.ts';
import { downloadHeaders, sendStream } from '../send-file.ts';

/** What a page reads by script or shows as a picture must come from here: its policy allows no other origin. */
const mayLeave = (req: Request): boolean => req.method === 'GET' && ['navigate', undefined].includes(req.get('sec-fetch-mode'));

export const getArtifactDownload = defineEndpoint({
  method: 'get', path: '/api/v1/artifacts/{id}/download', operationId: 'downloadArtifact', tag: 'Artifacts', summary: 'Download a file', permission: 'artifact:read', audit: 'none', params: ArtifactParams,
  answers: { 200: { description: 'The bytes, as an attachment', contentType: 'application/octet-stream' }, 302: { description: 'Artifacts are in a bucket: Location serves the bytes for a minute, without credentials' }, 304: { description: 'You have it already' } }, errors: ['InvalidInput', 'NotFound', 'Gone', 'StorageUnavailable'],
  handler: (deps) => async ({ principal, params, req, res }): Promise<Answer | typeof HANDLED> => {
    const artifact = await requireStoredArtifact(deps.db, principal.userId, params.id);
    const etag = `"${artifact.sha256}"`;
    const headers = downloadHeaders(artifact.fileName, artifact.mimeType);
    if (req.get('if-none-match') === etag) return { status: 304, headers: { ETag: etag } };
    const link = mayLeave(req) ? await deps.storage.downloadUrl(artifact.storageKey, { contentType: artifact.mimeType, contentDisposition: headers['Content-Disposition'] as string }) : null;
    if (link) return { status: 302, headers: { Location: link, 'Cache-Control': 'no-store' } };
    res.set({ ...headers, ETag: etag });
    const { stream, sizeBytes } = await deps.storage.get(artifact.storageKey);
    res.status(200).set('Content-Length', String(sizeBytes));
    if (req.method === 'HEAD') {
      stream.destroy();
      res.end();
      return HANDLED;
    }
    await sendStream(res, stream);
    return HANDLED;
  },
});

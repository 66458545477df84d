import { ArtifactParams } from '#contracts/api/artifacts.schema';
import { defineEndpoint, HANDLED } from '../../../endpoint.ts';
import { requireStoredArtifact } from '../require-artifact.ts';
import { downloadHeaders, sendStream } from '../send-file.ts';

export const getArtifactDownload = defineEndpoint({
  method: 'get', path: '/api/v1/artifacts/{id}/download', operationId: 'downloadArtifact', tag: 'Artifacts', summary: 'Download a file', permission: 'artifact:read', audit: 'none', params: ArtifactParams,
  answers: { 200: { description: 'The bytes, as an attachment', contentType: 'application/octet-stream' }, 304: { description: 'You have it already' } }, errors: ['InvalidInput', 'NotFound', 'Gone', 'StorageUnavailable'],
  handler: (deps) => async ({ principal, params, req, res }) => {
    const artifact = await requireStoredArtifact(deps.db, principal.userId, params.id);
    const etag = `"${artifact.sha256}"`;
    res.set({ ...downloadHeaders(artifact.fileName, artifact.mimeType), ETag: etag });
    if (req.get('if-none-match') === etag) return { status: 304 };
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

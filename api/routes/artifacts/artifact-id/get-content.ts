import { buffer } from 'node:stream/consumers';
import { ArtifactContentSchema, ArtifactParams } from '#contracts/api/artifacts.schema';
import { CodedError } from '#platform/coded-error';
import { defineEndpoint } from '../../../endpoint.ts';
import { requireStoredArtifact } from '../require-artifact.ts';

const MAX_BYTES = 5_000_000;
/** Whether a file of this type can be read as JSON. */
export const isTextFile = (mimeType: string): boolean => TEXT.test(mimeType);
const TEXT = /^(?:text\/|application\/(?:json|xml|yaml|x-ndjson)\b)/;

export const getArtifactContent = defineEndpoint({
  method: 'get', path: '/api/v1/artifacts/{id}/content', operationId: 'getArtifactContent', tag: 'Artifacts', summary: 'A text file as JSON', description: `Text only, at most ${MAX_BYTES / 1_000_000} MB; for anything else use the download.`, permission: 'artifact:read', audit: 'none', params: ArtifactParams,
  answers: { 200: { description: 'The text', schema: ArtifactContentSchema } }, errors: ['InvalidInput', 'NotFound', 'Gone', 'PayloadTooLarge', 'StorageUnavailable'],
  handler: (deps) => async ({ principal, params }) => {
    const artifact = await requireStoredArtifact(deps.db, principal.userId, params.id);
    const remedy = `Use GET /api/v1/artifacts/${artifact.id}/download.`;
    if (!isTextFile(artifact.mimeType)) throw new CodedError('InvalidInput', `${artifact.fileName} is not text.`, { remedy });
    if (artifact.fileSizeBytes > MAX_BYTES) throw new CodedError('PayloadTooLarge', `${artifact.fileName} is larger than ${MAX_BYTES / 1_000_000} MB.`, { remedy });
    const bytes = await buffer((await deps.storage.get(artifact.storageKey)).stream);
    return { status: 200, body: { artifact_id: artifact.id, file_name: artifact.fileName, mime_type: artifact.mimeType, content: bytes.toString('utf8') }, revalidate: true };
  },
});

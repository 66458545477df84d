import { ArtifactParams, ArtifactSchema } from '#contracts/api/artifacts.schema';
import { defineEndpoint } from '../../../endpoint.ts';
import { artifactToWire } from '../artifact-to-wire.ts';
import { requireArtifact } from '../require-artifact.ts';

export const getArtifact = defineEndpoint({
  method: 'get', path: '/api/v1/artifacts/{id}', operationId: 'getArtifact', tag: 'Artifacts', summary: 'About one file', permission: 'artifact:read', audit: 'none', params: ArtifactParams,
  answers: { 200: { description: 'Name, size, type and hash', schema: ArtifactSchema } }, errors: ['InvalidInput', 'NotFound'],
  handler: (deps) => async ({ principal, params }) => ({ status: 200, body: artifactToWire(await requireArtifact(deps.db, principal.userId, params.id)) }),
});

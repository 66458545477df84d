import { z } from 'zod';
import { ArtifactSchema, ArtifactsQuery } from '#contracts/api/artifacts.schema';
import { listArtifacts } from '#platform/repositories/artifact-queries';
import { pageFrom } from '#platform/repositories/paging';
import { defineEndpoint } from '../../endpoint.ts';
import { pagedAnswer } from '../../paged.ts';
import { artifactToWire } from './artifact-to-wire.ts';

export const getArtifacts = defineEndpoint({
  method: 'get', path: '/api/v1/artifacts', operationId: 'listArtifacts', tag: 'Artifacts', summary: 'My files, newest first', permission: 'artifact:read', audit: 'none', query: ArtifactsQuery,
  answers: { 200: { description: 'Files', schema: z.array(ArtifactSchema) } }, errors: ['InvalidInput'],
  handler: (deps) => async ({ principal, query, req }) =>
    pagedAnswer(req, await listArtifacts(deps.db, principal.userId, { runId: query.run_id, artifactType: query.artifact_type }, pageFrom(query)), artifactToWire),
});

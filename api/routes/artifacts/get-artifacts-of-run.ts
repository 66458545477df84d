import { z } from 'zod';
import { ArtifactSchema } from '#contracts/api/artifacts.schema';
import { ListQuery } from '#contracts/api/common.schema';
import { RunParams } from '#contracts/api/runs.schema';
import { artifactsOfRun, MAX_ARTIFACTS_OF_RUN } from '#platform/repositories/artifact-queries';
import { pageFrom, pageOfOldestFirst } from '#platform/repositories/paging';
import { defineEndpoint } from '../../endpoint.ts';
import { pagedAnswer } from '../../paged.ts';
import { requireRun } from '../runs/require-run.ts';
import { artifactToWire } from './artifact-to-wire.ts';

export const getArtifactsOfRun = defineEndpoint({
  method: 'get', path: '/api/v1/artifacts/run/{id}', operationId: 'listArtifactsOfRun', tag: 'Artifacts', summary: 'The files of a run (older address)', description: 'The same list as GET /runs/{id}/artifacts.', permission: 'artifact:read', audit: 'none', params: RunParams, query: ListQuery,
  answers: { 200: { description: 'Files, oldest first', schema: z.array(ArtifactSchema) } }, errors: ['InvalidInput', 'NotFound'],
  handler: (deps) => async ({ principal, params, query, req }) => {
    const run = await requireRun(deps.db, principal.userId, params.id);
    return pagedAnswer(req, pageOfOldestFirst(await artifactsOfRun(deps.db, principal.userId, run.id), pageFrom({ limit: MAX_ARTIFACTS_OF_RUN, ...query })), artifactToWire);
  },
});

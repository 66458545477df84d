import { z } from 'zod';
import { ArtifactSchema } from '#contracts/api/artifacts.schema';
import { RunParams } from '#contracts/api/runs.schema';
import { artifactsOfRun } from '#platform/repositories/artifact-queries';
import { defineEndpoint } from '../../endpoint.ts';
import { requireRun } from '../runs/require-run.ts';
import { artifactToWire } from './artifact-to-wire.ts';

export const getArtifactsOfRun = defineEndpoint({
  method: 'get', path: '/api/v1/artifacts/run/{id}', operationId: 'listArtifactsOfRun', tag: 'Artifacts', summary: 'The files of a run (older address)', description: 'The same list as GET /runs/{id}/artifacts.', permission: 'artifact:read', audit: 'none', params: RunParams,
  answers: { 200: { description: 'Files, oldest first', schema: z.array(ArtifactSchema) } }, errors: ['InvalidInput', 'NotFound'],
  handler: (deps) => async ({ principal, params }) => {
    const run = await requireRun(deps.db, principal.userId, params.id);
    const rows = await artifactsOfRun(deps.db, principal.userId, run.id);
    return { status: 200, body: rows.map(artifactToWire), headers: { 'X-Total-Count': String(rows.length) } };
  },
});

import { PassThrough, Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import { z } from 'zod';
import { ArtifactSchema } from '#contracts/api/artifacts.schema';
import { RunArtifactsQuery, RunParams } from '#contracts/api/runs.schema';
import { CodedError } from '#platform/coded-error';
import { artifactsOfRun, MAX_ARTIFACTS_OF_RUN, type ArtifactRecord } from '#platform/repositories/artifact-queries';
import { pageFrom, pageOfOldestFirst } from '#platform/repositories/paging';
import type { ArtifactStorage } from '#platform/storage/artifact-storage';
import { defineEndpoint, HANDLED } from '../../../endpoint.ts';
import { pagedAnswer } from '../../../paged.ts';
import { artifactToWire } from '../../artifacts/artifact-to-wire.ts';
import { downloadHeaders, sendStream } from '../../artifacts/send-file.ts';
import { contentOf, entryName } from '../../artifacts/zip-entries.ts';
import { requireRun } from '../require-run.ts';

export const getRunArtifacts = defineEndpoint({
  method: 'get', path: '/api/v1/runs/{id}/artifacts', operationId: 'listRunArtifacts', tag: 'Artifacts', summary: 'The files of a run', description: 'As JSON (all of them, or `limit` at a time), or all in one archive with `?format=zip` or `Accept: application/zip`.', permission: 'artifact:read', audit: 'none',
  params: RunParams, query: RunArtifactsQuery, answers: { 200: { description: 'The files, oldest first', schema: z.array(ArtifactSchema), contentType: 'application/zip' } }, errors: ['InvalidInput', 'NotFound', 'Gone', 'StorageUnavailable'],
  handler: (deps) => async ({ principal, params, query, req, res }) => {
    const run = await requireRun(deps.db, principal.userId, params.id);
    const artifacts = await artifactsOfRun(deps.db, principal.userId, run.id);
    const format = query.format ?? (req.accepts(['application/json', 'application/zip']) === 'application/zip' ? 'zip' : 'json');
    res.vary('Accept');
    if (format === 'json') return pagedAnswer(req, pageOfOldestFirst(artifacts, pageFrom({ limit: MAX_ARTIFACTS_OF_RUN, ...query })), artifactToWire);
    const stored = artifacts.filter((artifact) => !artifact.expiredAt);
    if (stored.length === 0 && artifacts.length > 0) throw new CodedError('Gone', `The files of this run were removed by the retention rule on ${artifacts[0]?.expiredAt?.toISOString().slice(0, 10)}; their names, sizes and hashes stay.`);
    const zip = await zipOf(deps.storage, stored);
    res.status(200).set(downloadHeaders(`${run.workflowSlug}-${run.id.slice(0, 8)}.zip`, 'application/zip'));
    await sendStream(res, zip);
    return HANDLED;
  },
});

/** Looks at every file before the first byte goes out, so that a missing one is an error with words and not half an archive. */
async function zipOf(storage: ArtifactStorage, artifacts: readonly ArtifactRecord[]): Promise<Readable> {
  const used = new Set<string>();
  const zip = new ZipFile();
  const found = await Promise.all(artifacts.map((artifact) => storage.stat(artifact.storageKey)));
  const missing = artifacts.filter((_, index) => !found[index]);
  if (missing.length > 0) throw new CodedError('StorageUnavailable', `Missing in the store: ${missing.map((artifact) => artifact.fileName).join(', ')}.`);
  const sources: Readable[] = [];
  for (const artifact of artifacts) {
    const source = Readable.from(contentOf(storage, artifact.storageKey), { objectMode: false });
    sources.push(source);
    zip.addReadStream(source, entryName(artifact, used), { mtime: artifact.createdAt, size: artifact.fileSizeBytes });
  }
  zip.end();
  const output = new PassThrough();
  // A file that vanishes on the way cuts the download short: the client sees an aborted transfer, never a whole-looking archive.
  zip.on('error', (error: Error) => output.destroy(error));
  // A client that leaves closes whatever file was open for it.
  output.once('close', () => { for (const source of sources) source.destroy(); });
  zip.outputStream.pipe(output);
  return output;
}

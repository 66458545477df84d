import { createHash } from 'node:crypto';
import { PassThrough, Readable } from 'node:stream';
import { isGrpcServiceError, WorkflowNotFoundError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { ZipFile } from 'yazl';
import { BUNDLE_ENTRIES, BUNDLE_FORMAT, BUNDLE_VERSION, type BundleManifest } from '#contracts/bundle';
import { runEventToWire } from '#contracts/wire';
import { openHistory } from '#platform/payloads/open-history';
import { forksOfRun } from '#platform/repositories/fork-answers';
import { artifactsOfRun, type ArtifactRecord } from '#platform/repositories/artifact-queries';
import { ledgerOfRun } from '#platform/repositories/ledger-queries';
import { allRunEvents } from '#platform/repositories/run-events';
import type { RunDetailRecord } from '#platform/repositories/run-queries';
import { bounded } from '#platform/bounded';
import type { Deps } from '../../../../deps.ts';
import { VERSION } from '#platform/version';
import { contentOf, entryName } from '../../../artifacts/zip-entries.ts';
import { runDetailToWire } from '../../run-to-wire.ts';
import { TextMask } from './mask-text.ts';

const HISTORY_DEADLINE_MS = 5000;
const GRPC_NOT_FOUND = 5;
type ExportDeps = Pick<Deps, 'db' | 'storage' | 'temporal' | 'views' | 'config' | 'logger' | 'payloadEncryption'>;

interface TextEntry { name: string; content: Buffer }
interface FileEntry { name: string; artifact: ArtifactRecord }

/** Everything of an ended run in one archive: small parts are made in memory, files are read when their turn comes. The
 * manifest stands first and names the hash of every other entry. */
export async function runBundle(deps: ExportDeps, run: RunDetailRecord): Promise<{ manifest: BundleManifest; zip: Readable }> {
  const [events, ledger, artifacts, forks, history] = await Promise.all([allRunEvents(deps.db, run.id), ledgerOfRun(deps.db, run.userId, run.id), artifactsOfRun(deps.db, run.userId, run.id), forksOfRun(deps.db, run.userId, run.id), historyOf(deps, run.id)]);
  const view = await deps.views.viewOf(run.id, run.lastSequence);
  const mask = new TextMask();
  const entry = (name: string, text: string): TextEntry => ({ name, content: Buffer.from(mask.text(text)) });
  const texts = [
    entry(BUNDLE_ENTRIES.run, json(runDetailToWire(run, view, artifacts, deps.config, forks))),
    entry(BUNDLE_ENTRIES.events, events.map((event) => `${JSON.stringify(runEventToWire(event))}\n`).join('')),
    entry(BUNDLE_ENTRIES.ledger, json(ledger)),
    ...('json' in history ? [entry(BUNDLE_ENTRIES.history, json(mask.history(history.json)))] : []),
  ];
  const { files, missing } = await filesOf(deps, artifacts);
  if ('reason' in history) missing.push({ name: BUNDLE_ENTRIES.history, reason: history.reason });
  const manifest: BundleManifest = {
    format: BUNDLE_FORMAT, format_version: BUNDLE_VERSION, product_version: VERSION, exported_at: new Date().toISOString(), run_id: run.id, workflow_id: run.workflowSlug,
    workflow_version: run.workflowVersion, simulated: run.simulated, missing, masked: mask.masked,
    entries: [
      ...texts.map(({ name, content }) => ({ name, sha256: createHash('sha256').update(content).digest('hex'), bytes: content.length })),
      ...files.map(({ name, artifact }) => ({ name, sha256: artifact.sha256, bytes: artifact.fileSizeBytes })),
    ],
  };
  return { manifest, zip: zipOf(deps, manifest, texts, files, run.completedAt ?? run.updatedAt) };
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** A store that has lost a file, or has thrown it away by its retention rule, makes a smaller bundle that says so. */
async function filesOf(deps: ExportDeps, artifacts: readonly ArtifactRecord[]): Promise<{ files: FileEntry[]; missing: BundleManifest['missing'] }> {
  const used = new Set<string>();
  const files: FileEntry[] = [];
  const missing: BundleManifest['missing'] = [];
  for (const artifact of artifacts) {
    const name = `${BUNDLE_ENTRIES.artifacts}${entryName(artifact, used)}`;
    if (await deps.storage.stat(artifact.storageKey)) files.push({ name, artifact });
    else missing.push({ name, reason: 'no longer in the artifact store' });
  }
  return { files, missing };
}

/** The newest execution of the run, as Temporal keeps it for its retention time. */
async function historyOf(deps: ExportDeps, runId: string): Promise<{ json: unknown } | { reason: string }> {
  try {
    const fetching = deps.temporal.withDeadline(Date.now() + HISTORY_DEADLINE_MS, () => deps.temporal.workflow.getHandle(runId).fetchHistory());
    return { json: JSON.parse(await openHistory(await bounded(fetching, HISTORY_DEADLINE_MS + 500), deps.payloadEncryption, runId)) as unknown };
  } catch (error) {
    deps.logger.warn({ err: error }, 'a bundle goes out without the Temporal history');
    if (error instanceof ApplicationFailure) return { reason: error.message };
    const gone = error instanceof WorkflowNotFoundError || (isGrpcServiceError(error) && (error.code as number) === GRPC_NOT_FOUND);
    return { reason: gone ? 'Temporal no longer has this execution (its retention time is over)' : `Temporal did not answer within ${HISTORY_DEADLINE_MS / 1000} s` };
  }
}

function zipOf(deps: Pick<Deps, 'storage'>, manifest: BundleManifest, texts: readonly TextEntry[], files: readonly FileEntry[], mtime: Date): Readable {
  const zip = new ZipFile();
  zip.addBuffer(Buffer.from(json(manifest)), BUNDLE_ENTRIES.manifest, { mtime });
  for (const { name, content } of texts) zip.addBuffer(content, name, { mtime });
  const sources: Readable[] = [];
  for (const { name, artifact } of files) {
    const source = Readable.from(contentOf(deps.storage, artifact.storageKey), { objectMode: false });
    sources.push(source);
    zip.addReadStream(source, name, { mtime: artifact.createdAt, size: artifact.fileSizeBytes });
  }
  zip.end();
  const output = new PassThrough();
  zip.on('error', (error: Error) => output.destroy(error));
  output.once('close', () => { for (const source of sources) source.destroy(); });
  zip.outputStream.pipe(output);
  return output;
}

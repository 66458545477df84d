import { newStorageKey, type ArtifactStorage } from '../storage/artifact-storage.ts';
import { databaseNow, type Database } from '../db.ts';
import { uuidv7 } from '../ids.ts';
import { appending, appendQuickly, type Appended } from './append-events.ts';
import { appendRunEvents, lockRun, type KeyedEvent } from './run-events.ts';

export interface NewArtifact {
  runId: string; userId: string; artifactType: string; fileName: string; mimeType: string; content: string | Uint8Array;
  stage: string | null; stepIndex: number | null; summary: string | null;
  /** idempotency key of the `artifact-save` event */
  key: string;
}
export interface SavedArtifact { id: string; fileName: string; mimeType: string; fileSizeBytes: number; sha256: string }

/** Stores the bytes of all files side by side, then rows and events in one transaction; a file of the same name in the run is
 * replaced, and the bytes of the one that lost are removed. Safe to retry.
 * @param files  of one run, each name once
 * @param before  events of that run that go into the log ahead of the files
 * @returns null when the run is gone */
export async function saveRunArtifacts(db: Database, storage: ArtifactStorage, files: readonly NewArtifact[], retentionDays: number, before: readonly KeyedEvent[] = []): Promise<SavedArtifact[] | null> {
  const [{ runId } = { runId: '' }] = files;
  const put = await Promise.all(files.map(async (file): Promise<Put> => ({ id: uuidv7(), file, ...(await storage.put(newStorageKey(runId), file.content)) })));
  if (await saveNew(db, runId, put, retentionDays, before)) return put.map((stored) => savedOf(stored));
  const planned = await db.$transaction(async (tx) => {
    // Under the run's lock: two writers of one file would otherwise both take it for new.
    const run = await lockRun(tx, runId);
    if (!run) return null;
    const known = await tx.artifact.findMany({ where: { runId, fileName: { in: files.map(({ fileName }) => fileName) } }, select: { id: true, fileName: true, storageKey: true, sha256: true } });
    const expiresAt = retentionDays > 0 ? new Date((await databaseNow(tx)).getTime() + retentionDays * 86_400_000) : null;
    const plan = put.map((stored) => {
      const old = known.find(({ fileName }) => fileName === stored.file.fileName);
      return { ...stored, id: old?.id ?? stored.id, same: old?.sha256 === stored.sha256, oldKey: old?.storageKey ?? null };
    });
    const changed = plan.filter(({ same }) => !same);
    const rows = changed.map(({ file: { key: _key, content: _content, ...columns }, key: storageKey, sha256, sizeBytes, id }) => ({ id, ...columns, storageKey, fileSizeBytes: BigInt(sizeBytes), sha256, expiresAt, expiredAt: null }));
    const present = new Set(known.map(({ id }) => id));
    for (const { id, ...row } of rows.filter((candidate) => present.has(candidate.id))) await tx.artifact.update({ where: { id }, data: row });
    await tx.artifact.createMany({ data: rows.filter((candidate) => !present.has(candidate.id)) });
    await appendRunEvents(tx, runId, [...before, ...changed.map(eventOf)], run);
    return plan;
  });
  // Bytes that no row points at go: those of a run that is gone, new ones that are the same as before, old ones that were replaced.
  const loose = planned === null ? put.map(({ key }) => key) : planned.flatMap(({ same, key, oldKey }) => (same ? [key] : oldKey ? [oldKey] : []));
  await Promise.all(loose.map((storageKey) => storage.delete(storageKey)));
  return planned?.map(savedOf) ?? null;
}

interface Put { id: string; file: NewArtifact; key: string; sizeBytes: number; sha256: string }
const savedOf = ({ id, file, sizeBytes, sha256 }: Put): SavedArtifact => ({ id, fileName: file.fileName, mimeType: file.mimeType, fileSizeBytes: sizeBytes, sha256 });
const eventOf = ({ id, file, sizeBytes, sha256 }: Put): KeyedEvent => ({ key: `${file.key}/${sha256.slice(0, 12)}`, event: { type: 'artifact-save', stage: file.stage as never, data: { artifact_id: id, file_name: file.fileName, mime_type: file.mimeType, file_size_bytes: sizeBytes, sha256 } } });

const SAVE = appending({
  write: `
    files AS (SELECT * FROM jsonb_to_recordset($4::jsonb) AS f(id uuid, user_id uuid, artifact_type text, file_name text, storage_key text, file_size_bytes bigint, mime_type text, sha256 text, stage text, step_index int, summary text, days int)),
    made AS (
      INSERT INTO artifacts (id, run_id, user_id, artifact_type, file_name, storage_key, file_size_bytes, mime_type, sha256, stage, step_index, summary, expires_at)
      SELECT files.id, run.id, user_id, artifact_type, file_name, storage_key, file_size_bytes, mime_type, sha256, stage, step_index, summary, CASE WHEN days > 0 THEN clock_timestamp() + days * interval '1 day' END FROM run CROSS JOIN files
      WHERE NOT EXISTS (SELECT FROM blocked) AND NOT EXISTS (SELECT FROM files CROSS JOIN LATERAL (SELECT FROM artifacts old WHERE old.run_id = $1::uuid AND old.file_name = files.file_name LIMIT 1) old) RETURNING id
    ),`,
  gate: 'CROSS JOIN (SELECT FROM made LIMIT 1) saved',
  select: 'EXISTS (SELECT FROM made) AS "made"',
});

/** Rows and events in one statement, when the run has none of the names yet. @returns false when nothing was written */
async function saveNew(db: Database, runId: string, put: readonly Put[], days: number, before: readonly KeyedEvent[]): Promise<boolean> {
  const rows = put.map(({ id, file, key, sizeBytes, sha256 }) => ({
    id, user_id: file.userId, artifact_type: file.artifactType, file_name: file.fileName, storage_key: key, file_size_bytes: sizeBytes, mime_type: file.mimeType, sha256, stage: file.stage, step_index: file.stepIndex, summary: file.summary, days,
  }));
  const row = await appendQuickly<Appended & { made: boolean }>(db, SAVE, runId, [...before, ...put.map(eventOf)], [JSON.stringify(rows)]);
  return row !== null && row !== 'beaten' && row.made;
}

/** One file, see above. */
export async function saveRunArtifact(db: Database, storage: ArtifactStorage, file: NewArtifact, retentionDays: number): Promise<SavedArtifact | null> {
  return (await saveRunArtifacts(db, storage, [file], retentionDays))?.[0] ?? null;
}

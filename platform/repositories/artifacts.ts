import { newStorageKey, type ArtifactStorage } from '../storage/artifact-storage.ts';
import type { Database } from '../db.ts';
import { uuidv7 } from '../ids.ts';
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
  const put = await Promise.all(files.map(async (file) => ({ file, ...(await storage.put(newStorageKey(runId), file.content)) })));
  const expiresAt = retentionDays > 0 ? new Date(Date.now() + retentionDays * 86_400_000) : null;
  const planned = await db.$transaction(async (tx) => {
    // Under the run's lock: two writers of one file would otherwise both take it for new.
    const run = await lockRun(tx, runId);
    if (!run) return null;
    const known = await tx.artifact.findMany({ where: { runId, fileName: { in: files.map(({ fileName }) => fileName) } }, select: { id: true, fileName: true, storageKey: true, sha256: true } });
    const plan = put.map((stored) => {
      const old = known.find(({ fileName }) => fileName === stored.file.fileName);
      return { ...stored, id: old?.id ?? uuidv7(), same: old?.sha256 === stored.sha256, oldKey: old?.storageKey ?? null };
    });
    const changed = plan.filter(({ same }) => !same);
    const rows = changed.map(({ file: { key: _key, content: _content, ...columns }, key: storageKey, sha256, sizeBytes, id }) => ({ id, ...columns, storageKey, fileSizeBytes: BigInt(sizeBytes), sha256, expiresAt, expiredAt: null }));
    const present = new Set(known.map(({ id }) => id));
    for (const { id, ...row } of rows.filter((candidate) => present.has(candidate.id))) await tx.artifact.update({ where: { id }, data: row });
    await tx.artifact.createMany({ data: rows.filter((candidate) => !present.has(candidate.id)) });
    const events = changed.map(({ file, sha256, sizeBytes, id }): KeyedEvent => ({ key: `${file.key}/${sha256.slice(0, 12)}`, event: { type: 'artifact-save', stage: file.stage as never, data: { artifact_id: id, file_name: file.fileName, mime_type: file.mimeType, file_size_bytes: sizeBytes, sha256 } } }));
    await appendRunEvents(tx, runId, [...before, ...events], run);
    return plan;
  });
  // Bytes that no row points at go: those of a run that is gone, new ones that are the same as before, old ones that were replaced.
  const loose = planned === null ? put.map(({ key }) => key) : planned.flatMap(({ same, key, oldKey }) => (same ? [key] : oldKey ? [oldKey] : []));
  await Promise.all(loose.map((storageKey) => storage.delete(storageKey)));
  return planned?.map(({ id, file, sizeBytes, sha256 }) => ({ id, fileName: file.fileName, mimeType: file.mimeType, fileSizeBytes: sizeBytes, sha256 })) ?? null;
}

/** One file, see above. */
export async function saveRunArtifact(db: Database, storage: ArtifactStorage, file: NewArtifact, retentionDays: number): Promise<SavedArtifact | null> {
  return (await saveRunArtifacts(db, storage, [file], retentionDays))?.[0] ?? null;
}

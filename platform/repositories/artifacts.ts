import { newStorageKey, type ArtifactStorage } from '../storage/artifact-storage.ts';
import type { Database } from '../db.ts';
import { uuidv7 } from '../ids.ts';
import { appendRunEvents } from './run-events.ts';

export interface NewArtifact {
  runId: string; userId: string; artifactType: string; fileName: string; mimeType: string; content: string | Uint8Array;
  stage: string | null; stepIndex: number | null; summary: string | null;
  /** idempotency key of the `artifact-save` event */
  key: string;
}
export interface SavedArtifact { id: string; fileName: string; mimeType: string; fileSizeBytes: number; sha256: string }

/** Stores the bytes, then row and event in one transaction; a file of the same name in the run is replaced, and the bytes of
 * the one that lost are removed. Safe to retry. @returns null when the run is gone */
export async function saveRunArtifact(db: Database, storage: ArtifactStorage, artifact: NewArtifact, retentionDays: number): Promise<SavedArtifact | null> {
  const { runId, fileName, key, content, ...columns } = artifact;
  const storageKey = newStorageKey(runId);
  const stored = await storage.put(storageKey, content);
  const lost = await db.$transaction(async (tx) => {
    // Under the run's lock: two writers of one file would otherwise both take it for new.
    const [run] = await tx.$queryRaw<{ id: string }[]>`SELECT id FROM runs WHERE id = ${runId}::uuid FOR UPDATE`;
    if (!run) return null;
    const before = await tx.artifact.findUnique({ where: { runId_fileName: { runId, fileName } }, select: { id: true, storageKey: true, sha256: true } });
    if (before?.sha256 === stored.sha256) return { id: before.id, bytes: storageKey };
    const id = before?.id ?? uuidv7();
    const row = { ...columns, runId, fileName, storageKey, fileSizeBytes: BigInt(stored.sizeBytes), sha256: stored.sha256, expiresAt: retentionDays > 0 ? new Date(Date.now() + retentionDays * 86_400_000) : null };
    await tx.artifact.upsert({ where: { runId_fileName: { runId, fileName } }, create: { id, ...row }, update: row });
    await appendRunEvents(tx, runId, [{ key: `${key}/${stored.sha256.slice(0, 12)}`, event: { type: 'artifact-save', stage: columns.stage as never, data: { artifact_id: id, file_name: fileName, mime_type: artifact.mimeType, file_size_bytes: stored.sizeBytes, sha256: stored.sha256 } } }]);
    return { id, bytes: before?.storageKey ?? null };
  });
  if (!lost) {
    await storage.delete(storageKey);
    return null;
  }
  if (lost.bytes) await storage.delete(lost.bytes);
  return { id: lost.id, fileName, mimeType: artifact.mimeType, fileSizeBytes: stored.sizeBytes, sha256: stored.sha256 };
}

import type { NewRunEvent } from '#contracts/run-events';
import type { TerminalStatus } from '#contracts/runs';
import { uuidv7 } from '#platform/ids';
import { appendRunEvents } from '#platform/repositories/run-events';
import { newStorageKey } from '#platform/storage/artifact-storage';
import type { Deps } from '#api/deps';

/** Writes events as the worker would. @returns the last sequence */
export async function writeEvents(deps: Pick<Deps, 'db'>, runId: string, events: NewRunEvent[], writer = uuidv7()): Promise<number | null> {
  return deps.db.$transaction((tx) => appendRunEvents(tx, runId, events.map((event, index) => ({ key: `${writer}/${index}`, event }))));
}

export const logEvent = (message: string): NewRunEvent => ({ type: 'log-write', data: { level: 'info', message } });
export const endEvent = (status: TerminalStatus = 'completed'): NewRunEvent => ({ type: 'run-end', data: { status, cap_reached: null, error: null, headline: 'Done.' } });

/** Stores a file of a run as the worker would. */
export async function writeArtifact(deps: Pick<Deps, 'db' | 'storage'>, run: { id: string; userId: string }, file: { fileName: string; mimeType: string; content: string | Uint8Array }): Promise<string> {
  const stored = await deps.storage.put(newStorageKey(run.id), file.content);
  const id = uuidv7();
  await deps.db.artifact.create({
    data: { id, runId: run.id, userId: run.userId, artifactType: 'notes', fileName: file.fileName, storageKey: stored.key, fileSizeBytes: BigInt(stored.sizeBytes), mimeType: file.mimeType, sha256: stored.sha256 },
  });
  return id;
}

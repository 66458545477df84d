import type { ArtifactRecord } from '#platform/repositories/artifact-queries';
import type { ArtifactStorage } from '#platform/storage/artifact-storage';

/** Opens the file when its turn comes, so that a large archive holds one file open, not all. */
export async function* contentOf(storage: ArtifactStorage, key: string): AsyncGenerator<Buffer> {
  const { stream } = await storage.get(key);
  yield* stream as AsyncIterable<Buffer>;
}

/** Plain names in one folder: no separators, no dots in front, none twice. */
export function entryName(artifact: ArtifactRecord, used: Set<string>): string {
  const base = artifact.fileName.replaceAll(/[^\p{L}\p{N}._ -]/gu, '_').replace(/^\.+/, '_') || 'file';
  const name = used.has(base) ? `${artifact.id.slice(-6)}-${base}` : base;
  used.add(name);
  return name;
}

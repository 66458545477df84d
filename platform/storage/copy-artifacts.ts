import type { ArtifactStorage } from './artifact-storage.ts';

const BATCH = 200;

/** Every object of a storage, folder by folder. */
export async function* everyObject(storage: ArtifactStorage): AsyncGenerator<{ key: string; sizeBytes: number }> {
  for (let after = ''; ;) {
    const folders = await storage.folders(after, BATCH);
    for (const { name } of folders) yield* await storage.list(name);
    const last = folders.at(-1);
    if (last === undefined) return;
    after = last.name;
  }
}

export interface CopyReport { copied: number; bytes: number; /** were there already, of the same size */ present: number; /** keys whose bytes do not have the hash of their row; not copied */ damaged: string[] }

/** Copies what one storage has and the other lacks; may be interrupted, repeated, and run while both are used.
 * @param shaOf  the hash that the database has for a key; null = it names none */
export async function copyArtifacts(from: ArtifactStorage, to: ArtifactStorage, shaOf: (key: string) => Promise<string | null>): Promise<CopyReport> {
  const report: CopyReport = { copied: 0, bytes: 0, present: 0, damaged: [] };
  for await (const { key, sizeBytes } of everyObject(from)) {
    if ((await to.stat(key))?.sizeBytes === sizeBytes) {
      report.present += 1;
      continue;
    }
    const stored = await to.put(key, (await from.get(key)).stream);
    const wanted = await shaOf(key);
    if (wanted !== null && stored.sha256 !== wanted) {
      await to.delete(key);
      report.damaged.push(key);
      continue;
    }
    report.copied += 1;
    report.bytes += stored.sizeBytes;
  }
  return report;
}

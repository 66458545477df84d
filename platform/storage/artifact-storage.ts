import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Readable } from 'node:stream';
import type { Config } from '../config.ts';
import { uuidv7 } from '../ids.ts';
import { createDiskStorage } from './disk-storage.ts';

export interface StoredObject { key: string; sizeBytes: number; /** hex */ sha256: string }

/** Artifact bytes. Keys are made by `newStorageKey`, never from a person's text. Every fault is `StorageUnavailable`, a
 * missing key is `NotFound`. Writing the same key again replaces it whole or not at all. */
export interface ArtifactStorage {
  put(key: string, content: Uint8Array | string | Readable): Promise<StoredObject>;
  get(key: string): Promise<{ stream: Readable; sizeBytes: number }>;
  /** null when there is nothing */
  stat(key: string): Promise<{ sizeBytes: number } | null>;
  /** deleting what is not there is fine */
  delete(key: string): Promise<void>;
  /** folders (one a run) by name after `after`, at most `limit`, with the time of their last change */
  folders(after: string, limit: number): Promise<{ name: string; changedAt: Date }[]>;
  /** deletes what lies in one folder, or only what starts with `prefix`; @returns how many objects */
  deleteFolder(name: string, prefix?: string): Promise<number>;
}

/** `<run id>/<uuid>`: nothing of it comes from a person. */
export const newStorageKey = (runId: string): string => `${runId}/${uuidv7()}`;

/** Opens the storage that ARTIFACTS_URL names; `<home>/artifacts` when it is not set.
 * @throws Error for a scheme that is not supported */
export function openArtifactStorage(config: Pick<Config, 'ARTIFACTS_URL' | 'home'>): ArtifactStorage {
  if (!config.ARTIFACTS_URL) return createDiskStorage(path.join(config.home, 'artifacts'));
  const [scheme] = config.ARTIFACTS_URL.split(':', 1);
  if (scheme !== 'file') throw new Error(`ARTIFACTS_URL starts with "${scheme}:"; this version stores artifacts on disk: file:/absolute/folder.`);
  const folder = config.ARTIFACTS_URL.startsWith('file://') ? fileURLToPath(config.ARTIFACTS_URL) : path.resolve(config.ARTIFACTS_URL.slice('file:'.length));
  return createDiskStorage(folder);
}

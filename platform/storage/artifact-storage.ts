import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Readable } from 'node:stream';
import type { Config } from '../config.ts';
import { uuidv7 } from '../ids.ts';
import { createDiskStorage } from './disk-storage.ts';
import { createS3Storage, type S3Settings } from './s3-storage.ts';

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
  /** what lies in one folder, by key */
  list(name: string): Promise<{ key: string; sizeBytes: number }[]>;
  /** an address at which the bytes can be fetched once and soon, with these headers of the answer; null = the API passes them on */
  downloadUrl(key: string, answer: { contentType: string; contentDisposition: string }): Promise<string | null>;
}

/** `<run id>/<uuid>`: nothing of it comes from a person. */
export const newStorageKey = (runId: string): string => `${runId}/${uuidv7()}`;

export type StorageConfig = Pick<Config, 'ARTIFACTS_URL' | 'home'> & Partial<Pick<Config, 'S3_ENDPOINT' | 'S3_PUBLIC_ENDPOINT' | 'S3_REGION' | 'S3_ACCESS_KEY_ID' | 'S3_SECRET_ACCESS_KEY' | 'S3_PRESIGN_SECONDS'>>;

/** @throws Error for an address that names no bucket, or half a key */
function s3Settings(config: StorageConfig, address: string): S3Settings {
  const [, bucket, prefix = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/.exec(address) ?? [];
  if (!bucket) throw new Error('ARTIFACTS_URL names no bucket: s3://bucket or s3://bucket/prefix.');
  if (!config.S3_ACCESS_KEY_ID !== !config.S3_SECRET_ACCESS_KEY) throw new Error('S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY belong together: set both, or none.');
  return {
    bucket, prefix: prefix.replaceAll(/^\/+|\/+$/g, ''), region: config.S3_REGION ?? 'us-east-1', endpoint: config.S3_ENDPOINT, publicEndpoint: config.S3_PUBLIC_ENDPOINT ?? config.S3_ENDPOINT, presignSeconds: config.S3_PRESIGN_SECONDS ?? 60,
    credentials: config.S3_ACCESS_KEY_ID && config.S3_SECRET_ACCESS_KEY ? { accessKeyId: config.S3_ACCESS_KEY_ID, secretAccessKey: config.S3_SECRET_ACCESS_KEY } : undefined,
  };
}

/** Opens the storage that ARTIFACTS_URL names; `<home>/artifacts` when it is not set.
 * @throws Error for a scheme that is not supported */
export function openArtifactStorage(config: StorageConfig): ArtifactStorage {
  if (!config.ARTIFACTS_URL) return createDiskStorage(path.join(config.home, 'artifacts'));
  const [scheme] = config.ARTIFACTS_URL.split(':', 1);
  if (scheme === 's3') return createS3Storage(s3Settings(config, config.ARTIFACTS_URL));
  if (scheme !== 'file') throw new Error(`ARTIFACTS_URL starts with "${scheme}:"; artifacts lie on disk (file:/absolute/folder) or in a bucket (s3://bucket/prefix).`);
  const folder = config.ARTIFACTS_URL.startsWith('file://') ? fileURLToPath(config.ARTIFACTS_URL) : path.resolve(config.ARTIFACTS_URL.slice('file:'.length));
  return createDiskStorage(folder);
}

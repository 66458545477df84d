import { createHash, randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, mkdir, open, readdir, realpath, rename, rmdir, unlink } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { CodedError, notFound } from '../coded-error.ts';
import { gathered } from '../gather.ts';
import type { ArtifactStorage, StoredObject } from './artifact-storage.ts';
import { safeJoin } from './safe-join.ts';

/** Artifacts in a folder. A write goes to a temporary file, is flushed, then renamed and the folder flushed: after a crash
 * there is the old content, the new content or nothing, never half. Symbolic links are refused on the way. Files that are written side
 * by side, as at the end of a run, share what is done to their folder. */
export function createDiskStorage(root: string): ArtifactStorage {
  const prepare = sharedByFiles(async (folder) => { await mkdir(folder, { recursive: true, mode: 0o700 }); await refuseOutside(root, folder); });
  const flush = sharedByFiles(syncFolder);
  return {
    put: (key, content) => guarded(() => writeWhole(safeJoin(root, key), key, content, { prepare, flush })),
    get: (key) => guarded(async () => {
      const file = await existing(root, key);
      if (!file) throw notFound('The stored file');
      const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW);
      const { size } = await handle.stat();
      return { stream: handle.createReadStream(), sizeBytes: size };
    }),
    stat: (key) => guarded(async () => {
      const file = await existing(root, key);
      return file ? { sizeBytes: (await lstat(file)).size } : null;
    }),
    delete: (key) => guarded(async () => {
      const file = await existing(root, key);
      if (!file) return;
      await unlink(file).catch(ignore('ENOENT'));
      await rmdir(path.dirname(file)).catch(ignore('ENOTEMPTY', 'ENOENT', 'EEXIST'));
    }),
    folders: (after, limit) => guarded(async () => {
      const entries = (await readdir(root, { withFileTypes: true }).catch(ignore('ENOENT'))) ?? [];
      const names = entries.filter((entry) => entry.isDirectory() && entry.name > after).map((entry) => entry.name).sort().slice(0, limit);
      const found = await Promise.all(names.map(async (name) => ({ name, stats: await lstat(path.join(root, name)).catch(ignore('ENOENT')) })));
      return found.flatMap(({ name, stats }) => (stats ? [{ name, changedAt: stats.mtime }] : []));
    }),
    deleteFolder: (name, prefix = '') => guarded(async () => {
      const folder = safeJoin(root, name);
      const entries = await readdir(folder, { withFileTypes: true }).catch(ignore('ENOENT', 'ENOTDIR'));
      if (!entries) return 0;
      await refuseOutside(root, folder);
      const files = entries.filter((entry) => entry.isFile() && entry.name.startsWith(prefix));
      for (const file of files) await unlink(path.join(folder, file.name)).catch(ignore('ENOENT'));
      await rmdir(folder).catch(ignore('ENOTEMPTY', 'ENOENT', 'EEXIST'));
      return files.length;
    }),
    list: (name) => guarded(async () => {
      const folder = safeJoin(root, name);
      const entries = (await readdir(folder, { withFileTypes: true }).catch(ignore('ENOENT', 'ENOTDIR'))) ?? [];
      const names = entries.filter((entry) => entry.isFile() && !entry.name.startsWith('.')).map((entry) => entry.name).sort();
      const found = await Promise.all(names.map(async (file) => ({ file, stats: await lstat(path.join(folder, file)).catch(ignore('ENOENT')) })));
      return found.flatMap(({ file, stats }) => (stats ? [{ key: `${name}/${file}`, sizeBytes: stats.size }] : []));
    }),
    downloadUrl: () => Promise.resolve(null),
  };
}

type OfFolder = (folder: string) => Promise<void>;

/** Done once for all who ask for the same folder before it begins. */
function sharedByFiles(work: OfFolder): OfFolder {
  const done = gathered(async (folders: readonly string[]) => new Map(await Promise.all(folders.map(async (folder) => [folder, await work(folder).then(() => null, (reason: unknown) => ({ reason }))] as const))));
  return async (folder) => {
    const failed = await done(folder);
    if (failed) throw failed.reason;
  };
}

async function writeWhole(target: string, key: string, content: Uint8Array | string | Readable, { prepare, flush }: { prepare: OfFolder; flush: OfFolder }): Promise<StoredObject> {
  const folder = path.dirname(target);
  await prepare(folder);
  const temporary = path.join(folder, `.tmp-${randomBytes(8).toString('hex')}`);
  const hash = createHash('sha256');
  let sizeBytes = 0;
  const handle = await open(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600);
  try {
    const chunks = content instanceof Readable ? content : [typeof content === 'string' ? Buffer.from(content, 'utf8') : content];
    for await (const chunk of chunks) {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk, 'utf8') : (chunk as Uint8Array);
      hash.update(bytes);
      sizeBytes += bytes.byteLength;
      await handle.writeFile(bytes);
    }
    await handle.sync();
    await handle.close();
    await rename(temporary, target);
    await flush(folder);
  } catch (error) {
    await handle.close().catch(() => {});
    await unlink(temporary).catch(() => {});
    throw error;
  }
  return { key, sizeBytes, sha256: hash.digest('hex') };
}

/** The real path of a stored regular file inside the root, or null when there is none. */
async function existing(root: string, key: string): Promise<string | null> {
  const file = safeJoin(root, key);
  const found = await lstat(file).catch(ignore('ENOENT', 'ENOTDIR'));
  if (!found) return null;
  if (!found.isFile()) throw new CodedError('InvalidInput', 'That storage key is not a plain file.');
  await refuseOutside(root, path.dirname(file));
  return file;
}

async function refuseOutside(root: string, folder: string): Promise<void> {
  const [realRoot, realFolder] = await Promise.all([realpath(root), realpath(folder)]);
  if (realFolder !== realRoot && !realFolder.startsWith(realRoot + path.sep)) throw new CodedError('InvalidInput', 'That storage key leads outside its folder.');
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const ignore = (...codes: string[]) => (error: NodeJS.ErrnoException): undefined => {
  if (!codes.includes(error.code ?? '')) throw error;
};

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CodedError) throw error;
    const reason = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw new CodedError('StorageUnavailable', `The artifact folder answered ${reason}.`, { cause: error });
  }
}

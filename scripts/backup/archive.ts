import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import tar from 'tar-stream';
import type { DumpedTable } from './tables.ts';

export const FORMAT = 1;

/** Last entry of an archive: what it holds. Every other entry is listed with size and sha256. */
export interface Manifest {
  format: number;
  version: string;
  /** ISO time at which the database was read: what came later is not in it */
  takenAt: string;
  migrations: string[];
  tables: DumpedTable[];
  files: { name: string; bytes: number; sha256: string }[];
  /** whether the artifacts are inside; absent in older archives, which have them */
  artifacts?: boolean;
  /** whether keys.json is inside; without it the master key must come from elsewhere */
  keys: boolean;
  /** of the master key, to tell early that another one is set */
  keyFingerprint: string;
  temporal: 'file' | 'none';
}

export const keyFingerprint = (key: Buffer): string => createHash('sha256').update('awp-backup').update(key).digest('hex').slice(0, 16);

/** Writes a tar file entry by entry and remembers size and hash of each. */
export class ArchiveWriter {
  readonly files: Manifest['files'] = [];
  readonly #pack = tar.pack();
  readonly #written: Promise<void>;

  constructor(path: string) {
    this.#written = pipeline(this.#pack, createWriteStream(path, { mode: 0o600, flags: 'wx' }));
    this.#written.catch(() => undefined); // told by finish()
  }

  async addFile(name: string, path: string): Promise<void> {
    const { size } = await stat(path);
    const hash = createHash('sha256');
    if (size === 0) this.#pack.entry({ name, size, mode: 0o600 }, '');
    // Not past the size that the header says: the file may grow meanwhile.
    else await pipeline(createReadStream(path, { end: size - 1 }), hashing(hash), this.#pack.entry({ name, size, mode: 0o600 }));
    this.files.push({ name, bytes: size, sha256: hash.digest('hex') });
  }

  /** For what fits into memory. */
  async addBytes(name: string, bytes: Buffer): Promise<void> {
    if (bytes.length === 0) this.#pack.entry({ name, size: 0, mode: 0o600 }, '');
    else await pipeline([bytes], this.#pack.entry({ name, size: bytes.length, mode: 0o600 }));
    this.files.push({ name, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') });
  }

  async finish(manifest: Omit<Manifest, 'files'>): Promise<void> {
    this.#pack.entry({ name: 'manifest.json', mode: 0o600 }, JSON.stringify({ ...manifest, files: this.files }, null, 1));
    this.#pack.finalize();
    await this.#written;
  }
}

/** Unpacks into a folder and compares each file with the manifest. @throws Error naming the first file that is not what was saved */
export async function unpack(archive: string, folder: string): Promise<Manifest> {
  const found = new Map<string, { bytes: number; sha256: string }>();
  const extract = tar.extract();
  const reading = pipeline(createReadStream(archive), extract);
  const root = resolve(folder);
  for await (const entry of extract) {
    const target = resolve(join(root, entry.header.name));
    if (!target.startsWith(root + sep) || entry.header.type !== 'file') throw new Error(`${entry.header.name} does not belong into a backup`);
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    const hash = createHash('sha256');
    await pipeline(entry, hashing(hash), createWriteStream(target, { mode: 0o600 }));
    found.set(entry.header.name, { bytes: entry.header.size ?? 0, sha256: hash.digest('hex') });
  }
  await reading;
  if (!found.has('manifest.json')) throw new Error('this is no complete backup: it has no manifest');
  const manifest = JSON.parse(await readFile(join(root, 'manifest.json'), 'utf8')) as Manifest;
  if (manifest.format !== FORMAT) throw new Error(`this backup has format ${manifest.format}, this version reads ${FORMAT}`);
  for (const file of manifest.files) {
    const got = found.get(file.name);
    if (got?.sha256 !== file.sha256 || got.bytes !== file.bytes) throw new Error(`${file.name} is damaged: its checksum is not the one that was saved`);
  }
  return manifest;
}

const hashing = (hash: ReturnType<typeof createHash>) => new Transform({ transform(chunk: Buffer, _encoding, done) { hash.update(chunk); done(null, chunk); } });

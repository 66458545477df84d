import { Readable, type Writable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import tar from 'tar-stream';
import { ToolProblem } from '../tool.ts';

/** Reads a packed repository without writing a file: names and sizes of all, the texts of those that are asked for. Links
 * are not followed, names that would leave the folder are left out. */
export interface ArchiveFile { path: string; bytes: number }
export interface Archive { commit: string | null; files: ArchiveFile[]; truncated: boolean }

export const MAX_UNPACKED_BYTES = 300 * 1_048_576;
export const MAX_FILES = 20_000;
const MAX_RATIO = 200;

/** @throws ToolProblem `failed` when it is no archive, or unpacks to too much */
export async function listArchive(packed: Buffer, signal: AbortSignal): Promise<Archive> {
  const files: ArchiveFile[] = [];
  let truncated = false;
  const commit = await walk(packed, signal, (path, bytes) => {
    if (files.length < MAX_FILES) files.push({ path, bytes }); else truncated = true;
    return null;
  });
  return { commit, files: files.sort((a, b) => (a.path < b.path ? -1 : 1)), truncated };
}

/** The texts of some files; binary ones and those above `maxBytes` are left out. */
export async function readFromArchive(packed: Buffer, wanted: ReadonlySet<string>, maxBytes: number, signal: AbortSignal): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  await walk(packed, signal, (path, bytes) => (wanted.has(path) && bytes <= maxBytes && !texts.has(path) ? (content) => { if (!content.subarray(0, 8_000).includes(0)) texts.set(path, content.toString('utf8')); } : null));
  return texts;
}

/** @param visit  told of each file; what it returns is given the content */
async function walk(packed: Buffer, signal: AbortSignal, visit: (path: string, bytes: number) => ((content: Buffer) => void) | null): Promise<string | null> {
  const limit = Math.min(MAX_UNPACKED_BYTES, Math.max(packed.length * MAX_RATIO, 1_048_576));
  let unpacked = 0;
  let commit: string | null = null;
  async function* counted(): AsyncGenerator<Buffer> {
    for await (const chunk of Readable.from([packed]).pipe(createGunzip()) as AsyncIterable<Buffer>) {
      signal.throwIfAborted();
      // `git archive` writes the commit into the global header that stands first.
      if (unpacked === 0) commit = /\bcomment=([0-9a-f]{40})\n/.exec(chunk.subarray(0, 2_048).toString('latin1'))?.[1] ?? null;
      unpacked += chunk.length;
      if (unpacked > limit) throw new ToolProblem('failed', `The repository unpacks to more than ${Math.round(limit / 1_048_576)} MB and was not read.`);
      yield chunk;
    }
  }
  const extract = tar.extract();
  const sink = extract as unknown as Writable;
  const drained = (): Promise<void> => new Promise((resolve) => {
    const done = (): void => { sink.off('drain', done); sink.off('close', done); resolve(); };
    sink.once('drain', done);
    sink.once('close', done);
  });
  const feed = async (): Promise<void> => {
    for await (const chunk of counted()) if (!sink.write(chunk)) await drained();
    sink.end();
  };
  const reading = (async () => {
    for await (const entry of extract) {
      const { name, type, size } = entry.header;
      const path = name.split('/').slice(1).join('/');
      const take = type === 'file' && isInside(path) ? visit(path, size) : null;
      const chunks: Buffer[] = [];
      for await (const chunk of entry as AsyncIterable<Buffer>) if (take) chunks.push(chunk);
      take?.(Buffer.concat(chunks));
    }
  })();
  try {
    await Promise.all([reading, feed()]);
    return commit;
  } catch (error) {
    extract.destroy();
    await reading.catch(() => {});
    signal.throwIfAborted();
    if (error instanceof ToolProblem) throw error;
    throw new ToolProblem('failed', 'The host sent something that is not an archive.', { cause: error });
  }
}

const isInside = (path: string): boolean => path !== '' && path.length <= 500 && !path.startsWith('/') && !path.split('/').includes('..');

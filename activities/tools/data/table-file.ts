import { isUtf8 } from 'node:buffer';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { TABLE_KINDS } from '#contracts/uploads';
import type { ToolContext } from '../tool.ts';
import { requireUpload, type FindUpload } from '../uploads.ts';
import type { TableFile, TableKind } from './job.ts';

export interface Source { upload?: string | undefined; csv?: string | undefined }
export interface NamedTable extends TableFile { fileName: string; sourceId: string }

/** Puts the data into private files for as long as the work takes. CSV and JSON become UTF-8 on the way.
 * @throws ToolProblem when an upload is not there or no table */
export async function withTableFiles<Result>(sources: readonly Source[], find: FindUpload | undefined, context: ToolContext, work: (tables: NamedTable[], folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(path.join(tmpdir(), 'awp-table-'));
  try {
    const tables: NamedTable[] = [];
    for (const [index, source] of sources.entries()) {
      const upload = source.upload === undefined ? null : await requireUpload(find, context, source.upload, TABLE_KINDS);
      const kind = (upload?.kind ?? 'csv') as TableKind;
      const file = path.join(folder, `table-${index}.${kind}`);
      const repair = kind === 'parquet' ? null : createRepair();
      const content = upload ? await upload.open() : Readable.from([Buffer.from(source.csv ?? '', 'utf8')]);
      const target = createWriteStream(file, { mode: 0o600 });
      await (repair ? pipeline(content, repair.transform, target, { signal: context.signal }) : pipeline(content, target, { signal: context.signal }));
      tables.push({ path: file, kind, encoding: repair?.encoding() ?? 'utf-8', fileName: upload?.fileName ?? 'the given table', sourceId: upload?.id ?? 'table' });
    }
    return await work(tables, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Bytes to UTF-8: UTF-16 by its mark; a line that is not UTF-8 is read as Windows-1252, so that one old line does not cost the file. */
export function createRepair(): { transform: (source: AsyncIterable<Buffer | string>) => AsyncGenerator<Buffer>; encoding: () => TableFile['encoding'] } {
  let encoding: TableFile['encoding'] = 'utf-8';
  const western = new TextDecoder('windows-1252');
  const repaired = (bytes: Buffer): Buffer => {
    if (isUtf8(bytes)) return bytes;
    encoding = 'repaired';
    const lines: Buffer[] = [];
    for (let from = 0; from < bytes.length;) {
      const end = bytes.indexOf(10, from);
      const line = bytes.subarray(from, end < 0 ? bytes.length : end + 1);
      lines.push(isUtf8(line) ? line : Buffer.from(western.decode(line)));
      from += line.length;
    }
    return Buffer.concat(lines);
  };
  async function* transform(source: AsyncIterable<Buffer | string>): AsyncGenerator<Buffer> {
    let wide: InstanceType<typeof TextDecoder> | null = null;
    let first = true;
    let rest: Buffer = Buffer.alloc(0);
    for await (const piece of source) {
      let chunk = Buffer.from(piece as Buffer);
      if (first) {
        if (rest.length > 0) { chunk = Buffer.concat([rest, chunk]); rest = Buffer.alloc(0); }
        if (chunk.length < 3) { rest = chunk; continue; }
        first = false;
        const mark = chunk.readUInt16BE(0);
        if (mark === 0xfffe || mark === 0xfeff) { wide = new TextDecoder(mark === 0xfffe ? 'utf-16le' : 'utf-16be'); encoding = 'utf-16'; }
        // DuckDB would take the quotes of a first column behind the mark for part of its name.
        if (chunk.readUIntBE(0, 3) === 0xefbbbf) chunk = chunk.subarray(3);
      }
      if (wide) { yield Buffer.from(wide.decode(chunk, { stream: true })); continue; }
      // Whole lines only: a character must not be torn between two pieces.
      const end = chunk.lastIndexOf(10);
      if (end < 0) { rest = Buffer.concat([rest, chunk]); continue; }
      yield repaired(Buffer.concat([rest, chunk.subarray(0, end + 1)]));
      rest = chunk.subarray(end + 1);
    }
    if (wide) yield Buffer.from(wide.decode());
    else if (rest.length > 0) yield repaired(rest);
  }
  return { transform, encoding: () => encoding };
}

import type { Readable, Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { ToolProblem } from '../tool.ts';

const MAX_RATIO = 100;
const RATIO_FREE_BYTES = 65_536;

/** Reads and unpacks a body within a size in bytes and a ratio of 100 (after the first 64 KiB).
 * @throws ToolProblem `failed` when it is too large or packed in an unknown way */
export async function readBody(body: Readable, options: { encoding: string | undefined; declaredLength: number; maxBytes: number; signal: AbortSignal }): Promise<Buffer> {
  if (options.declaredLength > options.maxBytes) throw tooLarge(options.maxBytes);
  const decoder = decoderFor(options.encoding);
  let packed = 0;
  let unpacked = 0;
  const chunks: Buffer[] = [];
  async function* counted(): AsyncGenerator<Buffer> {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      packed += chunk.length;
      if (packed > options.maxBytes) throw tooLarge(options.maxBytes);
      yield chunk;
    }
  }
  const source: AsyncIterable<Buffer> = decoder === null ? counted() : unpack(counted(), decoder);
  for await (const chunk of source) {
    options.signal.throwIfAborted();
    unpacked += chunk.length;
    if (unpacked > options.maxBytes) throw tooLarge(options.maxBytes);
    if (decoder !== null && unpacked > RATIO_FREE_BYTES && unpacked > packed * MAX_RATIO) throw new ToolProblem('failed', 'The answer unpacks to more than 100 times its size and was refused.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function unpack(source: AsyncIterable<Buffer>, decoder: Transform): AsyncIterable<Buffer> {
  const feed = async (): Promise<void> => {
    for await (const chunk of source) {
      if (!decoder.write(chunk)) await new Promise((resolve) => { decoder.once('drain', resolve); decoder.once('close', resolve); });
      if (decoder.destroyed) return;
    }
    decoder.end();
  };
  feed().catch((error: unknown) => { decoder.destroy(error as Error); });
  return decoder as AsyncIterable<Buffer>;
}

function decoderFor(encoding: string | undefined): Transform | null {
  switch ((encoding ?? 'identity').trim().toLowerCase()) {
    case 'identity': case '': return null;
    case 'gzip': case 'x-gzip': return createGunzip();
    case 'deflate': return createInflate();
    case 'br': return createBrotliDecompress();
    default: throw new ToolProblem('failed', 'The answer is packed in a way that is not read.');
  }
}

const tooLarge = (maxBytes: number): ToolProblem => new ToolProblem('failed', `The document is larger than ${maxBytes >= 1_048_576 ? `${Math.round(maxBytes / 1_048_576)} MB` : `${Math.round(maxBytes / 1024)} kB`}.`);

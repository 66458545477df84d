import type { IncomingMessage } from 'node:http';
import { WireError } from './request.ts';

const MAX_BODY_BYTES = 32 * 1024 * 1024;

/** The whole body as UTF-8 text. @throws WireError 413 above 32 MiB */
export async function readBody(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new WireError(413, 'too_large', 'Request exceeds the maximum size');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

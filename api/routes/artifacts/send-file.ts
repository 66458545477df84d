import { pipeline } from 'node:stream/promises';
import type { Readable } from 'node:stream';
import type { Response } from 'express';

/** A download that no browser runs: attachment, sniffing off, sandboxed by policy. RFC 6266: an ASCII name for old clients,
 * the real one percent-encoded. */
export function downloadHeaders(fileName: string, mimeType: string): Record<string, string> {
  const plain = fileName.normalize('NFKD').replaceAll(/[^A-Za-z0-9._ -]/g, '_').slice(0, 150) || 'download';
  const encoded = encodeURIComponent(fileName.toWellFormed().slice(0, 150)).replaceAll(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  return {
    'Content-Type': mimeType, 'Content-Disposition': `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`, 'X-Content-Type-Options': 'nosniff',
    'Content-Security-Policy': "default-src 'none'; sandbox", 'Cache-Control': 'private, no-cache',
  };
}

/** Pipes to the client; a client that leaves ends the reading too. */
export async function sendStream(res: Response, stream: Readable): Promise<void> {
  await pipeline(stream, res).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  });
}

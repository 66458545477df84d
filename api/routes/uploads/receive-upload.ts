import { Readable } from 'node:stream';
import type { Request } from 'express';
import { csvHeader } from '#contracts/csv';
import { cleanText } from '#contracts/material';
import type { UploadKind } from '#contracts/uploads';
import { CodedError, invalidField } from '#platform/coded-error';
import { sniffKind, SNIFF_BYTES } from '#platform/sniff-upload';
import type { ArtifactStorage, StoredObject } from '#platform/storage/artifact-storage';

/** Takes the body as it comes, never whole in memory. What can be refused is refused as soon as it can be known: the announced
 * size before a byte is read, the kind after the first 64 kB, the real size at the byte that is too much.
 * @throws CodedError UnsupportedMediaType, PayloadTooLarge, InvalidInput (empty, or broken off), StorageUnavailable */
export async function receiveUpload(req: Request, storage: Pick<ArtifactStorage, 'put'>, { key, fileName, maxBytes }: { key: string; fileName: string; maxBytes: number }): Promise<{ stored: StoredObject; kind: UploadKind; columns: string[] | null }> {
  const [type] = (req.headers['content-type'] ?? '').split(';');
  // A form or JSON that poses as a file, or the other way round, is how such endpoints are broken.
  if (type?.trim().toLowerCase() !== 'application/octet-stream') throw new CodedError('UnsupportedMediaType', 'Send the file itself as application/octet-stream.', { remedy: 'Set Content-Type: application/octet-stream and put the bytes into the body.', errors: [{ pointer: '#/header/Content-Type', detail: 'must be application/octet-stream' }] });
  if (req.headers['content-encoding'] !== undefined) throw new CodedError('UnsupportedMediaType', 'Send the file unpacked, without Content-Encoding.', { errors: [{ pointer: '#/header/Content-Encoding', detail: 'is not taken' }] });
  const tooLarge = (): CodedError => new CodedError('PayloadTooLarge', `${fileName} is larger than ${size(maxBytes)}.`, { remedy: 'Send a smaller file, or a part of it.', errors: [{ pointer: '#/body', detail: `must be at most ${size(maxBytes)}` }] });
  if (Number(req.headers['content-length'] ?? 0) > maxBytes) throw tooLarge();
  let kind: UploadKind | null = null;
  let columns: string[] | null = null;
  const look = (beginning: Buffer): void => {
    kind = sniffKind(beginning, fileName);
    columns = kind === 'csv' ? csvHeader(beginning.toString('utf8')) : null;
  };
  async function* checked(): AsyncGenerator<Buffer> {
    let received = 0;
    const head: Buffer[] = [];
    // The request stays open when this throws: its connection has to carry the refusal.
    for await (const piece of req.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      received += piece.length;
      if (received > maxBytes) throw tooLarge();
      if (kind === null) {
        head.push(piece);
        if (received >= SNIFF_BYTES) look(Buffer.concat(head).subarray(0, SNIFF_BYTES));
      }
      yield piece;
    }
    if (received === 0) throw invalidField('#/body', 'is empty');
    if (kind === null) look(Buffer.concat(head));
  }
  try {
    const stored = await storage.put(key, Readable.from(checked()));
    return { stored, kind: kind as unknown as UploadKind, columns };
  } catch (error) {
    if (!(error instanceof CodedError) && req.readableAborted) throw new CodedError('InvalidInput', 'The upload broke off before its end.', { cause: error, errors: [{ pointer: '#/body', detail: 'ended too early' }] });
    throw error;
  }
}

const size = (bytes: number): string => (bytes >= 1_048_576 ? `${Math.round(bytes / 1_048_576)} MB` : `${bytes} bytes`);

/** A name to show: the last part of a path, without what a person cannot see. */
export function shownName(given: string): string {
  const name = cleanText(given).replace(/\s+/g, ' ').split(/[/\\]/).at(-1)?.trim() ?? '';
  if (name === '' || /^\.+$/.test(name)) throw invalidField('#/query/file_name', 'must be the name of a file');
  return name;
}

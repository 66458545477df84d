'use client';
import { useSyncExternalStore } from 'react';
import type { UploadWire } from '#contracts/api/uploads.schema';
import { kindOfFileName, UPLOAD_KIND_INFO, type UploadKind } from '#contracts/uploads';
import { ApiError, problemOf, unreachable } from './api-client';
import { formatBytes } from './format';
import { kindWords } from './upload-kinds';

/** Sends one file, as it lies on the disk.
 * @param onProgress  share that has left this browser, 0 to 1
 * @throws ApiError with the problem; AbortError when the person cancels */
export function sendUpload(file: File, { signal, onProgress }: { signal: AbortSignal; onProgress: (share: number) => void }): Promise<UploadWire> {
  return new Promise((resolve, reject) => {
    // fetch() tells nothing about what was sent so far.
    const request = new XMLHttpRequest();
    const stop = (): void => { request.abort(); };
    signal.addEventListener('abort', stop);
    request.open('POST', `/api/v1/uploads?file_name=${encodeURIComponent(file.name)}`);
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.setRequestHeader('Accept', 'application/json, application/problem+json');
    request.upload.addEventListener('progress', (event) => { if (event.lengthComputable) onProgress(event.loaded / event.total); });
    request.addEventListener('abort', () => { reject(new DOMException('cancelled', 'AbortError')); });
    request.addEventListener('error', () => { reject(new ApiError({ ...unreachable(0), detail: 'The file did not get through.' })); });
    request.addEventListener('load', () => {
      if (request.status >= 200 && request.status < 300) resolve(JSON.parse(request.responseText) as UploadWire);
      else reject(new ApiError(problemOf(request.responseText, request.status, request.getResponseHeader('x-request-id'))));
    });
    request.addEventListener('loadend', () => { signal.removeEventListener('abort', stop); });
    request.send(file);
  });
}

/** What can be said before a byte is sent. @returns one sentence, null when the file may go */
export function refusedHere(file: { name: string; size: number }, accept: readonly UploadKind[], maxBytes: number | undefined): string | null {
  if (file.size === 0) return 'The file is empty.';
  if (maxBytes !== undefined && file.size > maxBytes) return `The file has ${formatBytes(file.size)}; at most ${formatBytes(maxBytes)} are taken.`;
  const kind = kindOfFileName(file.name);
  if (kind !== null && !accept.includes(kind)) return `${UPLOAD_KIND_INFO[kind].title} is not taken here; ${kindWords(accept)} is.`;
  return null;
}

/** Fields with a file on its way: a form must not start without the file that was just dropped on it. */
const underWay = new Map<string, number>();
const listeners = new Set<() => void>();
let fields: readonly string[] = [];

/** @param controlId  id of the control of the field */
export function countTransfer(controlId: string, by: 1 | -1): void {
  const count = (underWay.get(controlId) ?? 0) + by;
  if (count > 0) underWay.set(controlId, count); else underWay.delete(controlId);
  fields = [...underWay.keys()];
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void): (() => void) => { listeners.add(listener); return () => { listeners.delete(listener); }; };
const NONE: readonly string[] = [];
/** Ids of the controls whose files are still on their way. */
export const useTransfers = (): readonly string[] => useSyncExternalStore(subscribe, () => fields, () => NONE);

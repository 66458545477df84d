'use client';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { UploadKind } from '#contracts/uploads';
import { ApiError } from '../../lib/api-client';
import { sessionQuery, uploadQuery, type UploadWire } from '../../lib/queries';
import { countTransfer, refusedHere, sendUpload } from '../../lib/upload';

/** A file on its way, or one that did not get there. */
export interface Transfer { key: number; name: string; size: number; share: number; /** why it did not get there */ problem: string | null; cancel: () => void }

let keys = 0;

/** The files of one field that are on their way. @param onArrived  in the order of arrival; the newest function is called */
export function useTransferList({ controlId, accept, onArrived }: { controlId: string; accept: readonly UploadKind[]; onArrived: (upload: UploadWire) => void }) {
  const client = useQueryClient();
  const [transfers, setTransfers] = useState<Transfer[]>([]);
  const arrived = useRef(onArrived);
  useEffect(() => { arrived.current = onArrived; });
  const running = useRef(new Set<AbortController>());
  // Who leaves the page leaves the file as well.
  useEffect(() => { const all = running.current; return () => { for (const each of all) each.abort(); }; }, []);

  const change = (key: number, part: Partial<Transfer> | null): void => setTransfers((before) => (part === null ? before.filter((each) => each.key !== key) : before.map((each) => (each.key === key ? { ...each, ...part } : each))));

  const send = async (file: File): Promise<void> => {
    const key = (keys += 1);
    const abort = new AbortController();
    const maxBytes = client.getQueryData(sessionQuery.queryKey)?.upload_max_bytes;
    const refused = refusedHere(file, accept, maxBytes);
    const begun: Transfer = { key, name: file.name, size: file.size, share: 0, problem: refused, cancel: () => { abort.abort(); change(key, null); } };
    setTransfers((before) => [...before.filter((each) => each.problem === null), begun]);
    if (refused !== null) return;
    running.current.add(abort);
    countTransfer(controlId, 1);
    try {
      const upload = await sendUpload(file, { signal: abort.signal, onProgress: (share) => change(key, { share }) });
      client.setQueryData(uploadQuery(upload.id).queryKey, upload);
      void client.invalidateQueries({ queryKey: ['uploads', 'list'] });
      change(key, null);
      arrived.current(upload);
    } catch (error) {
      if (abort.signal.aborted) return;
      change(key, { problem: error instanceof ApiError ? `${error.message} ${error.remedy}` : 'The file did not get through. Try again.' });
    } finally {
      running.current.delete(abort);
      countTransfer(controlId, -1);
    }
  };
  return { transfers, send: (files: Iterable<File>) => { for (const file of files) void send(file); } };
}

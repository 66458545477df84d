'use client';
import { useQuery } from '@tanstack/react-query';
import { FileText, X } from 'lucide-react';
import { UPLOAD_KIND_INFO } from '#contracts/uploads';
import { ApiError } from '../../lib/api-client';
import { formatBytes } from '../../lib/format';
import { uploadQuery } from '../../lib/queries';
import { Button } from '../ui/button';
import type { Transfer } from './use-transfers';

const ROW = 'flex items-center gap-3 rounded-md border border-rule bg-surface px-3 py-2';

/** A file that is there: name, kind, size. One that is gone says so and can only be removed. */
export function UploadRow({ id, disabled, onRemove }: { id: string; disabled: boolean; onRemove: () => void }) {
  const { data, error } = useQuery(uploadQuery(id));
  const name = data?.file_name ?? (error ? 'A file that is gone' : 'A file');
  const gone = error instanceof ApiError && error.problem.status === 404;
  return (
    <li className={ROW}>
      <FileText aria-hidden className="size-4 shrink-0 text-muted" />
      <span className="min-w-0 flex-1">
        <span className="block truncate font-medium">{name}</span>
        <span className={gone ? 'text-sm text-failed' : 'text-sm text-muted'}>{data ? `${UPLOAD_KIND_INFO[data.kind].title} · ${formatBytes(data.file_size_bytes)}` : gone ? 'It was deleted, or its time ran out. Upload it again.' : error ? 'Its name cannot be shown just now.' : 'Looking it up…'}</span>
      </span>
      <Button variant="quiet" size="icon" aria-label={`Remove ${name}`} disabled={disabled} onClick={onRemove}><X aria-hidden className="size-4" /></Button>
    </li>
  );
}

/** A file on its way, with how far it is and a way to stop it; or why it did not get there. */
export function TransferRow({ transfer: { name, size, share, problem, cancel } }: { transfer: Transfer }) {
  const percent = Math.round(share * 100);
  if (problem !== null) {
    return (
      <li role="alert" data-slot="upload-problem" className={`${ROW} border-l-4 border-l-failed`}>
        <span className="min-w-0 flex-1"><span className="block truncate font-medium">{name}</span><span className="text-sm text-failed">{problem}</span></span>
        <Button variant="quiet" size="icon" aria-label={`Dismiss ${name}`} onClick={cancel}><X aria-hidden className="size-4" /></Button>
      </li>
    );
  }
  return (
    <li className={ROW}>
      <span className="min-w-0 flex-1">
        <span className="flex justify-between gap-3"><span className="truncate font-medium">{name}</span><span className="shrink-0 font-mono text-sm text-muted">{percent} % of {formatBytes(size)}</span></span>
        <span role="progressbar" aria-label={`${name} on its way`} aria-valuemin={0} aria-valuemax={100} aria-valuenow={percent} className="mt-1.5 block h-1.5 bg-sunken"><span className="block h-full bg-accent" style={{ width: `${percent}%` }} /></span>
      </span>
      <Button size="sm" aria-label={`Cancel ${name}`} onClick={cancel}>Cancel</Button>
    </li>
  );
}

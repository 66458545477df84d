'use client';
import type { WidgetProps } from '@rjsf/utils';
import { useQuery } from '@tanstack/react-query';
import { Upload } from 'lucide-react';
import { useEffect, useRef, useState, type DragEvent } from 'react';
import { UPLOAD_KINDS, type UploadKind } from '#contracts/uploads';
import { cn } from '../../lib/class-names';
import { formatDay } from '../../lib/format';
import { uploadsQuery, type UploadWire } from '../../lib/queries';
import { extensionsOf } from '../../lib/upload-kinds';
import { Select } from '../ui/select';
import { describedBy } from './field-template';
import { TransferRow, UploadRow } from './upload-rows';
import { useTransferList } from './use-transfers';

/** Files for a run: chosen, dropped or taken from earlier ones. The value is the id of the upload, or a list of ids. */
export function UploadWidget({ id, value, schema, options, rawErrors, disabled, readonly, onChange, label }: WidgetProps) {
  const accept = (Array.isArray(options.accept) ? options.accept : UPLOAD_KINDS) as readonly UploadKind[];
  const multiple = schema.type === 'array';
  const chosen = (Array.isArray(value) ? value : [value]).filter((each): each is string => typeof each === 'string' && each !== '');
  // What was chosen last, also where two files arrive before the form is drawn again.
  const latest = useRef(chosen);
  useEffect(() => { latest.current = chosen; });
  const [said, say] = useState('');
  const [over, setOver] = useState(false);
  const off = disabled === true || readonly === true;

  const write = (ids: string[]): void => { latest.current = ids; onChange(multiple ? ids : ids[0]); };
  const add = (upload: UploadWire): void => { write(multiple ? [...new Set([...latest.current, upload.id])] : [upload.id]); say(`${upload.file_name} is uploaded`); };
  const { transfers, send } = useTransferList({ controlId: id, accept, onArrived: add });
  const take = (files: FileList | null): void => { if (files && !off) send(multiple ? files : [...files].slice(0, 1)); };
  const drop = (event: DragEvent): void => { event.preventDefault(); setOver(false); take(event.dataTransfer.files); };

  return (
    <div className="grid max-w-2xl gap-3" data-slot="upload">
      {chosen.length > 0 ? <ul aria-label={`Files of ${label}`} className="grid gap-2">{chosen.map((each) => <UploadRow key={each} id={each} disabled={off} onRemove={() => { write(latest.current.filter((other) => other !== each)); document.getElementById(id)?.focus(); }} />)}</ul> : null}
      {transfers.length > 0 ? <ul aria-label="On their way" className="grid gap-2">{transfers.map((transfer) => <TransferRow key={transfer.key} transfer={transfer} />)}</ul> : null}
      <div
        onDragOver={(event) => { event.preventDefault(); setOver(!off); }} onDragLeave={() => setOver(false)} onDrop={drop}
        className={cn('relative flex flex-wrap items-center gap-x-3 gap-y-2 rounded-md border border-dashed border-control px-4 py-3 has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-offset-2 has-[:focus-visible]:outline-focus', over && 'border-accent bg-sunken', off && 'opacity-55')}
      >
        <input
          id={id} type="file" multiple={multiple} accept={extensionsOf(accept)} disabled={off} aria-invalid={rawErrors?.length ? true : undefined} aria-describedby={describedBy(id, schema, rawErrors)}
          className="absolute inset-0 size-full cursor-pointer opacity-0 disabled:cursor-not-allowed" onChange={(event) => { take(event.target.files); event.target.value = ''; }}
        />
        <span aria-hidden className="inline-flex h-9 items-center gap-2 rounded-md border border-control bg-surface px-3.5 font-medium"><Upload className="size-4" />{multiple ? 'Choose files' : chosen.length > 0 ? 'Choose another file' : 'Choose a file'}</span>
        <span className="text-sm text-muted">or drop {multiple ? 'them' : 'it'} here</span>
      </div>
      <EarlierUploads accept={accept} chosen={chosen} disabled={off} label={label} onChoose={add} />
      <p role="status" className="sr-only">{said}</p>
    </div>
  );
}

/** What the person uploaded before and what this field takes. */
function EarlierUploads({ accept, chosen, disabled, label, onChoose }: { accept: readonly UploadKind[]; chosen: readonly string[]; disabled: boolean; label: string; onChoose: (upload: UploadWire) => void }) {
  const { data } = useQuery(uploadsQuery);
  const fitting = (data ?? []).filter((upload) => accept.includes(upload.kind) && !chosen.includes(upload.id));
  if (fitting.length === 0) return null;
  return (
    <Select
      className="max-w-md" value={null} disabled={disabled} placeholder="Or one that you uploaded before…" aria-label={`Earlier uploads for ${label}`}
      options={fitting.map((upload) => ({ value: upload.id, label: upload.file_name, note: `uploaded ${formatDay(upload.created_at)}` }))}
      onValueChange={(next) => { const upload = fitting.find((each) => each.id === next); if (upload) onChoose(upload); }}
    />
  );
}

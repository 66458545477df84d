'use client';
import { useState } from 'react';
import { cn } from '../../../lib/class-names';
import { formatBytes } from '../../../lib/format';
import type { OpenedBundle } from '../../../lib/open-bundle';
import { SafeMarkdown } from '../../safe-markdown';
import { CsvTable } from '../csv-table';
import { JsonView } from '../json-view';

const SHOWN_BYTES = 400_000;
const decoder = new TextDecoder();

/** The files of a bundle. Pictures are left closed: a data address in a strange file is not opened here. */
export function BundleFiles({ files }: { files: OpenedBundle['files'] }) {
  const [name, setName] = useState(files.find((file) => file.name.endsWith('.md'))?.name ?? files[0]?.name);
  const file = files.find((entry) => entry.name === name);
  if (!file) return <p className="text-muted">This bundle has no files.</p>;
  return (
    <div className="grid gap-5 xl:grid-cols-[14rem_minmax(0,1fr)]">
      <ul aria-label="Files" className="flex flex-wrap gap-1 xl:block">{files.map((entry) => <li key={entry.name}><button type="button" aria-pressed={entry.name === name} onClick={() => setName(entry.name)} className={cn('flex w-full items-baseline justify-between gap-3 border-l-2 border-transparent px-3 py-2 text-left hover:bg-sunken', entry.name === name && 'border-accent bg-surface')}><span className="min-w-0 break-words font-mono text-sm">{entry.name}</span><span className="shrink-0 font-mono text-xs text-faint">{formatBytes(entry.bytes.length)}</span></button></li>)}</ul>
      <section aria-label={file.name} className="min-w-0 border bg-surface"><Content file={file} /></section>
    </div>
  );
}

function Content({ file }: { file: OpenedBundle['files'][number] }) {
  if (file.bytes.length > SHOWN_BYTES) return <p className="p-5 text-muted">{formatBytes(file.bytes.length)} is too large to show here; take it out of the bundle.</p>;
  const content = decoder.decode(file.bytes);
  if (file.name.endsWith('.md')) return <article className="px-5 py-6 sm:px-8"><SafeMarkdown text={content} className="reading" /></article>;
  if (file.name.endsWith('.csv')) return <CsvTable text={content} name={file.name} />;
  if (file.name.endsWith('.json')) return <JsonView text={content} label={file.name} className="max-h-[70dvh] border-0" />;
  return <pre tabIndex={0} aria-label={file.name} className="max-h-[70dvh] overflow-auto p-4 font-mono text-sm">{content}</pre>;
}

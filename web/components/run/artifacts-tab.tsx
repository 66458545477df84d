'use client';
import { useQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { parseAsString, useQueryState } from 'nuqs';
import type { RunView } from '#contracts/run-reducer';
import { cn } from '../../lib/class-names';
import { formatAbsolute, formatBytes, middleTruncate } from '../../lib/format';
import { artifactContentQuery, type RunDetailWire } from '../../lib/queries';
import { prettyJson } from '../../lib/run-words';
import { EmptyState } from '../feedback/empty-state';
import { ProblemPanel } from '../feedback/problem-panel';
import { SafeMarkdown } from '../safe-markdown';
import { Button, ButtonAnchor } from '../ui/button';
import { CopyButton } from '../ui/copy-button';
import { Loading, Skeleton } from '../ui/skeleton';
import { DemoStamp } from './stamp';

type File = RunView['artifacts'][number];
const ORDER = ['text/markdown', 'text/html', 'text/csv', 'application/json', 'text/plain'];
const LARGE = 400_000;

function sorted(files: readonly File[]): File[] {
  // What was asked and answered step by step comes after the files a person came for.
  const rank = (file: File): number => { if (file.fileName.startsWith('steps/')) return ORDER.length + 1; const index = ORDER.findIndex((type) => file.mimeType.startsWith(type)); return index < 0 ? ORDER.length : index; };
  return files.toSorted((a, b) => rank(a) - rank(b) || a.fileName.localeCompare(b.fileName));
}

function Content({ file }: { file: File }) {
  const { data, error, refetch } = useQuery({ ...artifactContentQuery(file.id), enabled: file.fileSizeBytes <= LARGE });
  if (file.fileSizeBytes > LARGE) return <p className="p-5 text-muted">{formatBytes(file.fileSizeBytes)} is too large to show here; download it instead.</p>;
  if (error && !data) return <div className="p-5"><ProblemPanel error={error} onRetry={() => void refetch()} /></div>;
  if (!data) return <Loading label={`Loading ${file.fileName}`} className="grid gap-3 p-6"><Skeleton className="h-7 w-64" /><Skeleton className="h-4" /><Skeleton className="h-4 w-4/5" /></Loading>;
  if (file.mimeType.startsWith('text/markdown')) {
    return <article className="px-5 py-6 sm:px-8 sm:py-8"><SafeMarkdown text={data.content} className="reading" /></article>;
  }
  const text = file.mimeType.includes('json') ? prettyJson(data.content) : data.content;
  return <pre tabIndex={0} aria-label={file.fileName} className="max-h-[70dvh] overflow-auto p-4 font-mono text-sm">{text}</pre>;
}

/** The files of a run: list, reading view, size, hash and download of each. */
export function ArtifactsTab({ run, view, ended }: { run: RunDetailWire; view: RunView; ended: boolean }) {
  const [name, setName] = useQueryState('file', parseAsString);
  const files = sorted(view.artifacts);
  const file = files.find(({ fileName }) => fileName === name) ?? files[0];
  if (!file) {
    return <EmptyState title={ended ? 'This run made no files' : 'Files appear here as they are made'}>{ended ? 'What happened is in the story and in the raw events.' : 'The notes come with the last step; trace, log and metadata when the run ends.'}</EmptyState>;
  }
  const record = run.artifacts.find(({ id }) => id === file.id);
  return (
    <div className="grid gap-5 xl:grid-cols-[14rem_minmax(0,1fr)]">
      <div data-print="hide">
        <ul aria-label="Files" className="flex flex-wrap gap-1 xl:block">
          {files.map((entry) => (
            <li key={entry.id}><button type="button" aria-pressed={entry.id === file.id} onClick={() => void setName(entry.fileName)} className={cn('flex w-full items-baseline justify-between gap-3 border-l-2 border-transparent px-3 py-2 text-left hover:bg-sunken', entry.id === file.id && 'border-accent bg-surface')}><span className="font-mono text-sm">{entry.fileName}</span><span className="font-mono text-xs text-faint">{formatBytes(entry.fileSizeBytes)}</span></button></li>
          ))}
        </ul>
        <ButtonAnchor className="mt-3" size="sm" href={`/api/v1/runs/${run.id}/artifacts?format=zip`} download={`run-${run.id}.zip`}><Download aria-hidden className="size-4" />All as zip</ButtonAnchor>
      </div>
      <section aria-label={file.fileName} className="min-w-0 border border-rule bg-surface">
        <div data-print="hide" className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 border-b px-4 py-2">
          <div className="min-w-0 text-sm text-muted">
            <h2 className="flex items-center gap-2 font-mono text-base font-medium text-ink">{file.fileName}{run.simulated ? <DemoStamp /> : null}</h2>
            <span className="inline-flex items-center">sha256 <span className="ml-1 font-mono text-xs">{middleTruncate(file.sha256, 10, 6)}</span><CopyButton text={file.sha256} label="sha256" /></span>
            {record?.expires_at ? <span className="ml-3">kept until {formatAbsolute(record.expires_at)}</span> : null}
          </div>
          <div className="flex gap-2">
            {file.mimeType.startsWith('text/markdown') ? <Button size="sm" onClick={() => window.print()}>Print</Button> : null}
            <ButtonAnchor size="sm" href={`/api/v1/artifacts/${file.id}/download`} download={file.fileName}><Download aria-hidden className="size-4" />Download</ButtonAnchor>
          </div>
        </div>
        <Content key={file.id} file={file} />
      </section>
    </div>
  );
}

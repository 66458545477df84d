'use client';
import { Download } from 'lucide-react';
import Link from 'next/link';
import { parseAsString, useQueryState } from 'nuqs';
import { useEffect, useRef } from 'react';
import type { RunView } from '#contracts/run-reducer';
import { cn } from '../../lib/class-names';
import { formatAbsolute, formatBytes, middleTruncate } from '../../lib/format';
import type { RunDetailWire } from '../../lib/queries';
import { EmptyState } from '../feedback/empty-state';
import { Button, ButtonAnchor } from '../ui/button';
import { CopyButton } from '../ui/copy-button';
import { ArtifactContent, type ArtifactFile } from './artifact-content';
import { DemoStamp } from './stamp';

type Group = 'result' | 'records' | 'test' | 'steps';
const GROUPS: readonly (readonly [Group, string])[] = [['result', 'Result'], ['records', 'Record of the run'], ['test', 'Made by its Test'], ['steps', 'Step by step']];
const RECORDS: ReadonlySet<string> = new Set(['trace.json', 'logs.txt', 'metadata.json', 'evidence.json']);

function groupOf({ fileName }: ArtifactFile): Group {
  if (fileName.startsWith('steps/')) return 'steps';
  if (fileName.startsWith('test/')) return 'test';
  return RECORDS.has(fileName) ? 'records' : 'result';
}

/** The files of a run: list, reading view, size, hash and download of each. */
export function ArtifactsTab({ run, view, ended, reading, onRead }: { run: RunDetailWire; view: RunView; ended: boolean; /** somebody asked for the result: it comes to the top of the screen and has the focus */ reading: boolean; onRead: () => void }) {
  const shown = useRef<HTMLElement>(null);
  useEffect(() => {
    if (!reading || !shown.current) return;
    shown.current.focus({ preventScroll: true });
    shown.current.scrollIntoView({ block: 'start' });
    onRead();
  }, [reading, onRead]);
  const [name, setName] = useQueryState('file', parseAsString);
  // In the order they were written: the first of the result is what the person came for.
  const groups = GROUPS.map(([group, title]) => ({ group, title, files: view.artifacts.filter((entry) => groupOf(entry) === group) })).filter(({ files }) => files.length > 0);
  const file = view.artifacts.find(({ fileName }) => fileName === name) ?? groups[0]?.files[0];
  if (!file) {
    return <EmptyState title={ended ? 'This run made no files' : 'Files appear here as they are made'}>{ended ? 'What happened is in the story and in the raw events.' : 'The notes come with the last step; trace, log and metadata when the run ends.'}</EmptyState>;
  }
  const record = run.artifacts.find(({ id }) => id === file.id);
  return (
    <div className="grid gap-5 xl:grid-cols-[14rem_minmax(0,1fr)]">
      <div data-print="hide">
        {groups.map(({ group, title, files }) => {
          const list = <ul aria-label={`Files: ${title}`} className="flex flex-wrap gap-1 xl:block">{files.map((entry) => <FileButton key={entry.id} file={entry} pressed={entry.id === file.id} onChoose={() => void setName(entry.fileName)} />)}</ul>;
          return group === 'result' || group === 'records' ? <section key={group} className="mb-3"><h3 className="px-3 pb-1 text-xs text-muted">{title}</h3>{list}</section>
            : <details key={group} className="mb-3" open={files.some(({ id }) => id === file.id)}><summary className="cursor-pointer px-3 py-1 text-xs text-muted">{title} ({files.length})</summary>{list}</details>;
        })}
        <ButtonAnchor className="mt-3" size="sm" href={`/api/v1/runs/${run.id}/artifacts?format=zip`} download={`run-${run.id}.zip`}><Download aria-hidden className="size-4" />All as zip</ButtonAnchor>
        {ended ? <p className="mt-3 text-sm text-muted"><a className="prose-link" href={`/api/v1/runs/${run.id}/export`} download={`run-${run.id}.awp.zip`}>Whole run as one file</a>, to <Link className="prose-link" href="/runs/bundle">open and replay anywhere</Link>.</p> : null}
      </div>
      <section ref={shown} tabIndex={-1} aria-label={file.fileName} className="min-w-0 scroll-mt-14 max-lg:scroll-mt-0 border border-rule bg-surface">
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
        <ArtifactContent key={file.id} file={file} />
      </section>
    </div>
  );
}

function FileButton({ file, pressed, onChoose }: { file: ArtifactFile; pressed: boolean; onChoose: () => void }) {
  return (
    <li><button type="button" aria-pressed={pressed} onClick={onChoose} className={cn('flex w-full items-baseline justify-between gap-3 border-l-2 border-transparent px-3 py-2 text-left hover:bg-sunken', pressed && 'border-accent bg-surface')}>
      <span className="min-w-0 break-words font-mono text-sm">{file.fileName.replace(/^(steps|test)\//, '')}</span><span className="shrink-0 font-mono text-xs text-faint">{formatBytes(file.fileSizeBytes)}</span>
    </button></li>
  );
}

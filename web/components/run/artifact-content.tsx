'use client';
import { useQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import type { RunView } from '#contracts/run-reducer';
import { formatBytes } from '../../lib/format';
import { artifactContentQuery } from '../../lib/queries';
import { ProblemPanel } from '../feedback/problem-panel';
import { SafeMarkdown } from '../safe-markdown';
import { Button } from '../ui/button';
import { Loading, Skeleton } from '../ui/skeleton';
import { JsonView } from './json-view';

export type ArtifactFile = RunView['artifacts'][number];
const CsvTable = dynamic(() => import('./csv-table').then((module) => module.CsvTable), { loading: () => <p className="p-4 text-muted">Loading the table…</p> });
const LARGE = 400_000;
const is = (file: ArtifactFile, type: string): boolean => file.mimeType.startsWith(type);

/** One file as a person reads it: Markdown set as text, a table as a table, a picture as a picture; its source one click away. */
export function ArtifactContent({ file }: { file: ArtifactFile }) {
  const [source, setSource] = useState(false);
  const { data, error, refetch } = useQuery({ ...artifactContentQuery(file.id), enabled: file.fileSizeBytes <= LARGE && !is(file, 'image/svg+xml') });
  if (file.fileSizeBytes > LARGE) return <p className="p-5 text-muted">{formatBytes(file.fileSizeBytes)} is too large to show here; download it instead.</p>;
  if (is(file, 'image/svg+xml')) return <Picture file={file} />;
  if (error && !data) return <div className="p-5"><ProblemPanel error={error} onRetry={() => void refetch()} /></div>;
  if (!data) return <Loading label={`Loading ${file.fileName}`} className="grid gap-3 p-6"><Skeleton className="h-7 w-64" /><Skeleton className="h-4" /><Skeleton className="h-4 w-4/5" /></Loading>;
  if (is(file, 'text/markdown')) return <article className="px-5 py-6 sm:px-8 sm:py-8"><SafeMarkdown text={data.content} className="reading" /></article>;
  const table = is(file, 'text/csv');
  return (
    <>
      {table ? <div data-print="hide" className="flex justify-end px-4 pt-2"><Button size="sm" aria-pressed={source} onClick={() => setSource(!source)}>{source ? 'As a table' : 'As text'}</Button></div> : null}
      {table && !source ? <CsvTable text={data.content} name={file.fileName} /> : file.mimeType.includes('json') ? <JsonView text={data.content} label={file.fileName} className="max-h-[70dvh] border-0 bg-surface" /> : <pre tabIndex={0} aria-label={file.fileName} className="max-h-[70dvh] overflow-auto p-4 font-mono text-sm">{data.content}</pre>}
    </>
  );
}

/** As an image and not as markup: a picture can neither run a script nor fetch anything. The API gives no text of it. */
function Picture({ file }: { file: ArtifactFile }) {
  // oxlint-disable-next-line nextjs/no-img-element -- a file of the run, not an asset to optimise
  return <div className="bg-white p-4"><img src={`/api/v1/artifacts/${file.id}/download`} alt={`Chart ${file.fileName}`} className="mx-auto h-auto max-w-full" /></div>;
}

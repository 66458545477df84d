'use client';
import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import dynamic from 'next/dynamic';
import Link from 'next/link';
import { useState } from 'react';
import { isTerminal } from '#contracts/runs';
import { formatBytes, formatCost, formatDuration, formatTokens } from '../../lib/format';
import { runQuery, type RunDetailWire } from '../../lib/queries';
import { STAGE_WORDS } from '../../lib/status';
import { ProblemPanel } from '../feedback/problem-panel';
import { DemoStamp, ModeStamp } from '../run/stamp';
import { StatusBadge } from '../run/status-badge';
import { ButtonLink } from '../ui/button';
import { Loading, Skeleton } from '../ui/skeleton';
import { Rows } from './peek-rows';

/** Brings what knows the forms. */
const PeekInputs = dynamic(async () => (await import('./peek-inputs')).PeekInputs, { ssr: false, loading: () => <Skeleton className="mt-2 h-24" /> });

const MOST_INPUTS = 6;
const MOST_FILES = 6;

/** A run beside the list: enough to know whether it is the one. It follows the row that has the focus. */
export function PeekPanel({ id, onClose }: { id: string; onClose: () => void }) {
  const run = useQuery(runQuery(id));
  return (
    <aside id="peek" aria-label="Peek" className="sticky top-20 max-h-[calc(100dvh-6rem)] self-start overflow-y-auto border border-rule bg-surface max-lg:hidden">
      <div className="flex items-center justify-between gap-3 border-b px-4 py-2">
        <span className="text-sm text-muted"><kbd className="font-mono">j</kbd> and <kbd className="font-mono">k</kbd> go on, Enter opens</span>
        <button type="button" aria-label="Close the peek" onClick={onClose} className="grid size-8 place-items-center rounded-md text-muted hover:bg-sunken hover:text-ink"><X aria-hidden className="size-4" /></button>
      </div>
      <div className="p-4">
        {run.data ? <Facts run={run.data} /> : run.error ? <ProblemPanel error={run.error} onRetry={() => void run.refetch()} /> : <Loading label="Loading the run" className="grid gap-3"><Skeleton className="h-6 w-48" /><Skeleton className="h-20" /><Skeleton className="h-32" /></Loading>}
      </div>
    </aside>
  );
}

function Facts({ run }: { run: RunDetailWire }) {
  // Its own clock would be one more timer: how long a live run has gone on is told on its page.
  const [openedAt] = useState(() => Date.now());
  // Results before the files of single steps.
  const files = run.artifacts.toSorted((a, b) => Number(a.file_name.includes('/')) - Number(b.file_name.includes('/')));
  const steps = run.stages.reduce((sum, stage) => sum + stage.steps.length, 0);
  const took = run.started_at === null ? '–' : formatDuration((run.completed_at ? Date.parse(run.completed_at) : openedAt) - Date.parse(run.started_at));
  return (
    <div className="grid gap-4">
      <div>
        <h2 className="font-serif text-lg font-semibold"><Link href={`/runs/${run.id}`}>{run.workflow_title}</Link></h2>
        <p className="mt-1.5 flex flex-wrap items-center gap-2"><StatusBadge status={run.status} waitReason={run.wait_reason} cancelRequested={run.cancel_requested_at !== null} /><ModeStamp mode={run.run_mode} />{run.simulated ? <DemoStamp /> : null}</p>
        {run.error ? <p className="mt-2 text-failed">{run.error.title}{run.error.detail ? <span className="block text-muted">{run.error.detail}</span> : null}</p> : run.headline ? <p className="mt-2">{run.headline}</p> : null}
      </div>
      <Rows rows={[['Took', took], ['Steps', `${steps} in ${run.stages.map(({ stage }) => STAGE_WORDS[stage]).join(', ') || 'no stage yet'}`], ['Used', `${formatTokens(run.totals.total_tokens)} tokens · ${formatCost(run.totals.cost_usd_micros)}`], ['Model', `${run.provider} · ${run.model}`], ...(run.metrics.retries > 0 ? [['Retries', String(run.metrics.retries)] as const] : [])]} />
      <section><h3 className="border-b pb-1 font-medium">Inputs</h3><PeekInputs run={run} most={MOST_INPUTS} /></section>
      {run.artifacts.length > 0 ? (
        <section>
          <h3 className="border-b pb-1 font-medium">Files</h3>
          <ul className="mt-1.5 grid gap-1">{files.slice(0, MOST_FILES).map((file) => <li key={file.id} className="flex justify-between gap-3 font-mono text-sm"><Link className="prose-link min-w-0 truncate" href={`/runs/${run.id}?tab=artifacts&file=${encodeURIComponent(file.file_name)}`}>{file.file_name}</Link><span className="shrink-0 text-faint">{formatBytes(file.file_size_bytes)}</span></li>)}</ul>
          {run.artifacts.length > MOST_FILES ? <p className="mt-1 text-sm text-muted">and {run.artifacts.length - MOST_FILES} more</p> : null}
        </section>
      ) : null}
      <p className="flex flex-wrap gap-2"><ButtonLink size="sm" href={`/runs/${run.id}`}>Open</ButtonLink>{isTerminal(run.status) ? <ButtonLink size="sm" href={`/workflows/${run.workflow_id}?from=${run.id}`}>Use its inputs</ButtonLink> : null}</p>
    </div>
  );
}

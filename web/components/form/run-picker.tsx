'use client';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useState } from 'react';
import { runsQuery } from '../../lib/queries';
import { ProblemPanel } from '../feedback/problem-panel';
import { SearchField } from '../history/filters';
import { keyInputs, RunState } from '../history/run-row-parts';
import { Dialog } from '../ui/dialog';
import { RelativeTime } from '../ui/relative-time';
import { Loading, Skeleton } from '../ui/skeleton';

const SHOWN = 8;

/** Earlier runs of the same workflow: a press takes their inputs into the form. */
export function RunPicker({ slug, onClose }: { slug: string; onClose: () => void }) {
  const [search, setSearch] = useState('');
  const runs = useQuery(runsQuery({ workflow_id: slug, search: search || null, limit: SHOWN }));
  return (
    <Dialog open onOpenChange={(next) => { if (!next) onClose(); }} title="Use the inputs of a run" className="sm:max-w-2xl">
      <SearchField value={search} onChange={setSearch} />
      {runs.isPending ? <Loading label="Loading runs" className="mt-3 grid gap-px"><Skeleton className="h-12" /><Skeleton className="h-12" /></Loading> : null}
      {runs.error && !runs.data ? <div className="mt-3"><ProblemPanel error={runs.error} onRetry={() => void runs.refetch()} /></div> : null}
      {runs.data?.runs.length === 0 ? <p className="py-6 text-center text-muted">{search ? 'No run of this workflow has these words.' : 'There is no run of this workflow yet.'}</p> : null}
      <ul className="mt-3 divide-y divide-rule">
        {runs.data?.runs.map((run) => (
          <li key={run.id} className="relative grid gap-1 py-2.5 hover:bg-sunken">
            <Link href={`/workflows/${slug}?from=${run.id}`} onClick={onClose} className="line-clamp-2 font-medium after:absolute after:inset-0">{keyInputs(run) || 'no inputs'}</Link>
            <span className="flex flex-wrap items-center gap-3 text-sm text-muted"><RunState run={run} /><RelativeTime iso={run.created_at} /></span>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

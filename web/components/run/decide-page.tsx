'use client';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useState } from 'react';
import { middleTruncate } from '../../lib/format';
import { approvalsQuery, type ApprovalWire } from '../../lib/queries';
import { ApprovalCard } from '../approvals/approval-card';
import { ProblemPanel } from '../feedback/problem-panel';
import { ButtonLink } from '../ui/button';
import { CopyButton } from '../ui/copy-button';
import { Loading, Skeleton } from '../ui/skeleton';
import { ModeStamp } from './stamp';
import { StatusBadge } from './status-badge';

const AFTER = { approve: 'You approved this. The run goes on once everybody who has to agree has done so.', reject: 'You said no. The run ends without what was asked, and your reason is in its log.' } as const;

/** A run of somebody else: who may decide on it does so here, at the address that was passed on, and sees no more of it than that. */
export function DecidePage({ id, error, onRetry }: { id: string; error: unknown; onRetry: () => void }) {
  const approvals = useQuery(approvalsQuery);
  const asked = approvals.data?.find((gate) => gate.run_id === id && gate.kind === 'approval');
  // What was decided leaves the list; the page goes on telling what it was.
  const [seen, setSeen] = useState<ApprovalWire | null>(null);
  const [decided, setDecided] = useState<keyof typeof AFTER | null>(null);
  if (asked && asked.id !== seen?.id) { setSeen(asked); setDecided(null); }
  if (approvals.isPending) return <Loading label="Loading the run" className="grid gap-4"><Skeleton className="h-8 w-80 max-w-full" /><Skeleton className="h-72" /></Loading>;
  if (!seen) return <ProblemPanel error={error} onRetry={onRetry}><ButtonLink href="/runs" variant="quiet">All runs</ButtonLink></ProblemPanel>;
  return (
    <div data-slot="decide">
      <p className="flex flex-wrap items-center gap-x-2 text-sm text-muted"><Link href="/approvals" className="hover:text-ink">Approvals</Link><span aria-hidden className="text-faint">/</span><span className="inline-flex items-center font-mono">{middleTruncate(id)}<CopyButton text={id} label="run id" /></span><span>a run of {seen.requested_by}</span></p>
      <div className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="page-title">{seen.workflow_title}</h1>
        {asked && !decided ? <StatusBadge status="waiting" waitReason="approval" /> : null}
        {seen.asked_limits ? <ModeStamp mode="full_run" /> : null}
      </div>
      <p className="mt-1 max-w-prose text-md text-muted">You see what you decide on. The rest of the run is for {seen.requested_by} alone.</p>
      <div className="mt-6" role="status">{asked && !decided ? null : <div className="border border-l-4 border-rule border-l-completed bg-surface p-4"><p>{decided ? AFTER[decided] : 'This was decided meanwhile, or its time is over.'}</p><p className="mt-3"><ButtonLink href="/approvals">What else waits for you</ButtonLink></p></div>}</div>
      {asked && !decided ? <div data-run={id}><ApprovalCard key={asked.id} gate={asked} onDecided={setDecided} /></div> : null}
    </div>
  );
}

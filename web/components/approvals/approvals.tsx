'use client';
import { useQuery } from '@tanstack/react-query';
import { approvalsQuery } from '../../lib/queries';
import { EmptyState } from '../feedback/empty-state';
import { ProblemPanel } from '../feedback/problem-panel';
import { ButtonLink } from '../ui/button';
import { Loading, Skeleton } from '../ui/skeleton';
import { ApprovalCard } from './approval-card';

/** What waits for this person's yes, no or answer. */
export function Approvals() {
  const approvals = useQuery(approvalsQuery);
  return (
    <div>
      <h1 className="page-title">Approvals</h1>
      <p className="mt-1 max-w-prose text-md text-muted">Runs that go on only when you say so. Your decision is kept with what you were shown; nobody approves a run of their own.</p>
      <div className="mt-6 grid gap-4">
        {approvals.isPending ? <Loading label="Loading approvals" className="grid gap-4"><Skeleton className="h-40" /></Loading> : null}
        {approvals.error && !approvals.data ? <ProblemPanel error={approvals.error} onRetry={() => void approvals.refetch()} /> : null}
        {approvals.data?.length === 0 ? <EmptyState title="Nothing waits for you" action={<ButtonLink href="/runs">All runs</ButtonLink>}>When a run needs your approval or an answer of yours, it is listed here.</EmptyState> : null}
        {approvals.data?.map((gate) => <div key={gate.id} data-run={gate.run_id}><ApprovalCard gate={gate} /></div>)}
      </div>
    </div>
  );
}

'use client';
import { useQuery } from '@tanstack/react-query';
import { formatCost } from '../../lib/format';
import { useSession } from '../../lib/queries';
import { myBudgetsQuery } from '../../lib/usage-queries';
import { ProblemPanel } from '../feedback/problem-panel';
import { Panel } from '../ui/panel';
import { Loading, Skeleton } from '../ui/skeleton';
import { BudgetMeter } from './budget-meter';
import { BudgetSettings } from './budget-settings';
import { UsageTable } from './usage-table';

/** What was used, what is left, and for administrators: what may be. */
export function UsagePage() {
  const { data: session } = useSession();
  const mine = useQuery(myBudgetsQuery);
  return (
    <div>
      <h1 className="page-title">Usage and budgets</h1>
      <p className="mt-1 max-w-prose text-md text-muted">Every call is counted. Before it begins, the most it can cost is set aside; once the answer is there, what it really cost is kept and the rest is free again.</p>
      <div className="mt-6 grid gap-6">
        <Panel title="What is left to you">
          {mine.isPending ? <Loading label="Loading budgets"><Skeleton className="h-16" /></Loading> : null}
          {mine.error && !mine.data ? <ProblemPanel error={mine.error} onRetry={() => void mine.refetch()} /> : null}
          {mine.data?.unusual ? <p role="status" className="mb-2 font-medium">Today you spent {formatCost(mine.data.spent_today_usd_micros)}, more than three times your mean of the last seven days ({formatCost(mine.data.mean_7_days_usd_micros)}).</p> : null}
          {mine.data && mine.data.budgets.length === 0 ? <p className="text-muted">No budget limits you. Today you spent {formatCost(mine.data.spent_today_usd_micros)}.</p> : null}
          {mine.data ? <ul className="divide-y">{mine.data.budgets.map((budget) => <BudgetMeter key={budget.id} budget={budget} />)}</ul> : null}
        </Panel>
        <UsageTable everybodyAllowed={session?.permissions.includes('runs:view:all') ?? false} />
        {session?.permissions.includes('settings:manage') ? <BudgetSettings /> : null}
      </div>
    </div>
  );
}

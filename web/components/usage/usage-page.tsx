'use client';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { USAGE_GROUPS, type UsageGroup, type UsageWire } from '#contracts/api/usage.schema';
import { formatCost } from '../../lib/format';
import { useSession } from '../../lib/queries';
import { myBudgetsQuery, usageQuery } from '../../lib/usage-queries';
import { ProblemPanel } from '../feedback/problem-panel';
import { Panel } from '../ui/panel';
import { Select } from '../ui/select';
import { Loading, Skeleton } from '../ui/skeleton';
import { BudgetMeter } from './budget-meter';
import { BudgetSettings } from './budget-settings';

const GROUP_WORDS: Record<UsageGroup, string> = { day: 'by day', workflow: 'by workflow', provider: 'by provider', model: 'by model', user: 'by person' };
const number = new Intl.NumberFormat('en-GB');

/** What was used, what is left, and for administrators: what may be. */
export function UsagePage() {
  const { data: session } = useSession();
  const mine = useQuery(myBudgetsQuery);
  return (
    <div>
      <h1 className="page-title">Usage and budgets</h1>
      <p className="mt-1 max-w-prose text-md text-muted">Counted from the ledger of calls. Before each call its worst cost is reserved; when the answer is there, what it really cost is kept and the rest is free again.</p>
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

function UsageTable({ everybodyAllowed }: { everybodyAllowed: boolean }) {
  const [group, setGroup] = useState<UsageGroup>('day');
  const [whose, setWhose] = useState<'mine' | 'all'>('mine');
  const usage = useQuery(usageQuery(group, whose === 'all'));
  return (
    <Panel title="The last 30 days" aside={(
      <span className="flex flex-wrap gap-2">
        {everybodyAllowed ? <Select className="w-36" aria-label="Whose" value={whose} onValueChange={(value) => setWhose(value === 'all' ? 'all' : 'mine')} options={[{ value: 'mine', label: 'only mine' }, { value: 'all', label: 'of everybody' }]} /> : null}
        <Select className="w-36" aria-label="Grouped" value={group} onValueChange={(value) => setGroup(value as UsageGroup)} options={USAGE_GROUPS.filter((key) => key !== 'user' || whose === 'all').map((key) => ({ value: key, label: GROUP_WORDS[key] }))} />
      </span>
    )}>
      {usage.error && !usage.data ? <ProblemPanel error={usage.error} onRetry={() => void usage.refetch()} /> : null}
      {usage.isPending ? <Loading label="Loading usage"><Skeleton className="h-24" /></Loading> : null}
      {usage.data ? <Rows usage={usage.data} /> : null}
    </Panel>
  );
}

function Rows({ usage }: { usage: UsageWire }) {
  if (usage.rows.length === 0) return <p className="text-muted">Nothing was bought from {usage.from} to {usage.to}.</p>;
  const cells = (row: UsageWire['total']) => [row.runs, row.calls, row.input_tokens, row.output_tokens].map((value) => number.format(value));
  return (
    <div tabIndex={0} role="group" aria-label="Usage" className="overflow-x-auto">
      <table className="w-full text-right text-sm tabular-nums">
        <thead><tr className="border-b text-muted"><th scope="col" className="py-1.5 pr-4 text-left font-medium">{usage.group_by === 'user' ? 'person' : usage.group_by}</th>{['runs', 'calls', 'input tokens', 'output tokens', 'cost'].map((head) => <th key={head} scope="col" className="px-3 py-1.5 font-medium">{head}</th>)}</tr></thead>
        <tbody className="divide-y">
          {usage.rows.map((row) => <tr key={row.key}><th scope="row" className="py-1.5 pr-4 text-left font-normal">{row.label}</th>{cells(row).map((cell, index) => <td key={index} className="px-3 py-1.5">{cell}</td>)}<td className="px-3 py-1.5">{formatCost(row.cost_usd_micros)}{row.unpriced_calls > 0 ? ' + unpriced' : ''}</td></tr>)}
        </tbody>
        <tfoot><tr className="border-t font-medium"><th scope="row" className="py-1.5 pr-4 text-left">Total</th>{cells(usage.total).map((cell, index) => <td key={index} className="px-3 py-1.5">{cell}</td>)}<td className="px-3 py-1.5">{formatCost(usage.total.cost_usd_micros)}</td></tr></tfoot>
      </table>
      {usage.total.possibly_billed_usd_micros > 0 ? <p className="mt-2 text-sm text-muted">Besides, tries whose outcome is unknown may have cost up to {formatCost(usage.total.possibly_billed_usd_micros)}.</p> : null}
    </div>
  );
}

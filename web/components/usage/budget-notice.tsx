'use client';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { budgetAmount, budgetTitle, STATE_WORDS } from '../../lib/budget-words';
import { myBudgetsQuery } from '../../lib/usage-queries';

/** Beside the start button: only when a budget is near its end. */
export function BudgetNotice() {
  const { data } = useQuery(myBudgetsQuery);
  const near = data?.budgets.filter(({ state }) => state === 'warning' || state === 'used_up') ?? [];
  if (near.length === 0) return null;
  return (
    <ul role="status" className="grid gap-1 border border-l-4 border-l-waiting bg-surface p-3 text-sm">
      {near.map((budget) => <li key={budget.id}><span className="font-medium">{budgetTitle(budget)}</span>: {budget.state ? STATE_WORDS[budget.state] : ''}, {budgetAmount(budget.metric, budget.remaining ?? 0)} left. <Link href="/usage" className="prose-link">Usage</Link></li>)}
    </ul>
  );
}

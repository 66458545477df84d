import type { ReactNode } from 'react';
import type { BudgetStateWire } from '#contracts/api/usage.schema';
import { budgetAmount, budgetTitle, STATE_WORDS } from '../../lib/budget-words';
import { cn } from '../../lib/class-names';
import { formatAbsolute } from '../../lib/format';

const COLOR = { ok: 'bg-completed', warning: 'bg-waiting', used_up: 'bg-failed' } as const;

/** One budget: how much of it is used, in a bar and in words. */
export function BudgetMeter({ budget, children }: { budget: BudgetStateWire; children?: ReactNode }) {
  const { used, limit, state, metric } = budget;
  const share = used === null || limit === 0 ? 1 : Math.min(1, used / limit);
  return (
    <li className="grid gap-1.5 py-3" data-budget={`${budget.scope}-${budget.period}-${budget.metric}`}>
      <div className="flex flex-wrap items-baseline gap-x-3"><span className="font-medium">{budgetTitle(budget)}</span><span className="text-sm text-muted">starts again {formatAbsolute(budget.resets_at)}</span>{children ? <span className="ml-auto">{children}</span> : null}</div>
      {used === null || state === null ? <p className="text-sm text-muted">At most {budgetAmount(metric, limit)} for each person.</p> : (
        <>
          <div role="meter" aria-label={budgetTitle(budget)} aria-valuemin={0} aria-valuemax={limit} aria-valuenow={Math.min(used, limit)} aria-valuetext={`${budgetAmount(metric, used)} of ${budgetAmount(metric, limit)}, ${STATE_WORDS[state]}`} className="h-2 border border-rule bg-sunken"><span className={cn('block h-full', COLOR[state])} style={{ width: `${share * 100}%` }} /></div>
          <p className="text-sm text-muted">{budgetAmount(metric, used)} of {budgetAmount(metric, limit)}; {budgetAmount(metric, budget.remaining ?? 0)} left{state === 'ok' ? '' : <span className={cn('ml-2 font-medium', state === 'used_up' ? 'text-failed' : 'text-ink')}>{STATE_WORDS[state]}</span>}</p>
        </>
      )}
    </li>
  );
}

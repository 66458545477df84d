'use client';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useState } from 'react';
import { formatCost, formatCount } from '../../lib/format';
import { forecast, monthSpan } from '../../lib/spend';
import { myBudgetsQuery, usageQuery } from '../../lib/usage-queries';
import { BudgetMeter } from '../usage/budget-meter';
import { Panel } from '../ui/panel';

/** This month's money, where it is heading, and what is left of the budgets. */
export function SpendPanel() {
  const [now] = useState(() => new Date());
  const span = monthSpan(now);
  const usage = useQuery(usageQuery('day', false, span, false));
  const budgets = useQuery(myBudgetsQuery);
  const total = usage.data?.total;
  const ahead = usage.data ? forecast(usage.data.total.cost_usd_micros, now) : null;
  return (
    <Panel title="This month" aside={<Link href={`/usage?from=${span.from}&to=${span.to}`} className="prose-link">Usage</Link>}>
      <p className="font-mono text-lg">{total ? formatCost(total.cost_usd_micros) : '…'}</p>
      <p className="mt-0.5 text-sm text-muted">{total ? <><Link href={`/runs?demo=false&from=${span.from}&to=${span.to}`} className="prose-link">{formatCount(total.runs, 'run')}</Link> that asked a model{ahead !== null && total.cost_usd_micros > 0 ? `; at this pace about ${formatCost(ahead)} by the end of the month` : ''}</> : 'counting…'}</p>
      {budgets.data && budgets.data.budgets.length > 0 ? <ul className="mt-3 divide-y border-t">{budgets.data.budgets.map((budget) => <BudgetMeter key={budget.id} budget={budget} />)}</ul> : null}
      {budgets.data?.budgets.length === 0 ? <p className="mt-3 border-t pt-3 text-sm text-muted">No budget limits you; the caps of each run hold.</p> : null}
    </Panel>
  );
}

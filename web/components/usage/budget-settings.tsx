'use client';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import type { BudgetStateWire } from '#contracts/api/usage.schema';
import { usersQuery } from '../../lib/account-queries';
import { budgetTitle } from '../../lib/budget-words';
import { formProblem, NO_PROBLEM } from '../../lib/field-errors';
import { budgetsQuery, useRemoveBudget, useSetBudget } from '../../lib/usage-queries';
import { ProblemPanel } from '../feedback/problem-panel';
import { Button } from '../ui/button';
import { Field } from '../ui/field';
import { Panel } from '../ui/panel';
import { Select } from '../ui/select';
import { notify, notifyUndo } from '../ui/toast';
import { BudgetMeter } from './budget-meter';

const ROLES = [{ value: 'role:student', label: 'each student' }, { value: 'role:researcher', label: 'each researcher' }, { value: 'role:admin', label: 'each administrator' }];
const WHAT = [{ value: 'cost', label: 'dollars' }, { value: 'runs', label: 'runs' }];
const PERIODS = [{ value: 'day', label: 'a day' }, { value: 'month', label: 'a month' }];

/** Administrators: every budget, and a line to set one. A second one for the same people, period and measure replaces the first. */
export function BudgetSettings() {
  const budgets = useQuery(budgetsQuery);
  const remove = useRemoveBudget();
  const put = useSetBudget();
  const take = async (budget: BudgetStateWire): Promise<void> => {
    try {
      await remove.mutateAsync(budget.id);
      notifyUndo(`${budgetTitle(budget)}: removed`, async () => { await put.mutateAsync({ scope: budget.scope, ...(budget.role ? { role: budget.role } : {}), ...(budget.user_id ? { user_id: budget.user_id } : {}), period: budget.period, metric: budget.metric, limit: budget.limit }); });
    } catch {
      notify('The budget could not be removed', 'problem', 'It still holds; try again.');
    }
  };
  return (
    <Panel title="Budgets and quotas of this installation">
      {budgets.error && !budgets.data ? <ProblemPanel error={budgets.error} onRetry={() => void budgets.refetch()} /> : null}
      <NewBudget />
      {budgets.data?.length === 0 ? <p className="mt-3 text-muted">None: only the limits of each run hold.</p> : null}
      <ul className="mt-3 divide-y">{budgets.data?.map((budget) => <BudgetMeter key={budget.id} budget={budget}><Button size="sm" variant="quiet" disabled={remove.isPending} onClick={() => void take(budget)}>Remove<span className="sr-only">: {budgetTitle(budget)}</span></Button></BudgetMeter>)}</ul>
    </Panel>
  );
}

function NewBudget() {
  const users = useQuery(usersQuery);
  const [who, setWho] = useState('workspace');
  const [metric, setMetric] = useState('cost');
  const [period, setPeriod] = useState('day');
  const [amount, setAmount] = useState('');
  const [problem, setProblem] = useState(NO_PROBLEM);
  const write = useSetBudget();
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const value = Number(amount.replace(',', '.'));
    if (!(value >= 0) || amount.trim() === '' || (metric === 'runs' && !Number.isInteger(value))) { setProblem({ fields: { limit: metric === 'runs' ? 'Write a whole number.' : 'Write an amount in dollars.' }, whole: null }); return; }
    setProblem(NO_PROBLEM);
    const [scope = 'workspace', key] = who.split(':', 2);
    try {
      await write.mutateAsync({ scope, ...(scope === 'role' ? { role: key } : scope === 'user' ? { user_id: key } : {}), metric, period, limit: metric === 'cost' ? Math.round(value * 1_000_000) : value });
      setAmount('');
    } catch (error) {
      setProblem(formProblem(error));
    }
  };
  const people = (users.data ?? []).map((user) => ({ value: `user:${user.id}`, label: user.name, note: user.email }));
  return (
    <form onSubmit={(event) => void submit(event)} className="grid gap-3 sm:grid-cols-2 lg:grid-cols-[14rem_9rem_8rem_8rem_auto] lg:items-start lg:justify-start" noValidate>
      <div><span id="budget-who" className="block font-medium">For</span><Select className="mt-1.5" aria-labelledby="budget-who" value={who} onValueChange={setWho} options={[{ value: 'workspace', label: 'everybody together' }, ...ROLES, ...people]} /></div>
      <Field label="At most" inputMode="decimal" value={amount} onChange={(event) => setAmount(event.target.value)} error={problem.fields['limit'] ?? problem.whole} />
      <div><span id="budget-what" className="block font-medium">Of</span><Select className="mt-1.5" aria-labelledby="budget-what" value={metric} onValueChange={setMetric} options={WHAT} /></div>
      <div><span id="budget-period" className="block font-medium">In</span><Select className="mt-1.5" aria-labelledby="budget-period" value={period} onValueChange={setPeriod} options={PERIODS} /></div>
      <Button type="submit" className="max-sm:h-11 lg:px-6 lg:mt-[1.625rem]" disabled={write.isPending}>Set</Button>
    </form>
  );
}

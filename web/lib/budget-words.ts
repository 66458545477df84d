import type { BudgetStateWire } from '#contracts/api/usage.schema';
import { formatCost } from './format';

/** How a budget reads: `Your role, a day`, `$1.20 of $5.00`. */
export function budgetTitle({ scope, role, user_name, period, metric }: Pick<BudgetStateWire, 'scope' | 'role' | 'user_name' | 'period' | 'metric'>): string {
  const whose = scope === 'workspace' ? 'Everybody together' : scope === 'role' ? `Each ${role ?? 'person'}` : (user_name ?? 'One person');
  return `${whose}: ${metric === 'cost' ? 'money' : 'runs'} a ${period}`;
}

export const budgetAmount = (metric: BudgetStateWire['metric'], value: number): string => (metric === 'cost' ? formatCost(value) : `${value} ${value === 1 ? 'run' : 'runs'}`);

export const STATE_WORDS = { ok: 'within the budget', warning: '80 % or more is used', used_up: 'used up' } as const;

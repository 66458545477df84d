import { describe, expect, it } from 'vitest';
import { budgetState, budgetWords, periodOf } from './budgets.ts';

describe('budgets', () => {
  it('periods are days and months of UTC', () => {
    const now = new Date('2026-12-31T23:59:59.999Z');
    expect(periodOf('day', now)).toEqual({ start: new Date('2026-12-31T00:00:00Z'), end: new Date('2027-01-01T00:00:00Z') });
    expect(periodOf('month', now)).toEqual({ start: new Date('2026-12-01T00:00:00Z'), end: new Date('2027-01-01T00:00:00Z') });
  });

  it('warn from 80 % on and are used up at the limit', () => {
    expect([799, 800, 999, 1000, 1001].map((used) => budgetState(used, 1000))).toEqual(['ok', 'warning', 'warning', 'used_up', 'used_up']);
    expect(budgetState(0, 0)).toBe('used_up');
  });

  it('are named so that a person knows which one', () => {
    expect(budgetWords({ scope: 'role', period: 'day', metric: 'cost', limit: 5_000_000 })).toBe('the daily budget of your role, $5.00');
    expect(budgetWords({ scope: 'workspace', period: 'month', metric: 'runs', limit: 10 })).toBe('the monthly number of runs of this installation, 10');
  });
});

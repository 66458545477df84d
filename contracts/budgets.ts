/** What may be spent or started in a period. Plain data. Money in micro-dollars. */
export const BUDGET_SCOPES = ['workspace', 'role', 'user'] as const;
export type BudgetScope = (typeof BUDGET_SCOPES)[number];
export const BUDGET_PERIODS = ['day', 'month'] as const;
export type BudgetPeriod = (typeof BUDGET_PERIODS)[number];
export const BUDGET_METRICS = ['cost', 'runs'] as const;
export type BudgetMetric = (typeof BUDGET_METRICS)[number];

/** workspace: all people together · role: each person who has it · user: one person. All that fit somebody hold. */
export interface BudgetRule { id: string; scope: BudgetScope; /** empty, a role, a user id */ scopeKey: string; period: BudgetPeriod; metric: BudgetMetric; limit: number }

/** People are warned from here on. */
export const BUDGET_WARNING = 0.8;
export type BudgetState = 'ok' | 'warning' | 'used_up';

export const budgetState = (used: number, limit: number): BudgetState => (used >= limit ? 'used_up' : used >= limit * BUDGET_WARNING ? 'warning' : 'ok');

/** First moment of the period that `now` is in, and of the one after; days and months of UTC. */
export function periodOf(period: BudgetPeriod, now: Date): { start: Date; end: Date } {
  const [year, month, day] = [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()];
  return period === 'day' ? { start: new Date(Date.UTC(year, month, day)), end: new Date(Date.UTC(year, month, day + 1)) } : { start: new Date(Date.UTC(year, month)), end: new Date(Date.UTC(year, month + 1)) };
}

const dollars = (micros: number): string => `$${(micros / 1_000_000).toFixed(micros < 1_000_000 ? 4 : 2)}`;
const WHOSE: Record<BudgetScope, string> = { workspace: 'of this installation', role: 'of your role', user: 'of your own' };

/** `the daily budget of your role, $5.00` */
export function budgetWords({ scope, period, metric, limit }: Pick<BudgetRule, 'scope' | 'period' | 'metric' | 'limit'>): string {
  return `the ${period === 'day' ? 'daily' : 'monthly'} ${metric === 'cost' ? 'budget' : 'number of runs'} ${WHOSE[scope]}, ${metric === 'cost' ? dollars(limit) : limit}`;
}

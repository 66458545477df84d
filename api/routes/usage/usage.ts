import { MyBudgetsSchema, UsageQuery, UsageSchema } from '#contracts/api/usage.schema';
import { periodOf } from '#contracts/budgets';
import { invalidField } from '#platform/coded-error';
import { standingOf } from '#platform/repositories/rights';
import { recentSpend, usageOf } from '#platform/repositories/usage';
import { defineEndpoint } from '../../endpoint.ts';
import { requirePermission } from '../../pipeline.ts';
import { budgetToWire } from '../budgets/budget-to-wire.ts';

const DAY_MS = 86_400_000;
const LONGEST_DAYS = 400;
/** Today counts as unusual above this many times the mean, and above a dollar. */
const UNUSUAL_TIMES = 3;
const UNUSUAL_FROM_USD_MICROS = 1_000_000;

export const getUsage = defineEndpoint({
  method: 'get', path: '/api/v1/usage', operationId: 'getUsage', tag: 'Usage and policy', summary: 'What was used, by user, workflow, provider, model or day', description: 'The 500 rows that cost most (days: the first 500); `total` counts all.', permission: 'usage:read', audit: 'none', query: UsageQuery, answers: { 200: { description: 'From the ledger', schema: UsageSchema } }, errors: ['InvalidInput'],
  handler: (deps) => async ({ principal, query }) => {
    const everybody = query.everybody ?? false;
    if (everybody) requirePermission(principal, 'runs:view:all');
    const to = query.to ?? new Date().toISOString().slice(0, 10);
    const from = query.from ?? new Date(Date.parse(to) - 29 * DAY_MS).toISOString().slice(0, 10);
    const days = (Date.parse(to) - Date.parse(from)) / DAY_MS;
    if (days < 0) throw invalidField('#/query/from', 'is after the last day');
    if (days > LONGEST_DAYS) throw invalidField('#/query/from', `is more than ${LONGEST_DAYS} days before the last day`);
    const { rows, total } = await usageOf(deps.db, { groupBy: query.group_by, from: new Date(from), until: new Date(Date.parse(to) + DAY_MS), userId: everybody ? null : principal.userId, simulated: query.simulated });
    return { status: 200, body: { group_by: query.group_by, from, to, everybody, rows, total } };
  },
});

export const getMyBudgets = defineEndpoint({
  method: 'get', path: '/api/v1/usage/budgets', operationId: 'getMyBudgets', tag: 'Usage and policy', summary: 'What is left of the budgets that hold for me', description: '`warning` from 80 % on. A call that may cost more than what is left is not made; the run then ends with what it has.', permission: 'usage:read', audit: 'none', answers: { 200: { description: 'Each budget that fits me', schema: MyBudgetsSchema } }, errors: [],
  handler: (deps) => async ({ principal }) => {
    const standing = await standingOf(deps.db, principal.userId);
    const [budgets, recent] = await Promise.all([
      Promise.all((standing?.budgets ?? []).map((rule) => budgetToWire(deps.db, rule, principal.userId, true))), recentSpend(deps.db, principal.userId, periodOf('day', new Date()).start),
    ]);
    return { status: 200, body: { budgets, spent_today_usd_micros: recent.today, mean_7_days_usd_micros: recent.meanOfDays ?? 0, unusual: recent.meanOfDays !== null && recent.today > UNUSUAL_FROM_USD_MICROS && recent.today > UNUSUAL_TIMES * recent.meanOfDays } };
  },
});

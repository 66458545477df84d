import type { PoolClient } from 'pg';
import { BUDGET_WARNING, budgetWords, periodOf, type BudgetPeriod, type BudgetRule, type BudgetScope } from '#contracts/budgets';
import type { Budget } from '#prisma/client';
import { CodedError } from '../coded-error.ts';
import type { Database, Transaction } from '../db.ts';
import { uuidv7 } from '../ids.ts';
import { queryIn, statement } from '../sql.ts';
import { after, pageOf, type Page, type Paged } from './paging.ts';

/** Money that is spent or may be: answers that were bought, the worst cost of tries that are under way or whose outcome is unknown, and
 * what deleted runs had spent. The ledger itself, so that nothing is counted twice, lost by a death, or out of step. Statements of their
 * own for one person and for all, and a last moment beside the first: a worker has them planned for any values, and finds the index. */
type Whose = 'person' | 'all';
const since = (column: string): string => `${column} >= $1::timestamptz AND ${column} < now() + interval '1 day'`;
const theirs = (whose: Whose, column: string): string => (whose === 'person' ? ` AND ${column} = $2::text::uuid` : '');
const deleted = (whose: Whose, sum: string): string => `(SELECT COALESCE(sum(${sum}), 0) FROM deleted_spend WHERE day >= ($1::timestamptz AT TIME ZONE 'UTC')::date AND day < (now() AT TIME ZONE 'UTC')::date + 2${theirs(whose, 'user_id')})`;
const spent = (whose: Whose) => statement(`
  SELECT (
    (SELECT COALESCE(sum(c.cost_usd_micros), 0) FROM completions c WHERE ${since('c.created_at')}${theirs(whose, 'c.user_id')} AND c.state = 'done' AND c.reused_from_id IS NULL)
    + (SELECT COALESCE(sum(a.worst_cost_usd_micros), 0) FROM completions c JOIN completion_attempts a ON a.completion_id = c.id
        WHERE ${since('c.created_at')}${theirs(whose, 'c.user_id')} AND a.state IN ('in_flight', 'possibly_billed', 'cancelled'))
    + ${deleted(whose, 'cost_usd_micros + possibly_billed_usd_micros')}
  )::float8 AS used`);
const started = (whose: Whose) => statement(`SELECT ((SELECT count(*) FROM runs WHERE ${since('created_at')}${theirs(whose, 'user_id')}) + ${deleted(whose, 'started')})::float8 AS used`);
const USED = { cost: { person: spent('person'), all: spent('all') }, runs: { person: started('person'), all: started('all') } } as const;
const LOCK = statement('SELECT 1 AS locked FROM pg_advisory_xact_lock(hashtextextended($1::text, 0))');

const sharedBy = (rule: Pick<BudgetRule, 'scope'>, userId: string): string | null => (rule.scope === 'workspace' ? null : userId);

/** What is used of a rule by this person (of the workspace's by all). */
export async function usedOf(tx: Transaction | PoolClient, rule: Pick<BudgetRule, 'scope' | 'period' | 'metric'>, userId: string, now = new Date()): Promise<number> {
  const start = periodOf(rule.period, now).start.toISOString();
  const whose = sharedBy(rule, userId);
  const [row] = await queryIn<{ used: number }>(tx, USED[rule.metric][whose === null ? 'all' : 'person'], whose === null ? [start] : [start, whose]);
  return row?.used ?? 0;
}

const exceeded = (rule: BudgetRule, used: number, needed: number): CodedError => {
  const seconds = Math.max(1, Math.ceil((periodOf(rule.period, new Date()).end.getTime() - Date.now()) / 1000));
  const left = rule.metric === 'cost' ? `; $${(Math.max(0, rule.limit - used) / 1_000_000).toFixed(4)} is left, and the next call may cost $${(needed / 1_000_000).toFixed(4)}` : '';
  return new CodedError('BudgetExceeded', `This is above ${budgetWords(rule)}${left}. It begins anew in ${seconds < 7200 ? `${Math.ceil(seconds / 60)} minutes` : `${Math.round(seconds / 3600)} hours`}.`, { retryAfterSeconds: seconds, remedy: 'Wait until then, or ask an administrator to raise it.' });
};

/** One after the other for each budget, always in the same order; the lock goes with the transaction. */
const keyOf = (rule: BudgetRule, userId: string): string => `budget ${rule.metric} ${sharedBy(rule, userId) ?? 'workspace'}`;
async function lockAll(tx: Transaction | PoolClient, rules: readonly BudgetRule[], userId: string): Promise<void> {
  for (const key of [...new Set(rules.map((rule) => keyOf(rule, userId)))].toSorted()) await queryIn(tx, LOCK, [key]);
}

/** In the transaction that opened a try with its worst cost, before it is committed: does that fit? The transaction that stores the
 * answer settles it. What parallel calls of one person or of all reserve together never goes above a budget.
 * @returns budgets that are at 80 % or more now
 * @throws CodedError BudgetExceeded; the try is then not opened */
export async function requireCost(tx: Transaction, rules: readonly BudgetRule[], userId: string, worstUsdMicros: number | null): Promise<BudgetRule[]> {
  if (worstUsdMicros === null) throw new CodedError('BudgetExceeded', 'This model has no known price, so a budget could not be kept.', { remedy: 'Choose another model, or ask the administrator for its price.' });
  await lockAll(tx, rules, userId);
  const near: BudgetRule[] = [];
  for (const rule of rules) {
    const used = await usedOf(tx, rule, userId); // with this try
    // What is free is never refused.
    if (worstUsdMicros > 0 && used > rule.limit) throw exceeded(rule, used - worstUsdMicros, worstUsdMicros);
    if (used >= rule.limit * BUDGET_WARNING) near.push(rule);
  }
  return near;
}

/** Before a run is accepted: is there anything left to spend at all? @throws CodedError BudgetExceeded */
export async function requireMoney(db: Database, rules: readonly BudgetRule[], userId: string): Promise<void> {
  for (const rule of rules) {
    if (rule.metric !== 'cost') continue;
    const used = await usedOf(db, rule, userId);
    if (used >= rule.limit) throw exceeded(rule, used, 0);
  }
}

const LIVE = statement("SELECT count(*)::int AS live FROM runs WHERE user_id = $1::text::uuid AND status NOT IN ('completed', 'failed', 'cancelled', 'timed_out')");

/** Runs of a person that have not ended. */
export async function countLiveRuns(tx: Transaction | PoolClient, userId: string): Promise<number> {
  const [row] = await queryIn<{ live: number }>(tx, LIVE, [userId]);
  return row?.live ?? 0;
}

/** In the transaction that writes the run: how many a person may have at once, and how many may be started in a period.
 * @param maxLive 0 = as many as there are
 * @throws CodedError RateLimited, BudgetExceeded */
export async function requireRunRoom(client: PoolClient, rules: readonly BudgetRule[], userId: string, maxLive: number): Promise<void> {
  const counted = rules.filter((rule) => rule.metric === 'runs');
  if (maxLive > 0) {
    await queryIn(client, LOCK, [`live runs ${userId}`]);
    if ((await countLiveRuns(client, userId)) >= maxLive) throw new CodedError('RateLimited', `At most ${maxLive} runs of yours may be live at once.`, { retryAfterSeconds: 10, remedy: 'Wait until one of them ends, or cancel one.' });
  }
  await lockAll(client, counted, userId);
  for (const rule of counted) {
    const used = await usedOf(client, rule, userId);
    if (used >= rule.limit) throw exceeded(rule, used, 1);
  }
}

export const toRule = (row: Budget): BudgetRule => ({ id: row.id, scope: row.scope as BudgetScope, scopeKey: row.scopeKey, period: row.period as BudgetPeriod, metric: row.metric as BudgetRule['metric'], limit: Number(row.limitValue) });

export async function listBudgets(db: Database, page: Page): Promise<Paged<BudgetRule>> {
  const [total, rows] = await Promise.all([db.budget.count(), db.budget.findMany({ where: after(page), orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], skip: page.skip, take: page.limit + 1 })]);
  const shown = pageOf(rows, total, page);
  return { ...shown, rows: shown.rows.map(toRule) };
}

/** One limit for each scope, period and metric: a second one replaces the first. @returns it and the limit before */
export async function writeBudget(tx: Transaction, rule: Omit<BudgetRule, 'id'>, by: string): Promise<{ rule: BudgetRule; before: number | null }> {
  const key = { scope: rule.scope, scopeKey: rule.scopeKey, period: rule.period, metric: rule.metric };
  const before = await tx.budget.findUnique({ where: { scope_scopeKey_period_metric: key } });
  const row = await tx.budget.upsert({ where: { scope_scopeKey_period_metric: key }, update: { limitValue: BigInt(rule.limit) }, create: { id: uuidv7(), ...key, limitValue: BigInt(rule.limit), createdBy: by } });
  return { rule: toRule(row), before: before ? Number(before.limitValue) : null };
}

/** @returns what was removed; null when there is none */
export async function removeBudget(tx: Transaction, id: string): Promise<BudgetRule | null> {
  const row = await tx.budget.findUnique({ where: { id } });
  return row && (await tx.budget.deleteMany({ where: { id } })).count === 1 ? toRule(row) : null;
}

import type { BudgetStateWire } from '#contracts/api/usage.schema';
import { budgetState, periodOf, type BudgetRule } from '#contracts/budgets';
import type { Database } from '#platform/db';
import { usedOf } from '#platform/repositories/budgets';
import { findUser } from '#platform/repositories/users';

/** @param counted  false for a role seen from outside: its people each have their own use */
export async function budgetToWire(db: Database, rule: BudgetRule, userId: string, counted: boolean): Promise<BudgetStateWire> {
  const used = counted ? await usedOf(db, rule, userId) : null;
  const person = rule.scope === 'user' ? await findUser(db, rule.scopeKey) : null;
  return {
    id: rule.id, scope: rule.scope, role: rule.scope === 'role' ? (rule.scopeKey as BudgetStateWire['role']) : null, user_id: rule.scope === 'user' ? rule.scopeKey : null, user_name: person?.name ?? null, period: rule.period, metric: rule.metric, limit: rule.limit,
    used, remaining: used === null ? null : Math.max(0, rule.limit - used), state: used === null ? null : budgetState(used, rule.limit), resets_at: periodOf(rule.period, new Date()).end.toISOString(),
  };
}

import { budgetWords, periodOf, type BudgetRule } from '#contracts/budgets';
import type { ErrorCode } from '#contracts/errors';
import type { CompleteRequest } from '#contracts/workflow';
import { databaseNow } from '#platform/db';
import { appendAuditOnce } from '#platform/repositories/audit';
import type { KeyedEvent } from '#platform/repositories/run-events';
import type { ActivityDeps } from './deps.ts';
import type { Failing } from './failures.ts';

/** What a model call leaves besides its answer: a budget that is near its end in the run's log, a provider's no in the audit log, when
 * it wants to be asked again. */

/** Said once a run and period. */
export const warningOf = (request: CompleteRequest, rule: BudgetRule): KeyedEvent => ({ key: `budget/${rule.id}/${periodOf(rule.period, new Date()).start.toISOString()}`, event: { type: 'log-write', stage: request.stage, step: request.step, ordinal: request.ordinal, data: { level: 'warn', message: `80 % or more of ${budgetWords(rule)}, is used.` } } });

/** A provider's final no: one row a run and provider. That it cannot be written must not hide the failure itself. */
export async function auditProvider(deps: ActivityDeps, { runId, userId, provider, model }: CompleteRequest, code: ErrorCode): Promise<void> {
  await deps.db.$transaction((tx) => appendAuditOnce(tx, { type: 'provider.failed', subject: userId, actorKind: 'system', resource: `run/${runId}`, outcome: 'failed', data: { provider, model, code } }, { provider }))
    .catch((problem: unknown) => deps.logger.warn({ err: problem }, 'the failure of a provider was not audited'));
}

/** When the vendor wants to be asked again, by the clock that all processes share (fault F24). */
export async function askAgain({ db }: Pick<ActivityDeps, 'db'>, { retryAfterMs }: Failing): Promise<Pick<Failing, 'notBeforeMs'>> {
  if (retryAfterMs === undefined) return {};
  const now = await databaseNow(db).catch(() => new Date());
  return { notBeforeMs: now.getTime() + retryAfterMs };
}

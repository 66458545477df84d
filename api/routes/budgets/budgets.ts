import { z } from 'zod';
import { BudgetLimitBody, BudgetStateSchema } from '#contracts/api/usage.schema';
import { ListQuery, Uuid } from '#contracts/api/common.schema';
import { invalidField, notFound } from '#platform/coded-error';
import { appendAuditEvent } from '#platform/repositories/audit';
import { listBudgets, removeBudget, writeBudget } from '#platform/repositories/budgets';
import { pageFrom } from '#platform/repositories/paging';
import { findUser } from '#platform/repositories/users';
import { defineEndpoint } from '../../endpoint.ts';
import { pagedAnswer } from '../../paged.ts';
import { budgetToWire } from './budget-to-wire.ts';

export const getBudgets = defineEndpoint({
  method: 'get', path: '/api/v1/budgets', operationId: 'listBudgets', tag: 'Usage and policy', summary: 'All budgets and quotas', permission: 'settings:manage', audit: 'none', query: ListQuery, answers: { 200: { description: 'With what is used of them, newest first', schema: z.array(BudgetStateSchema) } }, errors: ['InvalidInput'],
  handler: (deps) => async ({ principal, query, req }) => {
    const found = await listBudgets(deps.db, pageFrom(query));
    const states = await Promise.all(found.rows.map((rule) => budgetToWire(deps.db, rule, rule.scope === 'user' ? rule.scopeKey : principal.userId, rule.scope !== 'role')));
    return pagedAnswer(req, { ...found, rows: states }, (state) => state);
  },
});

export const putBudget = defineEndpoint({
  method: 'put', path: '/api/v1/budgets', operationId: 'setBudget', tag: 'Usage and policy', summary: 'Set a budget or quota', description: 'Of the workspace (all together), of a role (each person of it) or of one person; a day or a month of UTC; money in micro-dollars or a number of runs. All that fit somebody hold. It holds at once, also for the next call of runs under way.', permission: 'settings:manage', audit: 'budget.changed', body: BudgetLimitBody,
  answers: { 200: { description: 'As it is now', schema: BudgetStateSchema } }, errors: ['InvalidInput'],
  handler: (deps) => async ({ principal, body, audit }) => {
    const { scope, period, metric, limit } = body;
    const scopeKey = body.role ?? body.user_id ?? '';
    const rule = await deps.db.$transaction(async (tx) => {
      if (body.user_id !== undefined && !(await findUser(tx, body.user_id))) throw invalidField('#/user_id', 'is nobody here');
      const written = await writeBudget(tx, { scope, scopeKey, period, metric, limit }, principal.userId);
      await appendAuditEvent(tx, audit({ type: 'budget.changed', resource: `budget/${written.rule.id}`, data: { scope, scope_key: scopeKey, period, metric, limit, before: written.before } }));
      return written.rule;
    });
    return { status: 200, body: await budgetToWire(deps.db, rule, scope === 'user' ? scopeKey : principal.userId, scope !== 'role') };
  },
});

export const deleteBudget = defineEndpoint({
  method: 'delete', path: '/api/v1/budgets/{id}', operationId: 'removeBudget', tag: 'Usage and policy', summary: 'Remove a budget or quota', permission: 'settings:manage', audit: 'budget.removed', params: z.strictObject({ id: Uuid }), answers: { 204: { description: 'It holds no more' } }, errors: ['InvalidInput', 'NotFound'],
  handler: (deps) => async ({ params, audit }) => {
    await deps.db.$transaction(async (tx) => {
      const rule = await removeBudget(tx, params.id);
      if (!rule) throw notFound('This budget');
      await appendAuditEvent(tx, audit({ type: 'budget.removed', resource: `budget/${rule.id}`, data: { scope: rule.scope, scope_key: rule.scopeKey, period: rule.period, metric: rule.metric, limit: rule.limit } }));
    });
    return { status: 204 };
  },
});

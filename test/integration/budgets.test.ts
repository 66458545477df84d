import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Problem } from '#contracts/api/common.schema';
import type { BudgetStateWire, MyBudgetsWire, UsageWire } from '#contracts/api/usage.schema';
import { requireCost, toRule } from '#platform/repositories/budgets';
import { openCall } from '#platform/repositories/completions';
import { NOBODY } from '#platform/repositories/deleted-spend';
import { uuidv7 } from '#platform/ids';
import { GOAL } from '../support/api.ts';
import { startPlatform, type PlatformUnderTest } from '../support/platform.ts';

/** Control C29: reserve before, settle after, never above. */
let platform: PlatformUnderTest;
let someone: { id: string; token: string };
beforeAll(async () => { platform = await startPlatform(); });
afterAll(() => platform.close());
beforeEach(async () => {
  await platform.api.deps.db.budget.deleteMany();
  someone = await platform.api.person('researcher');
});

const set = (body: object) => platform.api.call('PUT', '/api/v1/budgets', { json: body });
const body = (change: object = {}) => ({ workflow_id: 'learn_agentic_ai', run_mode: 'test_run', provider: 'openai', inputs: { learning_goal: GOAL }, ...change });
const start = (as: string, change: object = {}) => platform.api.call('POST', '/api/v1/runs', { as, json: body(change) });
const mine = async (as: string) => (await platform.api.call('GET', '/api/v1/usage/budgets', { as })).body as MyBudgetsWire;

describe('money', () => {
  it('a call that may cost more than what is left is not made; the run ends in words and keeps what it has', async () => {
    await set({ scope: 'user', user_id: someone.id, period: 'day', metric: 'cost', limit: 10 });
    const run = await platform.run(someone.token, body());
    expect(run).toMatchObject({ status: 'failed', error: { code: 'BudgetExceeded' } });
    expect(run.error?.detail).toContain('the daily budget of your own, $0.0000');
    expect(platform.bought(run.id)).toEqual({});
    expect(run.artifacts.map((file) => file.file_name)).toContain('trace.json');
  });

  it('what was bought is settled to its cost, counted once, and shown with what is left; usage sums to the same by every group', async () => {
    await set({ scope: 'role', role: 'researcher', period: 'month', metric: 'cost', limit: 50_000_000 });
    const run = await platform.run(someone.token, body());
    expect(run.status).toBe('completed');
    const cost = run.totals.cost_usd_micros ?? 0;
    expect(cost).toBeGreaterThan(0);
    const state = await mine(someone.token);
    expect(state.budgets).toMatchObject([{ scope: 'role', role: 'researcher', used: cost, remaining: 50_000_000 - cost, state: 'ok' }]);
    expect(state.spent_today_usd_micros).toBe(cost);
    for (const group of ['user', 'workflow', 'provider', 'model', 'day']) {
      const usage = (await platform.api.call('GET', `/api/v1/usage?group_by=${group}`, { as: someone.token })).body as UsageWire;
      expect([group, usage.total.cost_usd_micros, usage.rows.reduce((sum, row) => sum + row.cost_usd_micros, 0), usage.total.runs]).toEqual([group, cost, cost, 1]);
    }
    const [byUser] = ((await platform.api.call('GET', '/api/v1/usage?group_by=user', { as: someone.token })).body as UsageWire).rows;
    expect(byUser?.key).toBe(someone.id);
    // What the demo answered stands apart, also once its run is deleted.
    const demo = await platform.run(someone.token, body({ provider: 'demo' }));
    const shares = async () => Promise.all(['&simulated=true', '&simulated=false', ''].map(async (which) => ((await platform.api.call('GET', `/api/v1/usage?group_by=provider${which}`, { as: someone.token })).body as UsageWire).rows.map(({ key, runs }) => [key, runs])));
    const apart = [[['demo', 1]], [['openai', 1]], [['openai', 1], ['demo', 1]]];
    expect(await shares()).toEqual(apart);
    expect((await platform.api.call('DELETE', `/api/v1/runs/${demo.id}`, { as: someone.token })).status).toBe(204);
    expect(await shares()).toEqual(apart);
  });

  it('from 80 % on people are warned, in the run and in the account; used up, no run is accepted', async () => {
    const first = await platform.run(someone.token, body());
    const spent = first.totals.cost_usd_micros ?? 0;
    const limit = await set({ scope: 'user', user_id: someone.id, period: 'day', metric: 'cost', limit: Math.floor(spent / 0.8) });
    expect(limit.body as BudgetStateWire).toMatchObject({ state: 'warning', user_id: someone.id, used: spent });
    await set({ scope: 'user', user_id: someone.id, period: 'day', metric: 'cost', limit: spent + 20_000 });
    const next = await platform.run(someone.token, body({ inputs: { learning_goal: `${GOAL}, once more` } }));
    const log = (await platform.api.call('GET', `/api/v1/runs/${next.id}/events`, { as: someone.token })).text;
    expect(log.match(/80 % or more of the daily budget of your own/g)?.length ?? 0).toBeLessThanOrEqual(1);
    await set({ scope: 'user', user_id: someone.id, period: 'day', metric: 'cost', limit: spent });
    const refused = await start(someone.token);
    expect([refused.status, (refused.body as Problem).code]).toEqual([409, 'BudgetExceeded']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await start(someone.token, { provider: 'demo' })).status).toBe(201);
    expect((await start(someone.token, { run_mode: 'validate_only' })).status).toBe(201);
  });

  it('the workspace budget is of all together, and a model without a price is not run under a budget', async () => {
    const other = await platform.api.person('researcher');
    const run = await platform.run(other.token, body());
    const used = ((await set({ scope: 'workspace', period: 'day', metric: 'cost', limit: 1 })).body as BudgetStateWire).used ?? 0;
    expect(used).toBeGreaterThanOrEqual(run.totals.cost_usd_micros ?? 0);
    expect((await start(someone.token)).status).toBe(409);
    await set({ scope: 'workspace', period: 'day', metric: 'cost', limit: 1_000_000_000 });
    const unpriced = await platform.run(someone.token, body({ provider: 'compatible', model: 'local-model' }));
    expect(unpriced).toMatchObject({ status: 'failed', error: { code: 'BudgetExceeded' } });
  });

  it('deleting runs gives nothing back: the person, the installation and the number of runs stay at their limits, and usage says the same', async () => {
    const run = await platform.run(someone.token, body());
    const cost = run.totals.cost_usd_micros ?? 0;
    expect(cost).toBeGreaterThan(0);
    const shown = async () => ({
      mine: await Promise.all(['user', 'workflow', 'provider', 'model', 'day'].map(async (group) => ((await platform.api.call('GET', `/api/v1/usage?group_by=${group}`, { as: someone.token })).body as UsageWire))),
      all: ((await platform.api.call('GET', '/api/v1/usage?everybody=true')).body as UsageWire).total, today: (await mine(someone.token)).spent_today_usd_micros,
    });
    const before = await shown();
    await set({ scope: 'user', user_id: someone.id, period: 'month', metric: 'cost', limit: cost });
    expect((await start(someone.token)).status).toBe(409);
    const deleted = await Promise.all([1, 2].map(() => platform.api.call('DELETE', `/api/v1/runs/${run.id}`, { as: someone.token })));
    expect(deleted.map(({ status }) => status).toSorted()).toEqual([204, 404]);
    expect(await platform.api.deps.db.completion.count({ where: { userId: someone.id } })).toBe(0);
    expect((await mine(someone.token)).budgets).toMatchObject([{ used: cost, state: 'used_up' }]);
    expect((await start(someone.token)).status).toBe(409);
    expect(await shown()).toEqual(before);
    await platform.api.deps.db.budget.deleteMany();
    const { used } = (await set({ scope: 'workspace', period: 'day', metric: 'cost', limit: before.all.cost_usd_micros })).body as BudgetStateWire;
    expect(used).toBeGreaterThanOrEqual(before.all.cost_usd_micros);
    expect((await start(someone.token)).status).toBe(409);
    await platform.api.deps.db.budget.deleteMany();
    await set({ scope: 'user', user_id: someone.id, period: 'day', metric: 'runs', limit: 1 });
    expect((await start(someone.token, { provider: 'demo' })).status).toBe(409);
  });

  it('of an erased person the sum stays with the installation, and says no more whose it was', async () => {
    const { db } = platform.api.deps;
    const run = await platform.run(someone.token, body());
    const total = async () => ((await platform.api.call('GET', '/api/v1/usage?everybody=true')).body as UsageWire).total;
    const before = await total();
    expect((await platform.api.call('DELETE', `/api/v1/runs/${run.id}`, { as: someone.token })).status).toBe(204);
    await platform.run(someone.token, body({ run_mode: 'validate_only' }));
    expect((await platform.api.call('DELETE', `/api/v1/users/${someone.id}`)).status).toBe(204);
    expect(await total()).toEqual(before);
    expect(await db.deletedSpend.count({ where: { userId: someone.id } })).toBe(0);
    const kept = await db.deletedSpend.findMany({ where: { userId: NOBODY } });
    expect([kept.reduce((sum, row) => sum + row.started, 0), Number(kept.reduce((sum, row) => sum + row.costUsdMicros, 0n)), new Set(kept.map((row) => row.workflowSlug))]).toEqual([2, run.totals.cost_usd_micros, new Set([''])]);
    expect(((await platform.api.call('GET', '/api/v1/usage?everybody=true&group_by=user')).body as UsageWire).rows).toContainEqual(expect.objectContaining({ key: NOBODY, label: 'People who are gone' }));
  });

  it('what parallel calls reserve together never goes above the limit', async () => {
    const { db } = platform.api.deps;
    const { id: runId } = (await start(someone.token)).body as { id: string };
    await platform.ended(someone.token, runId);
    await db.completion.deleteMany({ where: { runId } });
    const rule = toRule(await db.budget.create({ data: { id: uuidv7(), scope: 'user', scopeKey: someone.id, period: 'day', metric: 'cost', limitValue: 500n, createdBy: someone.id } }));
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, (_unused, ordinal) => db.$transaction(async (tx) => {
      await openCall(tx, { runId, userId: someone.id, stage: 'test', step: 'parallel', ordinal, requestDigest: String(ordinal), provider: 'openai', model: 'gpt-4o-mini', maxOutputTokens: 10, messages: [] }, 100n);
      await requireCost(tx, [rule], someone.id, 100);
    })));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
    expect(await db.completion.count({ where: { runId, step: 'parallel' } })).toBe(5);
    expect((await mine(someone.token)).budgets).toMatchObject([{ used: 500, remaining: 0, state: 'used_up' }]);
  });
});

describe('runs', () => {
  it('no more are accepted than the quota, however many are asked for at once', async () => {
    await set({ scope: 'user', user_id: someone.id, period: 'day', metric: 'runs', limit: 2 });
    const replies = await Promise.all(Array.from({ length: 6 }, () => start(someone.token, { provider: 'demo' })));
    expect(replies.map(({ status }) => status).toSorted()).toEqual([201, 201, 409, 409, 409, 409]);
    expect((replies.find(({ status }) => status === 409)?.body as Problem | undefined)?.detail).toContain('the daily number of runs of your own, 2');
    for (const reply of replies.filter(({ status }) => status === 201)) expect((await platform.ended(someone.token, (reply.body as { id: string }).id)).status).toBe('completed');
  });
});

describe('who may see and set', () => {
  it('budgets are set by administrators and audited; the use of all is for those who may see all runs', async () => {
    for (const [method, path, json] of [['GET', '/api/v1/budgets', undefined], ['PUT', '/api/v1/budgets', { scope: 'workspace', period: 'day', metric: 'cost', limit: 1 }], ['GET', '/api/v1/usage?everybody=true', undefined]] as const) {
      expect([path, (await platform.api.call(method, path, { as: someone.token, json })).status]).toEqual([path, 403]);
    }
    const made = (await set({ scope: 'workspace', period: 'day', metric: 'cost', limit: 5 })).body as BudgetStateWire;
    expect((await platform.api.call('DELETE', `/api/v1/budgets/${made.id}`)).status).toBe(204);
    expect((await platform.api.call('DELETE', `/api/v1/budgets/${made.id}`)).status).toBe(404);
    for (const wrong of [{ scope: 'user', period: 'day', metric: 'cost', limit: 5 }, { scope: 'workspace', role: 'admin', period: 'day', metric: 'cost', limit: 5 }, { scope: 'user', user_id: '0199aaaa-0000-7000-8000-000000000001', period: 'day', metric: 'cost', limit: 5 }, { scope: 'workspace', period: 'day', metric: 'cost', limit: -1 }]) expect((await set(wrong)).status).toBe(400);
    expect(((await platform.api.call('GET', '/api/v1/usage?group_by=user&everybody=true')).body as UsageWire).rows.length).toBeGreaterThan(1);
    const types = (await platform.api.deps.db.auditEvent.findMany({ where: { resource: `budget/${made.id}` }, select: { type: true } })).map(({ type }) => type);
    expect(types).toEqual(['budget.changed', 'budget.removed']);
    for (const query of ['from=2026-02-30', 'from=2026-12-01&to=2026-11-01', 'from=2020-01-01', 'group_by=key']) expect([query, (await platform.api.call('GET', `/api/v1/usage?${query}`)).status]).toEqual([query, 400]);
  });
});

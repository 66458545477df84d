import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RunEvent } from '#contracts/run-events';
import { deliverDecision } from '#platform/deliver-decision';
import { createApiToken } from '#platform/repositories/api-tokens';
import { insertDecision } from '#platform/repositories/run-decisions';
import { allRunEvents } from '#platform/repositories/run-events';
import { startApi, type ApiUnderTest } from '../support/api.ts';
import { startEngine, type Engine } from '../support/engine.ts';

let engine: Engine;
let api: ApiUnderTest;
let token: string;
beforeAll(async () => {
  engine = await startEngine();
  api = await startApi({ DATABASE_URL: engine.config.DATABASE_URL ?? '', AWP_MASTER_KEY: engine.config.AWP_MASTER_KEY ?? '', WORKER_TASK_QUEUE: engine.taskQueue });
  ({ token } = await engine.db.$transaction((tx) => createApiToken(tx, engine.userId, { name: 'owner', scopes: [], expiresAt: null })));
});
afterEach(() => engine.simulator.reset());
afterAll(async () => { await api.close(); await engine.close(); });

const BUDGET = 18_000;
/** Test takes about 10,500 of it, so that Full begins and cannot end. */
const startPoor = (timings = {}, fullCaps = {}) => engine.start({ mode: 'full_run', provider: 'openai', caps: { costUsdMicros: BUDGET }, fullCaps: { costUsdMicros: BUDGET, ...fullCaps }, timings: { budgetWaitMs: 60_000, ...timings } });
const isWaiting = (view: { status: string }) => view.status === 'waiting';
const raise = (runId: string, costUsdMicros: number, waitId = 'budget-1', updateId = randomUUID()) =>
  engine.runner.deps.temporal.workflow.getHandle(runId).executeUpdate('raiseBudgetUpdate', { updateId, args: [{ decisionId: updateId, waitId, costUsdMicros, by: 'Test' }] });
const ofType = <T extends RunEvent['type']>(events: RunEvent[], type: T) => events.filter((event) => event.type === type) as Extract<RunEvent, { type: T }>[];

describe('a Full run whose budget is used up', () => {
  it('waits and asks, takes only a raise for this wait, and goes on without paying anything twice', async () => {
    const { runId, handle } = await startPoor();
    const waiting = await engine.until(runId, isWaiting);
    expect(waiting).toMatchObject({ waitReason: 'budget', waits: [{ waitId: 'budget-1', budget: { limit_usd_micros: BUDGET } }] });
    expect(Date.parse(waiting.waitUntil ?? '')).toBeGreaterThan(Date.now());
    expect(await engine.db.run.findUniqueOrThrow({ where: { id: runId }, select: { status: true, waitReason: true } })).toEqual({ status: 'waiting', waitReason: 'budget' });
    // Temporal hears of it when the workflow task ends, a moment after the log.
    await expect.poll(async () => (await handle.describe()).searchAttributes['Status'], { timeout: 15_000 }).toEqual(['waiting']);
    const spent = await engine.db.completion.aggregate({ where: { runId }, _sum: { costUsdMicros: true } });
    expect(Number(spent._sum.costUsdMicros)).toBeLessThanOrEqual(BUDGET);

    await expect(raise(runId, 1_000_000, 'budget-7')).rejects.toThrow(/update/i);
    await expect(raise(runId, BUDGET)).rejects.toThrow(/update/i);
    const decision = randomUUID();
    const both = await Promise.all([raise(runId, 1_000_000, 'budget-1', decision), raise(runId, 1_000_000, 'budget-1', decision)]);
    expect(both).toEqual([{ costUsdMicros: 1_000_000 }, { costUsdMicros: 1_000_000 }]);
    const view = await engine.finished(runId);
    expect(view).toMatchObject({ status: 'completed', capReached: null, budgetUsdMicros: 1_000_000, waits: [] });
    expect(ofType(await allRunEvents(engine.db, runId), 'budget-raise')).toHaveLength(1);
    expect(Object.values(engine.simulator.counters().byRequestId).every((count) => count === 1)).toBe(true);
    await expect(raise(runId, 2_000_000)).rejects.toThrow(/completed/i);
  });

  it('takes a raise that comes before the question: not refused, not lost', async () => {
    engine.simulator.addFaults({ fault: { kind: 'latency', ms: 700 }, match: { requestId: '*' }, nth: 1 });
    const { runId } = await startPoor();
    const id = randomUUID();
    const decision = { id, runId, waitId: 'budget-1', decidedBy: engine.userId, updateName: 'raiseBudgetUpdate', payload: { decisionId: id, waitId: 'budget-1', costUsdMicros: 1_000_000, by: 'Test' } };
    await engine.db.$transaction((tx) => insertDecision(tx, decision));
    await engine.simulator.until((counters) => counters.inFlight === 1);
    const { temporal } = engine.runner.deps;
    expect(await deliverDecision(engine.db, temporal, decision, 400)).toEqual({ state: 'pending' });
    expect(await deliverDecision(engine.db, temporal, decision, 60_000)).toEqual({ state: 'delivered' });
    expect(await engine.finished(runId)).toMatchObject({ status: 'completed', budgetUsdMicros: 1_000_000 });
  });

  it('time waited is no active time, and when nobody pays it ends as BudgetExceeded with the work so far', async () => {
    const { runId } = await startPoor({ budgetWaitMs: 7_000 }, { seconds: 6 });
    const view = await engine.finished(runId);
    expect(view).toMatchObject({ status: 'failed', capReached: 'cost', error: { code: 'BudgetExceeded' } });
    expect(view.artifacts.map((artifact) => artifact.fileName)).toContain('notes.md');
    const [end] = ofType(await allRunEvents(engine.db, runId), 'wait-end');
    expect(end?.data.outcome).toBe('expired');
  });

  it('can be cancelled while it waits', async () => {
    const { runId, handle } = await startPoor();
    await engine.until(runId, isWaiting);
    const asked = Date.now();
    await handle.cancel();
    const view = await engine.finished(runId);
    expect(Date.now() - asked).toBeLessThan(5_000);
    expect(view).toMatchObject({ status: 'cancelled', waits: [] });
  });
});

describe('POST /runs/{id}/budget', () => {
  const budget = (runId: string, json: object, as = token) => api.call('POST', `/api/v1/runs/${runId}/budget`, { as, json });

  it('raises once, refuses a second time and a lower sum, and is audited; a stranger finds nothing', async () => {
    const { runId } = await startPoor();
    expect((await budget(runId, { cost_usd_micros: 20_000 })).status).toBe(409);
    await engine.until(runId, isWaiting);
    const stranger = await api.person('admin');
    expect((await budget(runId, { cost_usd_micros: 1_000_000 }, stranger.token)).status).toBe(404);
    expect((await budget(runId, { cost_usd_micros: 5_000 })).status).toBe(400);
    expect((await budget(runId, { cost_usd_micros: 1_000_000, wait_id: 'budget-9' })).status).toBe(409);
    const replies = await Promise.all([budget(runId, { cost_usd_micros: 1_000_000 }), budget(runId, { cost_usd_micros: 1_000_000 })]);
    expect(replies.map((reply) => reply.status).sort()).toEqual([200, 409]);
    expect((await engine.finished(runId)).status).toBe('completed');
    expect(await engine.db.auditEvent.count({ where: { type: 'run.budget_raised', resource: `run/${runId}` } })).toBe(1);
    expect((await budget(runId, { cost_usd_micros: 2_000_000 })).status).toBe(409);
  });

  it('is no way around the run policy, nor around what others approved; each attempt is audited', async () => {
    const { runId } = await startPoor();
    await engine.until(runId, isWaiting);
    const { request } = await engine.db.run.findUniqueOrThrow({ where: { id: runId }, select: { request: true } });
    await engine.db.run.update({ where: { id: runId }, data: { request: { ...(request as object), fullApproval: { role: 'admin', approvers: 1 } } } });
    expect((await budget(runId, { cost_usd_micros: 20_000 })).status).toBe(403);
    await engine.db.run.update({ where: { id: runId }, data: { request: request as object } });
    await engine.db.runPolicy.create({ data: { createdBy: engine.userId, rules: [{ role: '*', workflow_id: '*', mode: '*', provider: '*', effect: 'allow', max_cost_usd_micros: 30_000 }] } });
    const refused = await budget(runId, { cost_usd_micros: 1_000_000 });
    expect([refused.status, refused.text]).toEqual([403, expect.stringContaining('at most 30000 micro-dollars')]);
    expect(await engine.db.auditEvent.count({ where: { type: 'access.denied', resource: `run/${runId}` } })).toBe(2);
    await engine.db.runPolicy.deleteMany();
    expect((await budget(runId, { cost_usd_micros: 1_000_000 })).status).toBe(200);
    expect((await engine.finished(runId)).status).toBe('completed');
  });

  it('without a worker it is stored, and the run goes on once a worker and the reconciler are back', async () => {
    const { runId } = await startPoor();
    await engine.until(runId, isWaiting);
    await engine.stopWorker();
    const reply = await budget(runId, { cost_usd_micros: 1_000_000 });
    expect(reply.status).toBe(202);
    expect(reply.body).toMatchObject({ state: 'pending', wait_id: 'budget-1' });
    await engine.db.runDecision.updateMany({ where: { runId }, data: { createdAt: new Date(Date.now() - 60_000) } });
    await engine.startWorker();
    await engine.runner.deps.temporal.workflow.execute('reconcileRuns', { workflowId: `reconcile-${randomUUID()}`, taskQueue: engine.taskQueue, args: [] });
    const view = await engine.finished(runId);
    expect(view).toMatchObject({ status: 'completed', budgetUsdMicros: 1_000_000 });
    expect(await engine.db.runDecision.findFirstOrThrow({ where: { runId } })).toMatchObject({ state: 'delivered' });
  });
});

import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CreatedWebhookWire, DeliveryDetailWire, DeliveryWire, WebhookWire } from '#contracts/api/webhooks.schema';
import { TRIAL_ENDING } from '#contracts/own/trial';
import { WEBHOOK_ANSWER_CHARACTERS, WEBHOOK_EVENTS, WEBHOOK_LANES, WEBHOOK_TRIES, type WebhookEvent } from '#contracts/webhooks';
import { uuidv7 } from '#platform/ids';
import { createApiToken } from '#platform/repositories/api-tokens';
import { runEnded, verifyAuditChain } from '#platform/repositories/audit';
import { closeRun } from '#platform/repositories/close-run';
import { wakeWebhooks } from '#platform/webhooks/wake';
import { startApi, type ApiUnderTest } from '../support/api.ts';
import { GOAL, startEngine, type Engine } from '../support/engine.ts';
import { gatedEntry } from '../support/gated/definition.ts';
import { startReceiver, type Receiver } from '../support/receiver.ts';

/** The whole way: a run on a real engine, the outbox, the workflow that sends, a receiver on this machine that the administrator listed. */
let engine: Engine;
let api: ApiUnderTest;
let receiver: Receiver;
let owner: string;
let admin: { id: string; token: string };
beforeAll(async () => {
  receiver = await startReceiver();
  const environment = { AWP_ALLOWED_PRIVATE_HOSTS: receiver.host, AWP_WEBHOOK_RETRY_MS: '5', WEB_ORIGIN: 'https://awp.example.org' };
  engine = await startEngine(environment, { entries: [gatedEntry], workflowsPath: path.resolve('test/support/gated/workflows.ts') });
  api = await startApi({ DATABASE_URL: engine.config.DATABASE_URL ?? '', AWP_MASTER_KEY: engine.config.AWP_MASTER_KEY ?? '', WORKER_TASK_QUEUE: engine.taskQueue, ...environment }, [gatedEntry]);
  ({ token: owner } = await engine.db.$transaction((tx) => createApiToken(tx, engine.userId, { name: 'owner', scopes: [], expiresAt: null })));
  admin = await api.person('admin');
});
beforeEach(async () => {
  await engine.db.webhook.deleteMany();
  await api.deps.pool.query('DELETE FROM rate_limits');
  Object.assign(receiver, { answer: () => 204, busiest: 0 });
  receiver.messages.length = 0;
});
afterAll(async () => { await api.close(); await engine.close(); await receiver.close(); });

async function add(as: string, events: readonly WebhookEvent[] = WEBHOOK_EVENTS, at = ''): Promise<CreatedWebhookWire> {
  const reply = await api.call('POST', '/api/v1/webhooks', { as, json: { url: `${receiver.url}${at}`, events } });
  expect(reply.status, reply.text).toBe(201);
  return reply.body;
}
const deliveries = async (id: string, as = owner): Promise<DeliveryWire[]> => (await api.call('GET', `/api/v1/webhooks/${id}/deliveries`, { as })).body;
const settled = (id: string, states: Partial<DeliveryWire>[], as = owner) => expect.poll(() => deliveries(id, as), { timeout: 20_000 }).toMatchObject(states);
/** The time of the next try comes now. */
async function comeTrue(id: string): Promise<void> {
  await engine.db.webhookDelivery.updateMany({ where: { webhookId: id, state: 'pending' }, data: { nextTryAt: new Date(0) } });
  await wakeWebhooks(api.deps, [id]);
}

describe('a run ends', () => {
  it('its person\'s endpoint is told once, signed so that a receiver\'s library takes it, without a word of the run', async () => {
    const hook = await add(owner, ['run.completed']);
    const { runId } = await engine.start({ provider: 'openai' });
    expect((await engine.finished(runId)).status).toBe('completed');
    const [message] = await receiver.until((messages) => messages.length === 1);
    if (!message) throw new Error('no message');
    receiver.verify(message, hook.secret);
    expect(() => { receiver.verify({ ...message, body: `${message.body} ` }, hook.secret); }).toThrow(/signature/i);
    expect(message.headers).toMatchObject({ 'content-type': 'application/cloudevents+json; charset=utf-8', 'webhook-id': message.event.id });
    const row = await engine.db.run.findUniqueOrThrow({ where: { id: runId } });
    expect(message.event).toMatchObject({
      specversion: '1.0', source: 'https://awp.example.org', type: 'awp.run.completed', subject: runId,
      data: { run_id: runId, url: `https://awp.example.org/runs/${runId}`, workflow_id: 'learn_agentic_ai', run_mode: 'test_run', status: 'completed', simulated: false, provider: 'openai', input_tokens: row.inputTokens, cost_usd_micros: Number(row.costUsdMicros), error_code: null, completed_at: row.completedAt?.toISOString() },
    });
    for (const word of [GOAL, 'agent that calls', row.headline ?? 'none']) expect(message.body).not.toContain(word);

    const [delivery] = await deliveries(hook.id);
    await settled(hook.id, [{ state: 'delivered', tries: 1, response_status: 204, next_try_at: null, event: 'run.completed', run_id: runId, event_id: message.event.id }]);
    const detail = (await api.call('GET', `/api/v1/webhooks/${hook.id}/deliveries/${delivery?.id}`, { as: owner })).body as DeliveryDetailWire;
    expect(detail.body).toBe(message.body);
  });

  it('a finish that is repeated, by another writer as well, tells nothing twice; a cancelled run is told as cancelled', async () => {
    const hook = await add(owner, ['run.completed', 'run.cancelled']);
    engine.simulator.addFaults({ fault: { kind: 'hang', afterFrames: 2 }, match: { requestId: '*' }, nth: 1 });
    const { runId, handle } = await engine.start({ provider: 'openai' });
    await engine.simulator.until((counters) => counters.inFlight === 1);
    await handle.cancel();
    await engine.finished(runId);
    engine.simulator.reset();
    await receiver.until((messages) => messages.length === 1);
    expect(await closeRun(engine.db, runId, [{ key: 'reconciler/run-end', event: { type: 'run-end', data: { status: 'completed', cap_reached: null, error: null, headline: 'again' } } }], runEnded(runId, engine.userId, 'completed', null))).toBeNull();
    await settled(hook.id, [{ state: 'delivered', event: 'run.cancelled' }]);
    expect(receiver.messages.map(({ event }) => event.type)).toEqual(['awp.run.cancelled']);
  });

  it('what an endpoint does not listen to, what one that is off listens to, and other people\'s runs are not written at all', async () => {
    const stranger = await api.person('researcher');
    const [deaf, off, theirs] = [await add(owner, ['run.cancelled']), await add(owner, ['run.completed'], '/off'), await add(stranger.token, ['run.completed'])];
    expect((await api.call('PUT', `/api/v1/webhooks/${off.id}`, { as: owner, json: { url: off.url, description: '', events: off.events, is_active: false } })).body).toMatchObject({ is_active: false, off_reason: 'owner' });
    const { runId } = await engine.start({ mode: 'validate_only' });
    await engine.finished(runId);
    expect(await engine.db.webhookDelivery.count({ where: { webhookId: { in: [deaf.id, off.id, theirs.id] } } })).toBe(0);
  });

  it('a step that somebody tries out tells nobody', async () => {
    const hook = await add(owner, ['run.completed']);
    const { runId } = await engine.start({ mode: 'validate_only' });
    await engine.finished(runId);
    const { workflowVersionId } = await engine.db.run.findUniqueOrThrow({ where: { id: runId } });
    const end = async (workflowSlug: string) => {
      const id = uuidv7();
      await engine.db.run.create({ data: { id, userId: engine.userId, workflowVersionId, workflowSlug, workflowType: 'learnAgenticAi', persona: 'student', inputs: {}, inputDigest: 'x', runMode: 'test_run', provider: 'openai', model: 'gpt-4o-mini', request: {}, status: 'running' } });
      return closeRun(engine.db, id, [{ key: 't/run-end', event: { type: 'run-end', data: { status: 'completed', cap_reached: null, error: null, headline: 'x' } } }], null);
    };
    expect((await end('learn_agentic_ai'))?.told).toEqual([hook.id]);
    expect((await end(`mine${TRIAL_ENDING}`))?.told).toEqual([]);
  });

  it('a run that is deleted takes its messages along', async () => {
    const hook = await add(owner, ['run.completed']);
    receiver.answer = () => 500;
    const { runId } = await engine.start({ mode: 'validate_only' });
    await engine.finished(runId);
    await receiver.until((messages) => messages.length > 0);
    expect((await api.call('DELETE', `/api/v1/runs/${runId}`, { as: owner })).status).toBe(204);
    await settled(hook.id, []);
  });
});

describe('somebody is waited for', () => {
  it('an approval is told to those who may give it, a question to the person of the run; never what it shows', async () => {
    const researcher = await api.person('researcher');
    const [mine, admins, researchers] = [await add(owner), await add(admin.token), await add(researcher.token)];
    const { runId } = await engine.start({ slug: 'gated_work', mode: 'full_run', input: { topic: 'Agents' }, request: { fullApproval: { approvers: 1, role: 'admin' } } });
    const view = await engine.until(runId, ({ waits }) => waits.some(({ waitId }) => waitId === 'full.full-run'));
    const [asked] = await receiver.until((messages) => messages.length === 1);
    expect(asked?.event).toMatchObject({ type: 'awp.approval.requested', data: { run_id: runId, gate_id: 'full.full-run', url: 'https://awp.example.org/approvals', status: 'waiting' } });
    expect(asked?.body).not.toContain('Agents');
    await settled(admins.id, [{ state: 'delivered' }], admin.token);
    expect([await deliveries(mine.id), await deliveries(researchers.id, researcher.token)]).toEqual([[], []]);

    expect((await api.call('POST', `/api/v1/runs/${runId}/gates/full.full-run/decision`, { as: admin.token, json: { decision: 'approve', shown_hash: view.gates[0]?.shownHash } })).status).toBe(200);
    const [, question] = await receiver.until((messages) => messages.length === 2);
    expect(question?.event).toMatchObject({ type: 'awp.question.asked', data: { run_id: runId, gate_id: 'full.audience', url: `https://awp.example.org/runs/${runId}` } });
    await engine.runner.deps.temporal.workflow.getHandle(runId).cancel();
    await engine.finished(runId);
    await settled(mine.id, [{ event: 'run.cancelled' }, { event: 'question.asked' }]);
  });

  it('a budget that is used up is told with its figures', async () => {
    const hook = await add(owner, ['budget.exhausted']);
    const budget = 18_000;
    const { runId, handle } = await engine.start({ mode: 'full_run', provider: 'openai', caps: { costUsdMicros: budget }, fullCaps: { costUsdMicros: budget }, timings: { budgetWaitMs: 60_000 } });
    const [message] = await receiver.until((messages) => messages.length === 1);
    expect(message?.event).toMatchObject({ type: 'awp.budget.exhausted', subject: runId, data: { wait_id: 'budget-1', limit_usd_micros: budget, status: 'waiting' } });
    await settled(hook.id, [{ state: 'delivered' }]);
    await handle.cancel();
    await engine.finished(runId);
  });
});

describe('a receiver that fails', () => {
  it('is asked again with the same id and body, and its answer is kept, cut', async () => {
    const hook = await add(owner, ['run.completed']);
    receiver.answer = (_, count) => (count < 3 ? { status: 503, body: `\u0000busy ${'x'.repeat(9_000)}` } : 200);
    const { runId } = await engine.start({ mode: 'validate_only' });
    await engine.finished(runId);
    const messages = await receiver.until((seen) => seen.length === 3);
    expect(new Set(messages.map(({ body }) => body)).size).toBe(1);
    expect(new Set(messages.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    await settled(hook.id, [{ state: 'delivered', tries: 3, response_status: 200, problem: null }]);
    expect((await engine.db.webhook.findUniqueOrThrow({ where: { id: hook.id } })).failingSince).toBeNull();
  });

  it('is left after eight tries; a person can send it again', async () => {
    const hook = await add(owner, ['run.failed']);
    receiver.answer = () => ({ status: 500, body: `\u0000broken ${'x'.repeat(9_000)}` });
    await api.call('POST', `/api/v1/webhooks/${hook.id}/test`, { as: owner });
    for (let tries = 1; tries <= WEBHOOK_TRIES; tries += 1) {
      await expect.poll(async () => (await deliveries(hook.id))[0]?.tries, { timeout: 20_000 }).toBeGreaterThanOrEqual(tries);
      await comeTrue(hook.id);
    }
    await settled(hook.id, [{ state: 'failed', tries: WEBHOOK_TRIES, response_status: 500, next_try_at: null, event: 'webhook.test', problem: `${receiver.host.split(':')[0]} answered 500.` }]);
    const [failed] = await deliveries(hook.id);
    const detail = (await api.call('GET', `/api/v1/webhooks/${hook.id}/deliveries/${failed?.id}`, { as: owner })).body as DeliveryDetailWire;
    expect(detail.response_body).toHaveLength(WEBHOOK_ANSWER_CHARACTERS);
    expect(detail.response_body).toMatch(/^broken x/);
    expect((await api.call('GET', `/api/v1/webhooks/${hook.id}`, { as: owner })).body).toMatchObject({ is_active: true, failing_since: expect.any(String) });

    receiver.answer = () => 200;
    expect((await api.call('POST', `/api/v1/webhooks/${hook.id}/deliveries/${failed?.id}/send`, { as: owner })).status).toBe(202);
    await settled(hook.id, [{ state: 'delivered', tries: 1, event_id: failed?.event_id }]);
  });

  it('that says 410, or fails for days, is switched off; what waited for it stops, and its page says why', async () => {
    const [gone, failing] = [await add(owner, ['run.completed'], '/gone'), await add(owner, ['run.completed'], '/failing')];
    await engine.db.webhook.update({ where: { id: failing.id }, data: { failingSince: new Date(Date.now() - 5 * 86_400_000 - 1) } });
    await engine.db.webhookDelivery.createMany({ data: [gone.id, failing.id].map((webhookId) => ({ webhookId, userId: engine.userId, eventId: randomUUID(), eventType: 'webhook.test', data: {}, nextTryAt: new Date(Date.now() + 3_600_000) })) });
    receiver.answer = (_, count) => (count === 1 ? 410 : 500);
    await api.call('POST', `/api/v1/webhooks/${gone.id}/test`, { as: owner });
    await settled(gone.id, [{ state: 'failed', response_status: 410, tries: 1 }, { state: 'stopped', tries: 0 }]);
    await api.call('POST', `/api/v1/webhooks/${failing.id}/test`, { as: owner });
    await settled(failing.id, [{ state: 'stopped', response_status: 500, tries: 1 }, { state: 'stopped', tries: 0 }]);
    const list = (await api.call('GET', '/api/v1/webhooks', { as: owner })).body as WebhookWire[];
    expect(list.map(({ is_active, off_reason }) => [is_active, off_reason])).toEqual([[false, 'failing'], [false, 'gone']]);
    expect((await api.call('POST', `/api/v1/webhooks/${gone.id}/test`, { as: owner })).body).toMatchObject({ code: 'Conflict', remedy: 'Switch it on first.' });
    const audited = await engine.db.auditEvent.findMany({ where: { type: 'webhook.switched_off', resource: { in: [`webhook/${gone.id}`, `webhook/${failing.id}`] } }, orderBy: { sequence: 'asc' } });
    expect(audited.map(({ data, actorKind, subject }) => [data, actorKind, subject])).toEqual([[{ reason: 'gone' }, 'system', engine.userId], [{ reason: 'failing' }, 'system', engine.userId]]);
    expect((await verifyAuditChain(engine.db)).brokenAt).toBeNull();
    const on = await api.call('PUT', `/api/v1/webhooks/${gone.id}`, { as: owner, json: { url: gone.url, description: '', events: gone.events, is_active: true } });
    expect(on.body).toMatchObject({ is_active: true, off_reason: null, off_at: null, failing_since: null });
  });

  it('redirects: that is an answer, and nobody follows it', async () => {
    const hook = await add(owner, ['run.completed']);
    receiver.answer = (_, count) => (count === 1 ? { status: 302, headers: { location: `${receiver.url}/elsewhere` } } : 200);
    await api.call('POST', `/api/v1/webhooks/${hook.id}/test`, { as: owner });
    await settled(hook.id, [{ state: 'delivered', tries: 2 }]);
    expect(receiver.messages).toHaveLength(2);
  });

  it('asks for a pause: Retry-After is kept to', async () => {
    const hook = await add(owner, ['run.completed']);
    receiver.answer = () => ({ status: 429, headers: { 'retry-after': '3600' } });
    await api.call('POST', `/api/v1/webhooks/${hook.id}/test`, { as: owner });
    await settled(hook.id, [{ state: 'pending', tries: 1, response_status: 429 }]);
    const [{ next_try_at }] = await deliveries(hook.id) as [DeliveryWire];
    expect(Math.abs(Date.parse(next_try_at ?? '') - Date.now() - 3_600_000)).toBeLessThan(60_000);
  });

  it('hangs: a few requests are open to it at most, and another endpoint of the same person is told meanwhile', async () => {
    const [slow, quick] = [await add(owner, ['run.completed'], '/slow'), await add(owner, ['run.completed'], '/quick')];
    const slowIds = new Set<string>();
    await engine.db.webhookDelivery.createMany({ data: Array.from({ length: 12 }, (_, n) => ({ webhookId: slow.id, userId: engine.userId, eventId: `slow-${n}`, eventType: 'webhook.test', data: {}, nextTryAt: new Date() })) });
    receiver.answer = ({ event }) => { if (!event.id.startsWith('slow-')) return 204; slowIds.add(event.id); return 'hang'; };
    await wakeWebhooks(api.deps, [slow.id]);
    await receiver.until(() => slowIds.size === WEBHOOK_LANES);
    await api.call('POST', `/api/v1/webhooks/${quick.id}/test`, { as: owner });
    await settled(quick.id, [{ state: 'delivered' }]);
    expect(slowIds.size).toBe(WEBHOOK_LANES);
    expect(receiver.busiest).toBe(WEBHOOK_LANES + 1);
  });
});

describe('what nobody woke', () => {
  it('the reconciler wakes: a writer that died after its commit loses no message', async () => {
    const hook = await add(owner, ['run.completed']);
    await engine.db.webhookDelivery.create({ data: { webhookId: hook.id, userId: engine.userId, eventId: randomUUID(), eventType: 'webhook.test', data: {}, nextTryAt: new Date(Date.now() - 6_000) } });
    const reconciled = await engine.runner.deps.temporal.workflow.execute('reconcileRuns', { workflowId: `reconcile-${randomUUID()}`, taskQueue: engine.taskQueue, args: [] });
    expect(reconciled).toMatchObject({ woken: 1 });
    await settled(hook.id, [{ state: 'delivered' }]);
  });
});

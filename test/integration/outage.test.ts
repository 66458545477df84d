import { MockActivityEnvironment } from '@temporalio/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { complete } from '#activities/complete';
import type { RunEvent } from '#contracts/run-events';
import type { CompleteRequest } from '#contracts/workflow';
import { priceOf, providerData } from '#platform/provider-catalog';
import { allRunEvents } from '#platform/repositories/run-events';
import { startEngine, type Engine } from '../support/engine.ts';

let engine: Engine;
beforeAll(async () => { engine = await startEngine({ AWP_BREAKER_OPEN_MS: '300' }); });
afterEach(async () => { engine.simulator.reset(); await engine.db.providerHealth.deleteMany(); });
afterAll(() => engine.close());

const modelOf = (provider: 'openai' | 'anthropic' | 'groq') => providerData(engine.config, provider).defaultModel;
const targetOf = (provider: 'anthropic' | 'groq') => ({ provider, model: modelOf(provider), price: priceOf(engine.config, provider, modelOf(provider)) });
const goesAway = (provider: 'openai' | 'anthropic' | 'groq', times = 0) => engine.simulator.addFaults({ fault: { kind: 'status', status: 503 }, match: { requestId: '*', model: modelOf(provider) }, times });
const ofType = <T extends RunEvent['type']>(events: RunEvent[], type: T) => events.filter((event) => event.type === type) as Extract<RunEvent, { type: T }>[];

describe('the opt-in chain', () => {
  it('takes over under the next ordinal, with an event and the reason in the ledger', async () => {
    goesAway('openai');
    const { runId } = await engine.start({ provider: 'openai', request: { fallback: [targetOf('groq'), targetOf('anthropic')] } });
    goesAway('groq');
    const view = await engine.finished(runId);
    expect(view.status).toBe('completed');
    expect(view.switches.map((change) => [change.from.provider, change.to.provider, change.reason])).toEqual([['openai', 'groq', 'ProviderUnavailable'], ['groq', 'anthropic', 'ProviderUnavailable']]);
    const rows = await engine.db.completion.findMany({ where: { runId, step: 'diagnose' }, orderBy: { ordinal: 'asc' } });
    expect(rows.map((row) => [row.ordinal, row.provider, row.state, row.fallbackReason])).toEqual([[1, 'openai', 'failed', null], [2, 'groq', 'failed', 'openai: ProviderUnavailable'], [3, 'anthropic', 'done', 'groq: ProviderUnavailable']]);
    // What another provider answered proves nothing about the run's own.
    expect([view.evidence, view.logs.some((line) => line.message.includes('no evidence'))]).toEqual([null, true]);
    // Those after it go straight to the one that answers.
    expect(await engine.db.completion.count({ where: { runId, provider: 'openai' } })).toBe(1);
  });

  it('without opt-in no other vendor is ever called', async () => {
    goesAway('openai');
    const { runId } = await engine.start({ provider: 'openai' });
    expect((await engine.finished(runId)).error?.code).toBe('ProviderUnavailable');
    const providers = await engine.db.completion.findMany({ where: { runId }, distinct: ['provider'], select: { provider: true } });
    expect(providers).toEqual([{ provider: 'openai' }]);
  });

  it('a refusal is no outage: nobody else is asked', async () => {
    engine.simulator.addFaults({ fault: { kind: 'refusal' }, match: { requestId: '*' }, times: 0 });
    const { runId } = await engine.start({ provider: 'openai', request: { fallback: [targetOf('anthropic')] }, timings: { outageWaitMs: 60_000 } });
    const view = await engine.finished(runId);
    expect(view).toMatchObject({ status: 'failed', error: { code: 'ProviderRefused' }, switches: [] });
  });
});

describe('when all are away', () => {
  it('the run waits, shows until when, and goes on when the provider is back', async () => {
    goesAway('openai', 4);
    const { runId } = await engine.start({ provider: 'openai', timings: { outageWaitMs: 60_000, retryBaseMs: 60 } });
    const view = await engine.finished(runId);
    expect(view.status).toBe('completed');
    const [wait] = ofType(await allRunEvents(engine.db, runId), 'wait-start');
    expect(wait?.data).toMatchObject({ reason: 'provider', wait_id: 'provider-1' });
    expect(Date.parse(wait?.data.until ?? '')).toBeGreaterThan(Date.parse(wait?.data.next_try_at ?? ''));
  });

  it('up to its limit, then it fails with the vendor\'s own code and keeps what there is', async () => {
    goesAway('openai');
    const { runId } = await engine.start({ provider: 'openai', timings: { outageWaitMs: 600 } });
    const view = await engine.finished(runId);
    expect(view).toMatchObject({ status: 'failed', error: { code: 'ProviderUnavailable', step: 'diagnose' }, waits: [] });
    expect(ofType(await allRunEvents(engine.db, runId), 'wait-start').length).toBeGreaterThan(0);
    expect(view.artifacts.map((artifact) => artifact.fileName)).toContain('trace.json');
  });

  it('a vendor that names a time further away than a call waits is asked again then, not before', async () => {
    engine.simulator.addFaults({ fault: { kind: 'status', status: 429, headers: { 'retry-after': '120' } }, match: { requestId: '*' }, times: 0 });
    const { runId, handle } = await engine.start({ provider: 'openai', timings: { outageWaitMs: 600_000 } });
    const { waits: [wait] } = await engine.until(runId, (view) => view.status === 'waiting');
    const [started] = ofType(await allRunEvents(engine.db, runId), 'wait-start');
    const aheadMs = Date.parse(started?.data.next_try_at ?? '') - Date.parse(started?.at ?? '');
    expect(aheadMs).toBeGreaterThan(110_000);
    expect(aheadMs).toBeLessThan(121_000);
    expect([wait?.reason, wait?.detail]).toEqual(['provider', expect.stringContaining('it asked for 120 s')]);
    expect(engine.simulator.counters().total).toBe(1);
    await handle.cancel();
    expect(await engine.finished(runId)).toMatchObject({ status: 'cancelled' });
  });

  it('can be cancelled while it waits', async () => {
    goesAway('openai');
    const { runId, handle } = await engine.start({ provider: 'openai', timings: { outageWaitMs: 600_000, retryBaseMs: 2_000 }, request: {} });
    // retryBaseMs drives the distances in the workflow; the activity's own retries use the engine's 20 ms
    await engine.until(runId, (view) => view.status === 'waiting');
    const asked = Date.now();
    await handle.cancel();
    expect(await engine.finished(runId)).toMatchObject({ status: 'cancelled', waits: [] });
    expect(Date.now() - asked).toBeLessThan(5_000);
  });
});

describe('the breaker', () => {
  const fail = async () => { const { runId } = await engine.start({ provider: 'openai' }); return engine.finished(runId); };

  it('opens for all runs after five failures, spares the vendor, and one probe closes it', async () => {
    goesAway('openai');
    await fail();
    await fail();
    const row = await engine.db.providerHealth.findFirstOrThrow();
    expect(row).toMatchObject({ provider: 'openai', keyOwner: 'workspace' });
    await engine.db.providerHealth.updateMany({ data: { openUntil: new Date(Date.now() + 60_000) } });
    const before = engine.simulator.counters().total;
    const view = await fail();
    expect(view.error?.detail).toContain('breaker open until');
    expect(engine.simulator.counters().total).toBe(before);
    expect(await engine.db.completionAttempt.count({ where: { completion: { runId: (await engine.db.run.findFirstOrThrow({ orderBy: { createdAt: 'desc' } })).id } } })).toBe(0);

    engine.simulator.reset();
    await engine.db.providerHealth.updateMany({ data: { openUntil: new Date(Date.now() - 1) } });
    expect((await fail()).status).toBe('completed');
    expect(await engine.db.providerHealth.findFirstOrThrow()).toMatchObject({ failures: 0, opens: 0, openUntil: null });
  });

  it('when it refuses a later try of a call, says how many earlier ones may have been charged: the money cap counts them', async () => {
    const { runId } = await engine.start({ provider: 'openai', mode: 'validate_only' });
    await engine.finished(runId);
    const call: CompleteRequest = { runId, stage: 'test', step: 'note', ordinal: 1, before: { keyPrefix: 'again', entries: [] }, userId: engine.userId, slug: 'learn_agentic_ai', provider: 'openai', model: modelOf('openai'), messages: [{ role: 'user', content: 'Write.' }], maxOutputTokens: 100, timeoutMs: 5_000 };
    const once = () => new MockActivityEnvironment().run(() => complete(engine.runner.deps, call));
    const counted = async () => (await engine.runner.deps.metrics.ledger.get()).values.find(({ labels }) => labels.outcome === 'possibly_billed')?.value ?? 0;
    engine.simulator.addFaults({ fault: { kind: 'truncated', afterFrames: 3, destroy: true }, match: { requestId: '*' } });
    await expect(once()).rejects.toMatchObject({ type: 'ProviderUnavailable', nonRetryable: false, details: [{ possiblyBilled: 1 }] });
    await engine.db.providerHealth.updateMany({ data: { failures: 5, openUntil: new Date(Date.now() + 60_000) } });
    await expect(once()).rejects.toMatchObject({ type: 'ProviderUnavailable', nonRetryable: true, details: [{ possiblyBilled: 1, notBeforeMs: expect.any(Number) as number }] });
    // The same of one whose worker died; the next try finds it, and it counts for the alert like any other.
    await engine.db.providerHealth.deleteMany();
    await engine.db.completionAttempt.updateMany({ where: { completion: { runId } }, data: { state: 'in_flight', worstCostUsdMicros: null, endedAt: null } });
    const before = await counted();
    expect(await once()).toMatchObject({ possiblyBilledAttempts: 1, reused: false });
    expect(await counted() - before).toBe(1);
  });

  it('refusals and rate limits never open it', async () => {
    engine.simulator.addFaults({ fault: { kind: 'status', status: 429 }, match: { requestId: '*' }, times: 0 });
    await fail();
    await fail();
    expect(await engine.db.providerHealth.count({ where: { openUntil: { not: null } } })).toBe(0);
  });
});

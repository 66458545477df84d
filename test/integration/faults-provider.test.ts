import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { usedOf } from '#platform/repositories/budgets';
import { startEngine, type Engine } from '../support/engine.ts';

let engine: Engine;
beforeAll(async () => { engine = await startEngine(); });
afterEach(() => engine.simulator.reset());
afterAll(() => engine.close());

const calls = (runId: string, call: string) => engine.simulator.counters().byRequestId[`${runId}/${call}`] ?? 0;

const MONTHLY = { scope: 'user', period: 'month', metric: 'cost' } as const;
const triesOf = (runId: string) => engine.db.completionAttempt.findMany({ where: { completion: { runId } }, orderBy: { startedAt: 'asc' } });

describe('provider faults', () => {
  it('a provider that stays away is tried four times at growing distances, then the run fails in words', async () => {
    engine.simulator.addFaults({ fault: { kind: 'status', status: 500 }, match: { requestId: '*' }, times: 0 });
    const { runId } = await engine.start({ provider: 'openai' });
    const view = await engine.finished(runId);
    expect(view.status).toBe('failed');
    expect(view.error).toMatchObject({ code: 'ProviderUnavailable', step: 'diagnose' });
    expect(view.error?.detail).toContain('after 3 retries');
    expect(calls(runId, 'test/diagnose/1')).toBe(4);
    const step = view.stages.at(-1)?.steps.find((candidate) => candidate.step === 'diagnose');
    expect(step?.completions[0]?.retries.map((retry) => retry.waitMs)).toEqual([20, 40, 80]);
    expect(view.artifacts.map((artifact) => artifact.fileName)).toContain('trace.json');
  });

  it('a rate limit waits for Retry-After, then the same call succeeds under the same request id', async () => {
    engine.simulator.addFaults({ fault: { kind: 'status', status: 429, headers: { 'retry-after': '1' } }, match: { requestId: '*' } });
    const { runId } = await engine.start({ provider: 'anthropic' });
    const view = await engine.finished(runId);
    expect(view.status).toBe('completed');
    expect(view.totals.retries).toBe(1);
    const retried = view.stages.flatMap((stage) => stage.steps).flatMap((step) => step.completions).find((completion) => completion.retries.length > 0);
    expect(retried?.retries[0]).toMatchObject({ code: 'ProviderRateLimited', waitMs: 1000 });
    expect(retried?.attempt).toBe(2);
    expect(Date.parse(retried?.endedAt ?? '') - Date.parse(retried?.retries[0]?.at ?? '')).toBeGreaterThanOrEqual(950);
  });

  it.each([
    ['a spending limit', { kind: 'quota' } as const, 'ProviderQuota'],
    ['a refusal', { kind: 'refusal' } as const, 'ProviderRefused'],
    ['a context that is too long', { kind: 'context-too-long' } as const, 'ContextTooLong'],
    ['a key that is refused mid-run', { kind: 'status', status: 401 } as const, 'ProviderAuthentication'],
    ['a bad request', { kind: 'status', status: 400 } as const, 'ProviderRejected'],
  ])('%s is final at once', async (_name, fault, code) => {
    engine.simulator.addFaults({ fault, match: { requestId: '*' }, times: 0 });
    const { runId } = await engine.start({ provider: 'openai' });
    const view = await engine.finished(runId);
    expect(view.error?.code).toBe(code);
    expect(calls(runId, 'test/diagnose/1')).toBe(1);
  });

  it('an answer cut off mid-stream is never final: the try is repeated and its text discarded', async () => {
    engine.simulator.addFaults({ fault: { kind: 'truncated', afterFrames: 3, destroy: true }, match: { requestId: '*' } });
    const { runId } = await engine.start({ provider: 'gemini' });
    const view = await engine.finished(runId);
    expect(view.status).toBe('completed');
    expect(view.totals.retries).toBe(1);
  });

  it('a try that was cut mid-answer may have been charged: it is possibly billed at its worst cost, also when the run then fails', async () => {
    engine.simulator.addFaults({ fault: { kind: 'truncated', afterFrames: 3, destroy: true }, match: { requestId: '*' }, times: 0 });
    const before = await engine.db.$transaction((tx) => usedOf(tx, MONTHLY, engine.userId));
    const { runId } = await engine.start({ provider: 'deepseek' });
    expect(await engine.finished(runId)).toMatchObject({ status: 'failed', error: { code: 'ProviderUnavailable' }, totals: { retries: 3, possiblyBilled: 4 } });
    const metadata = JSON.parse(await engine.readArtifact(runId, 'metadata.json')) as { totals: { possibly_billed: number }; possibly_billed: { worst_cost_usd_micros: number }[] };
    const tries = await triesOf(runId);
    // Nothing was bought, so what the budgets know of this run is the worst of its four tries.
    const worst = tries.reduce((sum, { worstCostUsdMicros }) => sum + Number(worstCostUsdMicros), 0);
    expect(await engine.db.$transaction((tx) => usedOf(tx, MONTHLY, engine.userId)) - before).toBe(worst);
    expect([metadata.totals.possibly_billed, metadata.possibly_billed.reduce((sum, { worst_cost_usd_micros: cost }) => sum + cost, 0)]).toEqual([4, worst]);
    expect(tries.map(({ state, errorCode }) => [state, errorCode])).toEqual(Array.from({ length: 4 }, () => ['possibly_billed', 'ProviderUnavailable']));
    expect(tries.every(({ worstCostUsdMicros }) => Number(worstCostUsdMicros) > 0)).toBe(true);
  });

  it('a refusal by its status costs nothing, and nothing is said to be billed', async () => {
    engine.simulator.addFaults(...[503, 429].map((status) => ({ fault: { kind: 'status', status } as const, match: { requestId: '*' } })));
    const { runId } = await engine.start({ provider: 'openai' });
    expect(await engine.finished(runId)).toMatchObject({ status: 'completed', totals: { retries: 2, possiblyBilled: 0 } });
    expect((await triesOf(runId)).slice(0, 3).map(({ state, worstCostUsdMicros }) => [state, worstCostUsdMicros])).toEqual([['failed', null], ['failed', null], ['done', null]]);
  });

  it('an answer that never fits is repaired twice, then OutputInvalid', async () => {
    engine.simulator.addFaults({ fault: { kind: 'text', text: 'no json here' }, match: { requestId: '*' }, times: 0 });
    const { runId } = await engine.start({ provider: 'openai' });
    const view = await engine.finished(runId);
    expect(view.error?.code).toBe('OutputInvalid');
    expect([1, 2, 3, 4].map((ordinal) => calls(runId, `test/diagnose/${ordinal}`))).toEqual([1, 1, 1, 0]);
  });

  it('a hanging provider is cut by the call timer and tried twice', async () => {
    engine.simulator.addFaults({ fault: { kind: 'hang' }, match: { requestId: '*' }, times: 0 });
    const { runId } = await engine.start({ provider: 'openai', timings: { callTimeoutMs: 400 } });
    const view = await engine.finished(runId);
    expect(view.error?.code).toBe('ProviderTimeout');
    expect(calls(runId, 'test/diagnose/1')).toBe(2);
    expect(engine.simulator.counters().inFlight).toBe(0);
  });

  it('a key that is refused fails Validate and buys nothing', async () => {
    engine.simulator.addFaults({ fault: { kind: 'status', status: 401 }, match: { health: true }, times: 0 });
    const { runId } = await engine.start({ provider: 'openai' });
    const view = await engine.finished(runId);
    expect(view.error).toMatchObject({ code: 'ProviderAuthentication', step: 'provider' });
    expect(view.stages.map((stage) => stage.stage)).toEqual(['validate']);
    expect(view.totals.completions).toBe(0);
  });
});

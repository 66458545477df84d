import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startEngine, type Engine } from '../support/engine.ts';

let engine: Engine;
beforeAll(async () => { engine = await startEngine(); });
afterEach(() => engine.simulator.reset());
afterAll(() => engine.close());

describe('caps', () => {
  it('a Test that runs out of output tokens completes with cap_reached and keeps what it made', async () => {
    const { runId } = await engine.start({ caps: { outputTokens: 150 } });
    const view = await engine.finished(runId);
    expect(view).toMatchObject({ status: 'completed', capReached: 'output_tokens', error: null });
    expect(view.totals.outputTokens).toBeLessThanOrEqual(150);
    expect(view.artifacts.map((artifact) => artifact.fileName)).toContain('notes.md');
    expect(await engine.readArtifact(runId, 'notes.md')).toContain('Stopped at the cap of 150 output tokens');
  });

  it('Validate warns where the plan asks for more than the run may use, and the run goes on', async () => {
    const checkOf = async (options: Parameters<Engine['start']>[0]) => {
      const { runId } = await engine.start({ mode: 'validate_only', ...options });
      const view = await engine.finished(runId);
      expect(view).toMatchObject({ status: 'completed', error: null, stages: [{ stage: 'validate', status: 'passed' }] });
      return view.stages[0]?.checks.find(({ check }) => check === 'estimate');
    };
    expect(await checkOf({})).toMatchObject({ outcome: 'passed', remedy: null });
    expect(await checkOf({ caps: { outputTokens: 150 } })).toMatchObject({ outcome: 'warning', detail: expect.stringMatching(/The plan of the Test may write [\d,]+ output tokens, and the run may write 150\./) as string, remedy: expect.stringContaining('larger budget') as string });
    expect(await checkOf({ provider: 'openai', caps: { costUsdMicros: 100 } })).toMatchObject({ outcome: 'warning', detail: expect.stringMatching(/may cost \$0\.\d+, and the run may cost \$0\.0001\./) as string });
  });

  it('no request ever asks for more output than the cap leaves', async () => {
    const { runId } = await engine.start({ provider: 'openai', caps: { outputTokens: 200 } });
    await engine.finished(runId);
    const asked = engine.simulator.requests().filter((request) => request.body).map((request) => (request.body as { max_completion_tokens?: number; max_tokens?: number })).map((body) => body.max_completion_tokens ?? body.max_tokens ?? 0);
    expect(asked.length).toBeGreaterThan(0);
    expect(Math.max(...asked)).toBeLessThanOrEqual(200);
  });

  it('the seconds of a Test cut a sleeping provider', async () => {
    engine.simulator.addFaults({ fault: { kind: 'hang' }, match: { requestId: '*' }, times: 0 });
    const { runId } = await engine.start({ provider: 'openai', caps: { seconds: 0.5 } });
    const view = await engine.finished(runId);
    expect(view).toMatchObject({ status: 'completed', capReached: 'seconds' });
    await engine.simulator.until((counters) => counters.inFlight === 0);
    expect(engine.simulator.counters().aborted).toBe(1);
  });

  it('a Full run beyond its seconds is timed out with a reason', async () => {
    engine.simulator.addFaults({ fault: { kind: 'hang' }, match: { requestId: '*' }, nth: 6, times: 0 });
    const { runId } = await engine.start({ mode: 'full_run', provider: 'openai', fullCaps: { seconds: 1 } });
    const view = await engine.finished(runId);
    expect(view).toMatchObject({ status: 'timed_out', capReached: 'seconds', error: { code: 'RunLimitReached' } });
  });

  it('a cap that bites in the Test of a Full run ends only that stage', async () => {
    const { runId } = await engine.start({ mode: 'full_run', caps: { outputTokens: 150 }, input: { learning_goal: 'A goal that no Test of this file has had' } });
    const view = await engine.finished(runId);
    expect(view.stages.map((stage) => [stage.stage, stage.status])).toEqual([['validate', 'passed'], ['test', 'capped'], ['full', 'passed']]);
    expect(view).toMatchObject({ status: 'completed', capReached: null });
    expect(view.artifacts.map((artifact) => artifact.fileName)).toContain('test/notes.md');
  });

  it('a money cap stops before the call that would not fit', async () => {
    const { runId } = await engine.start({ mode: 'full_run', provider: 'openai', fullCaps: { costUsdMicros: 8_000 } });
    const view = await engine.finished(runId);
    expect(view).toMatchObject({ status: 'failed', capReached: 'cost', error: { code: 'BudgetExceeded' } });
    const full = await engine.db.completion.aggregate({ where: { runId, stage: 'full' }, _sum: { costUsdMicros: true } });
    expect(Number(full._sum.costUsdMicros)).toBeLessThanOrEqual(8_000);
  });
});

describe('cancel', () => {
  it('cancels mid-call: the socket closes, partial files and trace are kept, nothing is called afterwards', async () => {
    engine.simulator.addFaults({ fault: { kind: 'hang', afterFrames: 2 }, match: { requestId: '*' }, nth: 3, times: 0 });
    const { runId, handle } = await engine.start({ provider: 'openai' });
    await engine.simulator.until((counters) => counters.total === 3 && counters.inFlight === 1);
    const asked = Date.now();
    await handle.cancel();
    const view = await engine.finished(runId);
    expect(Date.now() - asked).toBeLessThan(5_000);
    expect(view).toMatchObject({ status: 'cancelled', error: null, totals: { possiblyBilled: 1, retries: 0 } });
    expect(view.artifacts.map((artifact) => artifact.fileName).sort()).toEqual(expect.arrayContaining(['metadata.json', 'notes.md', 'trace.json']));
    expect(engine.simulator.counters()).toMatchObject({ total: 3, aborted: 1, inFlight: 0 });
    const [attempt] = await engine.db.completionAttempt.findMany({ where: { completion: { runId }, state: 'possibly_billed' } });
    expect(attempt).toMatchObject({ errorCode: null, errorDetail: 'cancelled while it was under way' });
    expect(Number(attempt?.worstCostUsdMicros)).toBeGreaterThan(0);
    expect((await handle.describe()).status.name).toBe('CANCELLED');
  });
});

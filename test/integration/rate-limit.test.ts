import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '#platform/db';
import { masterKeys } from '#platform/config';
import { uuidv7 } from '#platform/ids';
import { createPayloadEncryption } from '#platform/payloads/encryption';
import { openHistory } from '#platform/payloads/open-history';
import { createPayloadKeys } from '#platform/payloads/payload-keys';
import { allRunEvents } from '#platform/repositories/run-events';
import { takeTurn, type TurnAnswer } from '#platform/repositories/provider-turns';
import { crowdEntry } from '../support/crowd/definition.ts';
import { startEngine, type Engine } from '../support/engine.ts';

const PER_MINUTE = 120;
let engine: Engine;
beforeAll(async () => { engine = await startEngine({ OPENAI_REQUESTS_PER_MINUTE: String(PER_MINUTE), ANTHROPIC_REQUESTS_PER_MINUTE: '1' }, { entries: [crowdEntry], workflowsPath: path.resolve('test/support/crowd/workflows.ts') }); });
beforeEach(async () => { for (const table of ['provider_pace', 'provider_turns', 'provider_shares']) await engine.db.$executeRawUnsafe(`DELETE FROM ${table}`); });
afterAll(() => engine.close());

const KEY = { provider: 'openai', keyOwner: 'workspace' } as const;
const [ANN, BEN] = [uuidv7(), uuidv7()];
const ask = (userId: string, callId: string, perMinute = 1, db = engine.db) => takeTurn(db, KEY, { userId, callId }, perMinute);
const wait = (answer: TurnAnswer) => (answer.granted ? 0 : Math.round(answer.waitMs / 60_000));
/** As if so many minutes had passed. */
const passed = (minutes: number) => engine.db.$executeRaw`UPDATE provider_pace SET full_at = full_at - ${minutes} * interval '1 minute'`;

describe('the line at a key', () => {
  it('gives one turn an interval; who comes later waits longer, who asks again keeps the place', async () => {
    expect(wait(await ask(ANN, 'a1'))).toBe(0);
    expect([wait(await ask(ANN, 'a2')), wait(await ask(ANN, 'a3')), wait(await ask(ANN, 'a2'))]).toEqual([1, 2, 1]);
    await passed(1);
    expect([wait(await ask(ANN, 'a3')), wait(await ask(ANN, 'a2'))]).toEqual([1, 0]);
  });

  it('takes people in turn: one call of another person goes before the hundred that wait, and then not every time', async () => {
    await ask(ANN, 'a0');
    for (let call = 1; call <= 100; call += 1) await ask(ANN, `a${String(call).padStart(3, '0')}`);
    expect(wait(await ask(BEN, 'b1'))).toBe(1);
    await passed(1);
    expect(wait(await ask(ANN, 'a001'))).toBe(1);
    expect(wait(await ask(BEN, 'b1'))).toBe(0);
    // Ben has had his turn; his next one comes after Ann's.
    expect([wait(await ask(BEN, 'b2')), wait(await ask(ANN, 'a001'))]).toEqual([2, 1]);
  });

  it('who does not come gives the place up', async () => {
    await ask(ANN, 'a1');
    await ask(BEN, 'gone');
    expect(wait(await ask(ANN, 'a2'))).toBe(2);
    await engine.db.$executeRaw`UPDATE provider_turns SET due_at = now() - interval '1 hour' WHERE call_id = 'gone'`;
    expect(wait(await ask(ANN, 'a2'))).toBe(1);
  });

  it('holds over several workers: of many at once, over separate connections, a burst goes and the rest waits', async () => {
    const others = Array.from({ length: 3 }, () => openDatabase(engine.config));
    try {
      const answers = await Promise.all(Array.from({ length: 30 }, (_, call) => ask(ANN, `c${call}`, 180, others[call % 3]?.db)));
      // 180 a minute is a burst of 3 and one more each third of a second that the asking took.
      expect(answers.filter((answer) => answer.granted).length).toBeLessThan(30);
      const waits = answers.flatMap((answer) => (answer.granted ? [] : [answer.dueAt.getTime()])).sort((a, b) => a - b);
      for (const [index, due] of waits.entries()) if (index > 0) expect(due - (waits[index - 1] ?? 0)).toBeGreaterThanOrEqual(332);
    } finally {
      await Promise.all(others.map((other) => other.close()));
    }
  });
});

describe('a run at the rate limit of its key', () => {
  const start = (calls: number, provider: 'openai' | 'anthropic') => engine.start({ slug: 'crowd', input: { calls }, provider, caps: { outputTokens: 100_000, inputTokens: 100_000 } });

  it('waits, shows until when, and completes; nothing is called early and no try is counted', async () => {
    const { runId } = await start(8, 'openai');
    const view = await engine.finished(runId);
    expect(view).toMatchObject({ status: 'completed', totals: { completions: 8, retries: 0 } });
    const events = await allRunEvents(engine.db, runId);
    const waits = events.flatMap((event) => (event.type === 'wait-start' ? [event.data] : []));
    expect(waits[0]).toMatchObject({ reason: 'rate_limit', detail: expect.stringContaining('openai takes 120 calls a minute with the key of this installation: rate-limited until') });
    // A call that waited keeps its ordinal, so that a re-run finds its answer.
    expect(new Set((await engine.db.completion.findMany({ where: { runId } })).map((row) => row.ordinal))).toEqual(new Set([1]));
    const calls = events.filter((event) => event.type === 'completion-start').map((event) => Date.parse(event.at)).sort((a, b) => a - b);
    // A burst of two, then two a second.
    expect((calls.at(-1) ?? 0) - (calls[0] ?? 0)).toBeGreaterThanOrEqual(2_000);
    expect(await engine.db.$queryRaw`SELECT * FROM provider_turns`).toEqual([]);
  });

  it('tells the run of a try before the wait that may have been charged', async () => {
    engine.simulator.addFaults({ fault: { kind: 'truncated', afterFrames: 1, destroy: true }, times: 1 });
    const { runId, handle } = await start(1, 'anthropic');
    await engine.until(runId, (view) => view.waitReason === 'rate_limit');
    const history = await openHistory(await handle.fetchHistory(), createPayloadEncryption(createPayloadKeys(masterKeys(engine.config)), 'required'), runId);
    const failed = (JSON.parse(history) as { events: { activityTaskFailedEventAttributes?: { failure: { applicationFailureInfo: { details: { payloads: { data: string }[] } } } } }[] }).events.flatMap(({ activityTaskFailedEventAttributes: told }) => (told ? [told] : []));
    const details = failed.map(({ failure }) => JSON.parse(Buffer.from(failure.applicationFailureInfo.details.payloads[0]?.data ?? '', 'base64').toString('utf8')) as object);
    expect(details).toEqual([expect.objectContaining({ possiblyBilled: 1, notBeforeMs: expect.any(Number) as number })]);
    await handle.cancel();
    expect(await engine.finished(runId)).toMatchObject({ status: 'cancelled', totals: { possiblyBilled: 1 } });
  });

  it('can be cancelled while it waits', async () => {
    const { runId, handle } = await start(3, 'anthropic');
    await engine.until(runId, (view) => view.waitReason === 'rate_limit');
    await handle.cancel();
    expect(await engine.finished(runId)).toMatchObject({ status: 'cancelled', waits: [] });
  });
});

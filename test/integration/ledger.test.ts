import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ErrorCode } from '#contracts/errors';
import type { CompletionAnswer } from '#contracts/providers';
import { digestOf } from '#platform/ids';
import { closeCall, failCall, openCall, type LedgerCall, type OpenedCall } from '#platform/repositories/completions';
import { classify } from '#activities/failures';
import { ProviderError } from '#activities/providers/provider';
import { closeOpenCall, openNewCall } from '#platform/repositories/quick-calls';
import type { KeyedEvent } from '#platform/repositories/run-events';
import { openTestRows, type TestRows } from '../support/rows.ts';

let rows: TestRows;
let runId: string;
beforeAll(async () => { rows = await openTestRows(); runId = await rows.run(); });
afterAll(() => rows.close());

let calls = 0;
/** A call of its own for each test. */
const newCall = (): LedgerCall => ({ runId, userId: rows.userId, stage: 'full', step: `note-${calls += 1}`, ordinal: 1, requestDigest: digestOf('prompt'), provider: 'openai', model: 'gpt-4o-mini', maxOutputTokens: 100, messages: [{ role: 'user', content: 'Write.' }] });
const answer = (text: string): CompletionAnswer => ({ text, toolCalls: [], usage: { inputTokens: 10, outputTokens: 5 }, finishReason: { unified: 'stop', raw: 'stop' }, modelServed: 'gpt-4o-mini' });
/** As `complete` does it: in one statement where that is enough, and always in transactions. */
type Way = 'first in one statement' | 'in transactions';
let way: Way;
const ended = (opened: OpenedCall): KeyedEvent => ({ key: `${opened.row.id}/${opened.attempt}/end`, event: { type: 'log-write', data: { level: 'info', message: 'answered' } } });
const open = async (call: LedgerCall, worst: bigint | null = 70n): Promise<OpenedCall> => {
  const fresh = way === 'in transactions' ? null : await openNewCall(rows.db, call, [], 'no key', 70);
  return fresh?.opened ?? rows.db.$transaction((tx) => openCall(tx, call, worst));
};
const close = async (opened: OpenedCall, text: string, cost: number | null = 7) => {
  const closed = way === 'first in one statement' && (await closeOpenCall(rows.db, runId, opened.row.id, opened.attempt ?? 0, answer(text), cost, ended(opened)));
  return closed ? { answer: answer(text), costUsdMicros: cost } : rows.db.$transaction((tx) => closeCall(tx, opened.row.id, opened.attempt ?? 0, answer(text), cost));
};
const fail = (opened: OpenedCall, state: 'failed' | 'cancelled' | 'possibly_billed', code: ErrorCode | null) => rows.db.$transaction((tx) => failCall(tx, opened.row.id, opened.attempt ?? 0, state, code, 'x', state === 'failed' ? null : 70n));
const stored = (opened: OpenedCall) => rows.db.completion.findUniqueOrThrow({ where: { id: opened.row.id }, include: { attempts: { orderBy: { attempt: 'asc' } } } });
const statesOf = async (opened: OpenedCall) => (await stored(opened)).attempts.map((attempt) => attempt.state);

describe.each(['first in one statement', 'in transactions'] as const)('the ledger, %s', (how) => {
  beforeAll(() => { way = how; });

  it('gives a done call back without a new try', async () => {
    const call = newCall();
    const first = await open(call);
    await close(first, 'bought');
    const again = await open(call);
    expect(again.attempt).toBeNull();
    expect(again.row.answer).toEqual(answer('bought'));
    expect(Number(again.row.costUsdMicros)).toBe(7);
    expect(await statesOf(again)).toEqual(['done']);
  });

  it('a price that is unknown stays unknown', async () => {
    const opened = await open(newCall(), null);
    await close(opened, 'bought', null);
    expect((await stored(opened)).costUsdMicros).toBeNull();
  });

  it('another prompt at the same place is another call', async () => {
    const call = newCall();
    await close(await open(call), 'one');
    const other = await open({ ...call, requestDigest: digestOf('repair') });
    expect(other.attempt).toBe(1);
  });

  it('two that open at once make one row with two tries, and the first counts as possibly billed', async () => {
    const call = newCall();
    const opened = await Promise.all([open(call), open(call)]);
    expect(new Set(opened.map((each) => each.row.id)).size).toBe(1);
    expect(opened.map((each) => each.attempt).toSorted()).toEqual([1, 2]);
    const row = await stored(opened[0]);
    expect(row.attempts.map((attempt) => [attempt.attempt, attempt.state, attempt.worstCostUsdMicros])).toEqual([[1, 'possibly_billed', 70n], [2, 'in_flight', 70n]]);
    expect(opened.find((each) => each.attempt === 2)?.possiblyBilled).toBe(1);
  });

  it('each try whose process died is marked with its worst cost and counted', async () => {
    const call = newCall();
    await open(call);
    await open(call);
    const third = await open(call);
    expect(third).toMatchObject({ attempt: 3, possiblyBilled: 2 });
    await close(third, 'at last');
    expect(await statesOf(third)).toEqual(['possibly_billed', 'possibly_billed', 'done']);
    expect((await open(call)).possiblyBilled).toBe(2);
  });

  it('a try that a stop cut counts as possibly billed when it had been asked, whatever its state was called', async () => {
    const call = newCall();
    await fail(await open(call), 'possibly_billed', null);
    // As it was written until 2026-11-27, and as a cancel before the provider was asked is written.
    await fail(await open(call), 'cancelled', null);
    const third = await open(call);
    await rows.db.$transaction((tx) => failCall(tx, third.row.id, 3, 'cancelled', null, 'cancelled', null));
    expect(await open(call)).toMatchObject({ attempt: 4, possiblyBilled: 2 });
  });

  it('a try that fails after a later one gave it up for dead stays possibly billed', async () => {
    const call = newCall();
    const lost = await open(call);
    const second = await open(call);
    await fail(lost, 'failed', 'ProviderUnavailable');
    await fail(second, 'failed', 'ProviderUnavailable');
    expect(await statesOf(lost)).toEqual(['possibly_billed', 'failed']);
  });

  it('a failed try is no longer in flight and does not count as billed; one cut by a timeout does', async () => {
    const call = newCall();
    await fail(await open(call), 'failed', 'ProviderUnavailable');
    const second = await open(call);
    expect(second).toMatchObject({ attempt: 2, possiblyBilled: 0 });
    await fail(second, 'possibly_billed', 'ProviderTimeout');
    const third = await open(call);
    expect(third).toMatchObject({ attempt: 3, possiblyBilled: 1 });
    expect((await stored(third)).attempts.map((attempt) => [attempt.errorCode, attempt.worstCostUsdMicros])).toEqual([['ProviderUnavailable', null], ['ProviderTimeout', 70n], [null, 70n]]);
  });
});

describe.each(['first in one statement', 'in transactions'] as const)('a try that comes back after its twin, %s', (how) => {
  beforeAll(() => { way = how; });

  it('does not take the place of the answer that the run already used', async () => {
    const call = newCall();
    const lost = await open(call);
    const twin = await open(call);
    expect((await close(twin, 'used by the run', 7)).answer.text).toBe('used by the run');
    const kept = await close(lost, 'too late', 9);
    expect(kept.answer.text).toBe('used by the run');
    expect(kept.costUsdMicros).toBe(7);
    const row = await stored(twin);
    expect(row.answer).toEqual(answer('used by the run'));
    // It was bought all the same, and that is not hidden.
    expect(row.attempts.map((attempt) => [attempt.state, attempt.worstCostUsdMicros])).toEqual([['possibly_billed', 9n], ['done', null]]);
  });

  it('and fails, does not open a done call again', async () => {
    const call = newCall();
    const lost = await open(call);
    await close(await open(call), 'bought');
    await fail(lost, 'failed', 'ProviderUnavailable');
    expect((await stored(lost)).state).toBe('done');
    expect((await open(call)).attempt).toBeNull();
  });

  it('storing the same answer twice, as after a lost connection, changes nothing', async () => {
    const opened = await open(newCall());
    await close(opened, 'bought');
    expect((await close(opened, 'bought')).answer.text).toBe('bought');
    expect(await statesOf(opened)).toEqual(['done']);
  });
});

describe.each(['first in one statement', 'in transactions'] as const)('tries are counted by class, %s', (how) => {
  beforeAll(() => { way = how; });

  it('so that a dead worker or another kind of failure eats none of them', async () => {
    const call = newCall();
    const failing: [ErrorCode, number | null][] = [];
    const script: (ErrorCode | 'died')[] = ['ProviderUnavailable', 'died', 'ProviderTimeout', 'ProviderUnavailable', 'died', 'ProviderUnavailable', 'ProviderRateLimited', 'ProviderUnavailable'];
    for (const what of script) {
      const opened = await open(call);
      if (what === 'died') continue;
      const earlier = (code: ErrorCode) => opened.row.attempts.filter((row) => row.errorCode === code).length + 1;
      failing.push([what, classify(new ProviderError(what, 'x'), earlier, 2000).delayMs]);
      await fail(opened, 'failed', what);
    }
    expect(failing).toEqual([['ProviderUnavailable', 2000], ['ProviderTimeout', 2000], ['ProviderUnavailable', 4000], ['ProviderUnavailable', 8000], ['ProviderRateLimited', 2000], ['ProviderUnavailable', null]]);
  });
});

describe('one statement', () => {
  it('opens a new call with its first try and start, and gives key and breaker back', async () => {
    const call = newCall();
    const start: KeyedEvent = { key: `${call.step}/start`, event: { type: 'log-write', data: { level: 'info', message: 'start' } } };
    const fresh = await openNewCall(rows.db, call, [start], 'no key', 70);
    expect(fresh).toMatchObject({ opened: { attempt: 1, possiblyBilled: 0, answer: null }, secret: null, failures: { own: 0, workspace: 0 } });
    expect(await statesOf(fresh?.opened as OpenedCall)).toEqual(['in_flight']);
    expect(await rows.db.runEvent.count({ where: { runId, idempotencyKey: start.key } })).toBe(1);
  });

  it('writes nothing for a call that is known or a run that is gone; an event that a sibling has written is left out', async () => {
    const [call, other] = [newCall(), newCall()];
    const line: KeyedEvent = { key: `${call.step}/line`, event: { type: 'log-write', data: { level: 'info', message: 'x' } } };
    await openNewCall(rows.db, call, [line], 'no key', 70);
    const before = await rows.db.run.findUniqueOrThrow({ where: { id: runId }, select: { lastSequence: true } });
    expect(await openNewCall(rows.db, call, [{ ...line, key: `${call.step}/again` }], 'no key', 70)).toBeNull();
    expect(await openNewCall(rows.db, { ...other, runId: '01990000-0000-7000-8000-00000000dead' }, [], 'no key', 70)).toBeNull();
    expect(await rows.db.completion.count({ where: { runId, step: { in: [call.step, other.step] } } })).toBe(1);
    expect((await openNewCall(rows.db, other, [line], 'no key', 70))?.opened.attempt).toBe(1);
    expect(await rows.db.run.findUniqueOrThrow({ where: { id: runId }, select: { lastSequence: true } })).toEqual(before);
  });

  it('leaves a call to the transaction when a breaker is open, and counts failures that stand', async () => {
    const call = { ...newCall(), provider: 'groq' };
    await rows.db.providerHealth.create({ data: { provider: 'groq', keyOwner: 'workspace', failures: 2 } });
    expect((await openNewCall(rows.db, { ...call, step: `${call.step}-counted` }, [], 'no key', 70))?.failures).toEqual({ own: 0, workspace: 2 });
    await rows.db.providerHealth.update({ where: { provider_keyOwner: { provider: 'groq', keyOwner: 'workspace' } }, data: { openUntil: new Date(Date.now() + 60_000) } });
    expect(await openNewCall(rows.db, call, [], 'no key', 70)).toBeNull();
    expect(await rows.db.completion.count({ where: { runId, step: call.step } })).toBe(0);
  });
});

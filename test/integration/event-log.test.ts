import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ActivityDeps } from '#activities/deps';
import { openGate } from '#activities/gates';
import type { NewRunEvent } from '#contracts/run-events';
import { reduceRunEvents } from '#contracts/run-reducer';
import { canonicalJson, sha256Hex } from '#platform/ids';
import { appendEvents, appendFirstEvents } from '#platform/repositories/append-events';
import { runEnded } from '#platform/repositories/audit';
import { closeRun } from '#platform/repositories/close-run';
import { allRunEvents, appendRunEvents, listRunEvents, pruneTextDeltas, RUN_EVENTS_CHANNEL, type KeyedEvent } from '#platform/repositories/run-events';
import { openTestRows, type TestRows } from '../support/rows.ts';
import { ended, runLog, started } from '../support/run-log.ts';

let rows: TestRows;
beforeAll(async () => { rows = await openTestRows(); });
afterAll(() => rows.close());

type Append = (runId: string, entries: KeyedEvent[]) => Promise<number | null>;
const inTransaction: Append = (runId, entries) => rows.db.$transaction((tx) => appendRunEvents(tx, runId, entries));
const inOneStatement: Append = (runId, entries) => appendEvents(rows.db, runId, entries);
let turn = 0;
/** Both write to one run at the same time. */
const eitherWay: Append = (runId, entries) => ((turn += 1) % 2 === 0 ? inTransaction : inOneStatement)(runId, entries);
const line = (key: string): KeyedEvent => ({ key, event: { type: 'log-write', data: { level: 'info', message: key } } });
const saved: KeyedEvent = { key: 'finish/trace.json', event: { type: 'artifact-save', data: { artifact_id: 'a', file_name: 'trace.json', mime_type: 'application/json', file_size_bytes: 2, sha256: 'ab' } } };
const keysOf = async (runId: string) => (await rows.db.runEvent.findMany({ where: { runId }, orderBy: { sequence: 'asc' } })).map((row) => row.idempotencyKey);

describe.each([['in a transaction', inTransaction], ['in one statement', inOneStatement], ['in both ways', eitherWay]])('the run event log, written %s', (_how, append) => {
  it('50 parallel writers to one run get gapless sequences in commit order, one row a key', async () => {
    const runId = await rows.run();
    const committed: number[] = [];
    // Each key is written by two writers, as a retried activity would.
    await Promise.all(Array.from({ length: 50 }, (_, index) => append(runId, [line(`w/${index % 25}`)]).then((last) => committed.push(last ?? -1))));
    const events = await allRunEvents(rows.db, runId);
    expect(events.map((event) => event.sequence)).toEqual(Array.from({ length: 26 }, (_, index) => index + 1));
    expect(new Set(await keysOf(runId)).size).toBe(26);
    expect(events.map((event) => event.position)).toEqual(events.map((event) => event.position).toSorted((a, b) => a - b));
    expect(events.map((event) => event.at)).toEqual(events.map((event) => event.at).toSorted());
    expect(Math.max(...committed)).toBe(26);
    expect(await rows.db.run.findUnique({ where: { id: runId }, select: { lastSequence: true } })).toEqual({ lastSequence: 26 });
  });

  it('a writer that rolls back leaves no gap', async () => {
    const runId = await rows.run();
    await expect(rows.db.$transaction(async (tx) => { await appendRunEvents(tx, runId, [line('lost')]); throw new Error('rolled back'); })).rejects.toThrow('rolled back');
    await append(runId, [line('kept')]);
    expect((await allRunEvents(rows.db, runId)).map((event) => event.sequence)).toEqual([1, 2]);
  });

  it('the same key twice in one batch, or again later, writes once', async () => {
    const runId = await rows.run();
    expect(await append(runId, [line('a'), line('a'), line('b')])).toBe(3);
    expect(await append(runId, [line('b'), line('c')])).toBe(4);
    expect(await append(runId, [line('a'), line('c')])).toBe(4);
    expect(await append(runId, [])).toBe(4);
    expect(await keysOf(runId)).toEqual(['api/run-queue', 'a', 'b', 'c']);
  });

  it('the row names the execution that told its events last: what others write, or tell again, changes nothing', async () => {
    const runId = await rows.run();
    const told = async (entries: KeyedEvent[]) => { await append(runId, entries); return (await rows.db.run.findUniqueOrThrow({ where: { id: runId } })).temporalRunId; };
    const by = (temporalRunId: string, n: number, event: NewRunEvent = line('x').event): KeyedEvent => ({ key: `${temporalRunId}/${n}`, event, temporalRunId });
    expect(await told([line('a')])).toBeNull();
    expect(await told([by('first', 1, started)])).toBe('first');
    expect(await told([line('b')])).toBe('first');
    expect(await told([by('first', 2), line('c')])).toBe('first');
    expect(await told([by('second', 3), line('d')])).toBe('second');
    expect(await told([by('first', 1, started), by('first', 2)])).toBe('second');
    expect(await told([by('second', 4, { type: 'run-end', data: { status: 'completed', cap_reached: null, error: null, headline: 'Done.' } })])).toBe('second');
  });

  it('what PostgreSQL refuses in JSON does not keep an event out: U+0000 goes, half a character is marked', async () => {
    const runId = await rows.run();
    await append(runId, [{ key: 'call', event: { type: 'tool-call', stage: 'full', step: 'work', ordinal: 1, data: { tool: 't', tool_call_id: 'c', arguments: { 'na\0me': ['one\0', 'half \uD83D', 'whole \u{1F600}'] } } } }]);
    expect((await allRunEvents(rows.db, runId)).at(-1)?.data).toMatchObject({ arguments: { name: ['one', 'half \uFFFD', 'whole \u{1F600}'] } });
  });

  it('two runs do not wait for each other and share no keys', async () => {
    const [one, two] = [await rows.run(), await rows.run()] as const;
    await rows.db.$transaction(async (tx) => {
      await appendRunEvents(tx, one, [line('same')]);
      expect(await append(two, [line('same')])).toBe(2);
    });
    expect(await keysOf(one)).toEqual(await keysOf(two));
  });

  it('after the end takes artifacts and log lines, and nothing else', async () => {
    const runId = await rows.run();
    await append(runId, [{ key: 't/1', event: started }, { key: 't/run-end', event: ended('completed') }]);
    const late: NewRunEvent[] = [started, ended('failed'), { type: 'cancel-request', data: { by: 'x' } }, { type: 'stage-start', stage: 'test', data: { stages: ['test'] } }];
    expect(await append(runId, late.map((event, index) => ({ key: `late/${index}`, event })))).toBe(3);
    expect(await append(runId, [saved, line('late/log')])).toBe(5);
    expect(await rows.db.run.findUnique({ where: { id: runId }, select: { status: true, lastSequence: true } })).toEqual({ status: 'completed', lastSequence: 5 });
  });

  it('a run that is gone is told from one that is there', async () => {
    expect(await append('01990000-0000-7000-8000-00000000dead', [line('a')])).toBeNull();
  });

  it('every append is announced with run and sequence, and nothing else', async () => {
    const runId = await rows.run();
    const client = new pg.Client({ connectionString: rows.url });
    await client.connect();
    try {
      const heard: string[] = [];
      const twice = new Promise<void>((resolve) => { client.on('notification', ({ payload }) => { heard.push(payload ?? ''); if (heard.length === 2) resolve(); }); });
      await client.query(`LISTEN ${RUN_EVENTS_CHANNEL}`);
      await append(runId, [line('a'), line('b')]);
      await append(runId, [line('a')]);
      await append(runId, [line('c')]);
      await twice;
      expect(heard).toEqual([`${runId}:3`, `${runId}:4`]);
    } finally {
      await client.end();
    }
  });

  it('is read in windows after a sequence', async () => {
    const runId = await rows.run();
    await append(runId, Array.from({ length: 9 }, (_, index) => line(`n/${index}`)));
    expect((await listRunEvents(rows.db, runId, 7)).map((event) => event.sequence)).toEqual([8, 9, 10]);
    expect((await listRunEvents(rows.db, runId, 2, 3)).map((event) => event.sequence)).toEqual([3, 4, 5]);
  });
});

describe.each([['in a transaction', inTransaction], ['in one statement', inOneStatement]])('the row and the log, written %s', (_how, append) => {
  it('agree on status, wait, tokens, cost and end, however the log is cut into transactions, and whatever is sent twice', async () => {
    await fc.assert(fc.asyncProperty(runLog, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 8 }), fc.constantFrom('all', 'last'), async ({ events }, cuts, overlap) => {
      const runId = await rows.run();
      const rest = events.slice(1).map(({ type, data, stage, step, ordinal, attempt, sequence }): KeyedEvent => ({ key: `e/${sequence}`, event: { type, data, stage, step, ordinal, attempt } as NewRunEvent }));
      // Steps side by side carry the same events: each batch is led by some of the batch before.
      let carried: KeyedEvent[] = [];
      for (let cut = 0; rest.length > 0; cut += 1) {
        const batch = rest.splice(0, cuts[cut % cuts.length]);
        await Promise.all([append(runId, [...carried, ...batch]), append(runId, carried)]);
        carried = batch.slice(overlap === 'all' ? 0 : -1);
      }
      const view = reduceRunEvents(await allRunEvents(rows.db, runId));
      const row = await rows.db.run.findUniqueOrThrow({ where: { id: runId } });
      expect({ status: row.status, waitReason: row.waitReason, cap: row.capReached, headline: row.headline, error: row.error, last: row.lastSequence, input: row.inputTokens, output: row.outputTokens, cost: row.costUsdMicros === null ? null : Number(row.costUsdMicros), started: row.startedAt !== null, ended: row.completedAt !== null })
        .toEqual({ status: view.status, waitReason: view.waitReason, cap: view.capReached, headline: view.headline, error: view.error, last: view.lastSequence, input: view.totals.inputTokens, output: view.totals.outputTokens, cost: view.totals.costUsdMicros, started: view.startedAt !== null, ended: view.completedAt !== null });
    }), { numRuns: 25 });
  });

  it('an execution that was reset does not move the start of the run', async () => {
    const runId = await rows.run();
    await append(runId, [{ key: 't1/1', event: started }]);
    const before = await rows.db.run.findUniqueOrThrow({ where: { id: runId } });
    await append(runId, [line('between')]);
    await append(runId, [{ key: 't2/1', event: started }]);
    const view = reduceRunEvents(await allRunEvents(rows.db, runId));
    const after = await rows.db.run.findUniqueOrThrow({ where: { id: runId } });
    expect(after.startedAt).toEqual(before.startedAt);
    expect(view.startedAt).toBe((await listRunEvents(rows.db, runId, 1, 1))[0]?.at);
  });

  it('streamed text of one call is pruned, and of that call alone', async () => {
    const runId = await rows.run();
    const delta = (step: string, ordinal: number, key: string): KeyedEvent => ({ key, event: { type: 'text-delta', stage: 'test', step, ordinal, attempt: 1, data: { text: key } } });
    await append(runId, [delta('a', 1, 'a1'), delta('a', 2, 'a2'), delta('b', 1, 'b1')]);
    await rows.db.$transaction((tx) => pruneTextDeltas(tx, runId, { stage: 'test', step: 'a', ordinal: 1 }));
    expect(await keysOf(runId)).toEqual(['api/run-queue', 'a2', 'b1']);
    expect(await append(runId, [line('next')])).toBe(5);
  });
});

describe('the start of a run', () => {
  const start = (runId: string, key: string) => appendFirstEvents(rows.db, runId, [{ key, event: started }, line(`${key}/log`)]);

  it('is told to one of many who carry it at the same moment, and to nobody after a reset', async () => {
    const runId = await rows.run();
    const told = await Promise.all(Array.from({ length: 8 }, () => start(runId, 't/1')));
    expect(told.map((one) => one?.started).sort()).toEqual([...Array.from({ length: 7 }, () => false), true]);
    expect([(await start(runId, 'reset/1'))?.started, await start('01990000-0000-7000-8000-00000000dead', 't/1')]).toEqual([false, null]);
  });

  it('is told by nothing else, and not after the end', async () => {
    const runId = await rows.run();
    expect(await appendFirstEvents(rows.db, runId, [line('a')])).toMatchObject({ started: false });
    await closeRun(rows.db, runId, [{ key: 't/run-end', event: ended('failed') }], null);
    expect(await start(runId, 't/1')).toMatchObject({ started: false });
  });
});

describe('the end of a run', () => {
  const close = (runId: string, key = 't/run-end') => closeRun(rows.db, runId, [line(`${key}/log`), { key, event: ended('failed') }], null);

  it('is told to the one who wrote it, with the seconds since the start, and to nobody after', async () => {
    const runId = await rows.run();
    await appendEvents(rows.db, runId, [{ key: 't/1', event: started }]);
    await rows.db.run.update({ where: { id: runId }, data: { startedAt: new Date(Date.now() - 60_000) } });
    const { seconds } = await close(runId) ?? {};
    expect([seconds && seconds >= 60 && seconds < 120, await close(runId), await close(runId, 'reconciler/run-end')]).toEqual([true, null, null]);
    expect(await close('01990000-0000-7000-8000-00000000dead')).toBeNull();
    expect(await close(await rows.run())).toEqual({ seconds: null, inputTokens: 0, outputTokens: 0, costUsdMicros: 0, told: [] });
  });

  it('is told with the tokens and the cost of the whole run', async () => {
    const runId = await rows.run();
    await appendEvents(rows.db, runId, [{ key: 't/1', event: started }]);
    await rows.db.run.update({ where: { id: runId }, data: { inputTokens: 11, outputTokens: 7, costUsdMicros: 42n } });
    expect(await close(runId)).toMatchObject({ inputTokens: 11, outputTokens: 7, costUsdMicros: 42 });
    const unpriced = await rows.run();
    await rows.db.run.update({ where: { id: unpriced }, data: { costUsdMicros: null } });
    expect(await close(unpriced)).toMatchObject({ costUsdMicros: null });
  });

  it('is told to one of many who try at the same moment', async () => {
    const runId = await rows.run();
    const told = await Promise.allSettled(Array.from({ length: 8 }, (_, index) => close(runId, index % 2 === 0 ? 't/run-end' : 'reconciler/run-end')));
    expect(told.filter((one) => one.status === 'fulfilled' && one.value !== null)).toHaveLength(1);
  });

  it('is audited as it was, and not as someone who came after it would have ended it', async () => {
    const runId = await rows.run();
    const end = (key: string, status: 'completed' | 'failed') => closeRun(rows.db, runId, [{ key, event: ended(status) }], runEnded(runId, rows.userId, status, null));
    await end('t/run-end', 'completed');
    await end('reconciler/run-end', 'failed');
    await end('t/run-end', 'completed');
    expect(await rows.db.auditEvent.findMany({ where: { resource: `run/${runId}` }, select: { type: true } })).toEqual([{ type: 'run.completed' }]);
  });
});

it('what a gate shows is stored and hashed as PostgreSQL takes it', async () => {
  const runId = await rows.run();
  const gate = { gateId: 'full.send', kind: 'approval' as const, key: 'send', title: 'Send\0 it', shown: { text: 'a\0b \uD83D' }, role: null, approvers: 1, answers: null, until: new Date(Date.now() + 60_000).toISOString() };
  const { shownHash } = await openGate({ db: rows.db } as ActivityDeps, { runId, userId: rows.userId, slug: 'learn_agentic_ai', before: { keyPrefix: 'x', entries: [] }, stage: 'full', gate });
  expect(await rows.db.approval.findFirst({ where: { runId } })).toMatchObject({ title: 'Send it', shown: { text: 'ab \uFFFD' }, shownHash });
  expect(shownHash).toBe(sha256Hex(canonicalJson({ kind: 'approval', title: 'Send it', shown: { text: 'ab \uFFFD' }, answers: null })));
});

import type { Pool, QueryConfig } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EventWriter } from '#platform/repositories/event-writer';
import { allRunEvents, type KeyedEvent } from '#platform/repositories/run-events';
import { openTestRows, type TestRows } from '../support/rows.ts';
import { ended, started } from '../support/run-log.ts';

let rows: TestRows;
beforeAll(async () => { rows = await openTestRows(); });
afterAll(() => rows.close());

const line = (key: string, message = key): KeyedEvent => ({ key, event: { type: 'log-write', data: { level: 'info', message } } });
const runs = (count: number) => Promise.all(Array.from({ length: count }, () => rows.run()));
const messagesOf = async (runId: string) => (await allRunEvents(rows.db, runId)).flatMap((event) => (event.type === 'log-write' ? [(event.data as { message: string }).message] : []));

/** @returns how many runs each statement had */
function watched(): { writer: EventWriter; statements: number[] } {
  const statements: number[] = [];
  const pool = { query: (config: QueryConfig) => { const [ids] = config.values as [string[]]; statements.push(ids.length); return rows.pool.query(config); } } as unknown as Pool;
  return { writer: new EventWriter(pool, pool), statements };
}

it('what comes while a statement is under way shares the next one, each run in its own order', async () => {
  const ids = await runs(8);
  const { writer, statements } = watched();
  const written = await Promise.all(ids.flatMap((runId) => ['a', 'b', 'c'].map((key) => writer.write({ runId, entries: [line(key)] }))));
  expect(written.map((row) => row?.last)).toEqual(ids.flatMap(() => [2, 3, 4]));
  for (const runId of ids) expect(await messagesOf(runId)).toEqual(['a', 'b', 'c']);
  // The first has nobody to wait for, nor its second beside the first of the others.
  expect(statements).toEqual([1, 8, 8, 7]);
});

it('moves each row by its own events', async () => {
  const [queued = '', running = '', over = ''] = await runs(3);
  const { writer } = watched();
  await writer.write({ runId: over, entries: [{ key: '1', event: started }, { key: 'end', event: ended('completed') }] });
  await Promise.all([
    writer.write({ runId: queued, entries: [line('1')] }), writer.write({ runId: running, entries: [{ key: '1', event: started }] }), writer.write({ runId: over, entries: [{ key: '2', event: started }, line('late')] }),
  ]);
  const found = await rows.db.run.findMany({ where: { id: { in: [queued, running, over] } }, select: { id: true, status: true, lastSequence: true } });
  expect(new Map(found.map(({ id, ...rest }) => [id, rest]))).toEqual(new Map([[queued, { status: 'queued', lastSequence: 2 }], [running, { status: 'validating', lastSequence: 2 }], [over, { status: 'completed', lastSequence: 4 }]]));
});

it('a run that somebody else holds keeps no other waiting, and is written when it is free', async () => {
  const [held = '', ...others] = await runs(4);
  const { writer } = watched();
  const { promise: free, resolve: release } = Promise.withResolvers<void>();
  const { promise: isHeld, resolve: hold } = Promise.withResolvers<void>();
  const holder = rows.db.$transaction(async (tx) => { await tx.$queryRaw`SELECT id FROM runs WHERE id = ${held}::uuid FOR UPDATE`; hold(); await free; }, { timeout: 30_000 });
  await isHeld;
  const done: string[] = [];
  const waits = Promise.all(['x', 'y'].map((key) => writer.write({ runId: held, entries: [line(key)] }).then(() => done.push(key))));
  for (const round of ['a', 'b']) await Promise.all(others.map((runId) => writer.write({ runId, entries: [line(round)] })));
  expect(done).toEqual([]);
  release();
  await Promise.all([holder, waits]);
  expect(await messagesOf(held)).toEqual(['x', 'y']);
  for (const runId of others) expect(await messagesOf(runId)).toEqual(['a', 'b']);
});

it('what the database refuses for one run is written for the others; a run that is gone is told', async () => {
  const [first = '', bad = '', good = ''] = await runs(3);
  const gone = '01990000-0000-7000-8000-00000000dead';
  const { writer, statements } = watched();
  const results = await Promise.allSettled([
    writer.write({ runId: first, entries: [line('1')] }), writer.write({ runId: bad, entries: [line('1', 'no \u0000 in jsonb')] }), writer.write({ runId: good, entries: [line('1')] }), writer.write({ runId: gone, entries: [line('1')] }),
  ]);
  expect(results.map((result) => (result.status === 'fulfilled' ? (result.value?.last ?? null) : (result.reason as { code: string }).code))).toEqual([2, '22P05', 2, null]);
  expect(statements).toEqual([1, 3, 1, 1, 1]);
  await writer.write({ runId: bad, entries: [line('1', 'mended')] });
  expect(await messagesOf(bad)).toEqual(['mended']);
});

it('a lost connection fails all of a statement, and the writer goes on', async () => {
  const [one = '', two = ''] = await runs(2);
  let isLost = true;
  const pool = { query: (config: QueryConfig) => (isLost ? Promise.reject(Object.assign(new Error('Connection terminated unexpectedly'), { code: 'ECONNRESET' })) : rows.pool.query(config)) } as unknown as Pool;
  const writer = new EventWriter(pool, pool);
  const lost = await Promise.allSettled([one, two, one].map((runId) => writer.write({ runId, entries: [line('1')] })));
  expect(lost.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  isLost = false;
  await Promise.all([one, two].map((runId) => writer.write({ runId, entries: [line('1')] })));
  expect(await Promise.all([one, two].map(messagesOf))).toEqual([['1'], ['1']]);
});

it('more runs than a statement takes go in several', async () => {
  const ids = await runs(53);
  const { writer, statements } = watched();
  await Promise.all(ids.map((runId) => writer.write({ runId, entries: [line('1')] })));
  expect(statements).toEqual([1, 50, 2]);
});

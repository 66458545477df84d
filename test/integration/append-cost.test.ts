import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { NewRunEvent } from '#contracts/run-events';
import { uuidv7 } from '#platform/ids';
import { appendEvents } from '#platform/repositories/append-events';
import { pastStageUse } from '#platform/repositories/past-runs';
import { appendRunEvents, type KeyedEvent } from '#platform/repositories/run-events';
import { typicalUse } from '#platform/repositories/typical-use';
import { openTestRows, type TestRows } from '../support/rows.ts';
import { asOwner } from '../support/servers.ts';

/** A young installation with one long run: there the planner takes reading all of a run's events for cheap. */
const EVENTS = 5_000;
let rows: TestRows;
let runId: string;
beforeAll(async () => {
  rows = await openTestRows();
  runId = await rows.run();
  await rows.db.$executeRaw`
    INSERT INTO run_events (run_id, sequence, idempotency_key, type, data)
    SELECT ${runId}::uuid, 1000 + s, 'long' || s, 'log-write', '{}' FROM generate_series(1, ${EVENTS}::int) s`;
  await rows.db.$executeRaw`UPDATE runs SET last_sequence = 1000 + ${EVENTS}::int WHERE id = ${runId}::uuid`;
  await asOwner(rows.url, (client) => client.query('ANALYZE'));
});
afterAll(() => rows.close());

interface Plan { 'Node Type': string; 'Relation Name'?: string; 'Actual Rows': number; 'Rows Removed by Filter'?: number; 'Actual Loops': number; Plans?: Plan[] }
const nodes = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodes)];

/** Events that the statements of `work` read: each is asked again with its values, measured and undone. */
async function eventsRead(work: () => Promise<unknown>): Promise<number> {
  const asked: { text: string; values: unknown[] }[] = [];
  const { query } = pg.Client.prototype;
  pg.Client.prototype.query = function remember(this: pg.Client, ...args: unknown[]) {
    const [first, second] = args as [{ text: string; values?: unknown[] }, unknown[] | undefined];
    if (typeof first === 'object' && /run_events/.test(first.text)) asked.push({ text: first.text, values: first.values ?? second ?? [] });
    return (query as (...all: unknown[]) => unknown).apply(this, args);
  } as typeof query;
  try {
    await work();
  } finally {
    pg.Client.prototype.query = query;
  }
  expect(asked.length).toBeGreaterThan(0);
  let read = 0;
  const client = await rows.pool.connect();
  try {
    for (const { text, values } of asked) {
      await client.query('BEGIN');
      const { rows: [row] } = await client.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(`EXPLAIN (ANALYZE, FORMAT JSON) ${text}`, values);
      await client.query('ROLLBACK');
      const scans = nodes(row?.['QUERY PLAN'][0].Plan as Plan).filter((node) => node['Node Type'].includes('Scan') && node['Relation Name'] === 'run_events');
      read += scans.reduce((sum, node) => sum + (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'], 0);
    }
  } finally {
    client.release();
  }
  return read;
}

const event: NewRunEvent = { type: 'log-write', data: { level: 'info', message: 'x' } };
it.each<[string, (entries: KeyedEvent[]) => Promise<unknown>]>([
  ['in one statement', (entries) => appendEvents(rows.db, runId, entries)],
  ['in a transaction with other writes', (entries) => rows.db.$transaction((tx) => appendRunEvents(tx, runId, entries))],
])(`an event of a run that has ${EVENTS} is written %s without reading the others`, async (_, append) => {
  // What was just written is found again when the statement is asked once more: one a key.
  expect(await eventsRead(() => append([{ key: uuidv7(), event }, { key: uuidv7(), event }]))).toBeLessThanOrEqual(2);
});

it(`an estimate learns from past runs of ${EVENTS} events by a handful of them, typical times too`, async () => {
  const past = await rows.run();
  const at = (type: string, second: number, data: object) => ({ type, at: new Date(Date.UTC(2026, 0, 1, 0, 0, second)), data });
  const told = [at('stage-start', 0, {}), at('wait-start', 10, {}), at('wait-end', 25, {}), at('stage-end', 60, { outcome: 'passed' })];
  for (const [n, { type, at: time, data }] of told.entries()) await rows.db.$executeRaw`INSERT INTO run_events (run_id, sequence, idempotency_key, type, stage, at, data) VALUES (${past}::uuid, ${10 + n}::int, ${type}, ${type}, 'test', ${time}, ${data}::jsonb)`;
  await rows.db.$executeRaw`INSERT INTO run_events (run_id, sequence, idempotency_key, type, data) SELECT ${past}::uuid, 1000 + s, 'past' || s, 'log-write', '{}' FROM generate_series(1, ${EVENTS}::int) s`;
  await rows.db.completion.create({ data: { id: uuidv7(), runId: past, userId: rows.userId, stage: 'test', step: 'plan', ordinal: 1, requestDigest: 'x', provider: 'openai', model: 'gpt-4o-mini', state: 'done', request: [], maxOutputTokens: 100, inputTokens: 70, outputTokens: 30 } });
  await rows.db.run.update({ where: { id: past }, data: { status: 'completed', startedAt: new Date(Date.UTC(2026, 0, 1)), completedAt: new Date(Date.UTC(2026, 0, 1, 0, 1)) } });
  await asOwner(rows.url, (client) => client.query('ANALYZE'));
  const want = { userId: rows.userId, slug: 'learn_agentic_ai', version: 1, provider: 'openai', model: 'gpt-4o-mini' };
  expect(await pastStageUse(rows.db, want)).toEqual([{ stage: 'test', inputs: {}, inputTokens: 70, outputTokens: 30, seconds: 45 }]);
  expect((await typicalUse(rows.db, rows.userId)).get('learn_agentic_ai')).toMatchObject({ runs: 1, seconds: 45 });
  expect(await eventsRead(() => pastStageUse(rows.db, want))).toBeLessThanOrEqual(told.length);
  expect(await eventsRead(() => typicalUse(rows.db, rows.userId))).toBeLessThanOrEqual(told.length);
});

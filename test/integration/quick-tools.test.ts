import type { PoolClient } from 'pg';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { RunView } from '#contracts/run-reducer';
import { startEngine, type Engine } from '../support/engine.ts';
import { activitiesIn } from '../support/history.ts';

/** A tool that is done at once is called within the workflow task. Here the library's table is held, so that it is not. */
let engine: Engine;
let holder: PoolClient | null = null;
beforeAll(async () => { engine = await startEngine(); });
afterEach(() => letGo());
afterAll(() => engine.close());

const hold = async (): Promise<void> => {
  holder = await engine.db.pool.connect();
  await holder.query('BEGIN; LOCK TABLE skill_sections IN ACCESS EXCLUSIVE MODE');
};
const letGo = async (): Promise<void> => {
  const held = holder;
  holder = null;
  await held?.query('ROLLBACK');
  held?.release();
};
const called = (view: RunView): boolean => view.stages.some(({ steps }) => steps.some(({ tools }) => tools.length > 0));

it('one that takes longer becomes an activity with tries of its own; the log has one call and one result', async () => {
  await hold();
  const { runId, handle } = await engine.start();
  await engine.until(runId, called);
  expect(await activitiesIn(handle)).not.toContain('runTool');
  await expect.poll(() => activitiesIn(handle), { timeout: 8_000 }).toContain('runTool');
  await letGo();
  const { status, error } = await engine.finished(runId);
  expect([status, error]).toEqual(['completed', null]);
  const log = await engine.db.runEvent.groupBy({ by: ['type', 'step', 'ordinal'], where: { runId, type: { in: ['tool-call', 'tool-result'] } }, _count: true, orderBy: [{ step: 'asc' }, { type: 'asc' }] });
  expect(log.every(({ _count }) => _count === 1)).toBe(true);
  expect(log.filter(({ step }) => step === 'survey').map(({ type }) => type)).toEqual(['tool-call', 'tool-result']);
});

it('a cancel that meets one ends the run, though the tool never ends', async () => {
  await hold();
  const { runId, handle } = await engine.start();
  await engine.until(runId, called);
  await handle.cancel();
  expect((await engine.until(runId, ({ completedAt }) => completedAt !== null)).status).toBe('cancelled');
});

it('the worker\'s connections plan a statement once, and still are not those of an owner', async () => {
  const { pool } = engine.runner.deps.db;
  expect((await pool.query('SELECT current_setting($1) AS plans, current_user AS role', ['plan_cache_mode'])).rows).toEqual([{ plans: 'force_generic_plan', role: 'awp_app' }]);
  expect((await engine.db.pool.query('SELECT current_setting($1) AS plans', ['plan_cache_mode'])).rows).toEqual([{ plans: 'auto' }]);
});

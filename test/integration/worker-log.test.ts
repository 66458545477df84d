import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { providerData } from '#platform/provider-catalog';
import type { LogLine } from '../support/captured-log.ts';
import { GOAL, startEngine, type Engine } from '../support/engine.ts';

const lines: LogLine[] = [];
let engine: Engine;
beforeAll(async () => { engine = await startEngine({ LOG_LEVEL: 'info' }, { log: { write: (line) => { lines.push(JSON.parse(line) as LogLine); } } }); });
afterEach(() => engine.simulator.reset());
afterAll(() => engine.close());

const linesOf = (runId: string): LogLine[] => lines.filter((line) => line['run_id'] === runId);
const labels = (): LogLine => ({ workflow_id: 'learn_agentic_ai', run_mode: 'test_run', provider: 'demo', model: providerData(engine.config, 'demo').defaultModel });

it('a run is one line when it starts and one when it ends, found by its id, with what it took and none of its words', async () => {
  const { runId } = await engine.start({ mode: 'test_run' });
  await engine.finished(runId);
  const row = await engine.db.run.findUniqueOrThrow({ where: { id: runId } });
  const own = linesOf(runId);
  expect(own.map((line) => [line['level'], line['msg']])).toEqual([['info', 'run started'], ['info', 'run ended']]);
  for (const line of own) expect(line).toMatchObject(labels());
  expect(own[1]).toMatchObject({ status: 'completed', input_tokens: row.inputTokens, output_tokens: row.outputTokens, cost_usd_micros: Number(row.costUsdMicros), seconds: expect.any(Number) as number });
  expect(JSON.stringify(own)).not.toContain(GOAL);
});

it('every line between is of the run too, and a failed run is no error of the worker', async () => {
  engine.simulator.addFaults({ fault: { kind: 'status', status: 401 }, nth: 1, times: 99 });
  const { runId } = await engine.start({ mode: 'test_run' });
  await engine.finished(runId);
  const own = linesOf(runId);
  for (const line of own) expect(line).toMatchObject(labels());
  expect(own.filter((line) => line['level'] === 'error')).toEqual([]);
  expect(own.at(-1)).toMatchObject({ msg: 'run ended', status: 'failed', code: 'ProviderAuthentication' });
});

it('what an activity meets and nobody foresaw stands in the log with the run it was, as its failure says', async () => {
  const { storage } = engine.runner.deps;
  const save = vi.spyOn(storage, 'put').mockRejectedValueOnce(new TypeError('x is not a function'));
  const { runId } = await engine.start({ mode: 'test_run' });
  await engine.finished(runId);
  save.mockRestore();
  expect(linesOf(runId).filter((line) => line['level'] === 'error')).toContainEqual(expect.objectContaining({ ...labels(), err: expect.objectContaining({ message: 'x is not a function' }) as unknown }));
});

it('a run that was ended from outside Temporal has one line about its end, however often the reconciler comes by', async () => {
  engine.simulator.addFaults({ fault: { kind: 'hang' }, match: { requestId: '*' }, times: 0 });
  const { runId, handle } = await engine.start({ mode: 'test_run' });
  await engine.simulator.until((counters) => counters.inFlight === 1);
  await handle.terminate('from outside');
  await engine.db.run.update({ where: { id: runId }, data: { createdAt: new Date(Date.now() - 60_000) } });
  const reconcile = () => engine.runner.deps.temporal.workflow.execute('reconcileRuns', { workflowId: `reconcile-${randomUUID()}`, taskQueue: engine.taskQueue, args: [] });
  await Promise.all([reconcile(), reconcile()]);
  const ends = linesOf(runId).filter((line) => line['msg'] === 'run ended');
  expect(ends).toEqual([expect.objectContaining({ ...labels(), status: 'failed', code: 'Internal' })]);
});

import { WorkflowNotFoundError } from '@temporalio/client';
import { MockActivityEnvironment } from '@temporalio/testing';
import { Registry } from 'prom-client';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { createMetrics } from '#activities/metrics';
import { reconcileRuns, type Reconciled } from '#activities/reconcile-runs';
import { uuidv7 } from '#platform/ids';
import { runEnded } from '#platform/repositories/audit';
import { closeRun } from '#platform/repositories/close-run';
import { insertDecision } from '#platform/repositories/run-decisions';
import { capturedLog, type LogLine } from '../support/captured-log.ts';
import { openTestRows, type TestRows } from '../support/rows.ts';
import { ended } from '../support/run-log.ts';

/** What Temporal says of each execution is told by the test: hundreds that stand for days, and one that cannot be asked. */
let rows: TestRows;
beforeAll(async () => { rows = await openTestRows(); });
afterEach(async () => { await rows.db.run.deleteMany(); });
afterAll(() => rows.close());

let executions: Map<string, string | Error>;
let asked: string[];
let log: ReturnType<typeof capturedLog>;
let updates: string[];
/** what happens while Temporal is asked */
let onDescribe: () => Promise<unknown>;
beforeEach(() => { executions = new Map(); asked = []; log = capturedLog(); updates = []; onDescribe = () => Promise.resolve(); });

const temporal = {
  withDeadline: (_at: number, work: () => Promise<unknown>) => work(),
  workflow: {
    getHandle: (id: string) => ({
      describe: async () => {
        asked.push(id);
        await onDescribe();
        const state = executions.get(id);
        if (state instanceof Error) throw state;
        if (!state) throw new WorkflowNotFoundError('not there', id, undefined);
        return { status: { name: state } };
      },
      cancel: () => Promise.resolve(),
      executeUpdate: () => { updates.push(id); return Promise.resolve(); },
    }),
    start: (_type: string, { workflowId }: { workflowId: string }) => { executions.set(workflowId, 'RUNNING'); return Promise.resolve(); },
  },
};
const deps = () => ({ db: rows.db, temporal, metrics: createMetrics(new Registry()), config: { WORKER_TASK_QUEUE: 'workflows' }, logger: log.logger }) as never;
const turn = (options?: Parameters<typeof reconcileRuns>[1], environment = new MockActivityEnvironment()) => environment.run<[], Reconciled, () => Promise<Reconciled>>(() => reconcileRuns(deps(), options));

/** @param secondsOld  the larger, the earlier it was accepted */
async function run(status: string, execution: string | Error | null, secondsOld: number): Promise<string> {
  const id = await rows.run();
  await rows.db.run.update({ where: { id }, data: { status, createdAt: new Date(Date.now() - secondsOld * 1000), updatedAt: new Date(Date.now() - secondsOld * 1000), request: { runId: id, slug: 'learn_agentic_ai', mode: 'test_run', provider: 'openai', userId: rows.userId } } });
  if (execution !== null) executions.set(id, execution);
  return id;
}
const LABELS = { workflow_id: 'learn_agentic_ai', run_mode: 'test_run', provider: 'openai', model: 'gpt-4o-mini' };
const byLevel = (): LogLine[] => log.lines.toSorted((one, other) => String(one['level']).localeCompare(String(other['level'])));
const statusOf = async (id: string) => (await rows.db.run.findUniqueOrThrow({ where: { id } })).status;

async function decide(runId: string): Promise<void> {
  const id = uuidv7();
  await rows.db.$transaction((tx) => insertDecision(tx, { id, runId, waitId: 'budget-1', decidedBy: rows.userId, updateName: 'raiseBudgetUpdate', payload: {} }));
  await rows.db.runDecision.update({ where: { id }, data: { createdAt: new Date(Date.now() - 60_000) } });
}

it('runs that wait for days keep nobody from those behind them', async () => {
  for (let n = 0; n < 7; n += 1) await run('waiting', 'RUNNING', 5000 - n);
  const terminated = await run('running', 'TERMINATED', 60);
  const unstarted = await run('queued', null, 30);
  expect(await turn({ page: 2 })).toEqual({ started: 1, ended: 1, resent: 0, woken: 0, failed: 0 });
  expect([await statusOf(terminated), executions.get(unstarted)]).toEqual(['failed', 'RUNNING']);
  expect(new Set(asked).size).toBe(9);
  expect(await turn({ page: 2 })).toEqual({ started: 0, ended: 0, resent: 0, woken: 0, failed: 0 });
});

it('a run that cannot be asked after is told in the log; the others and the decisions get their turn', async () => {
  const broken = await run('running', new Error('14 UNAVAILABLE'), 90);
  const terminated = await run('running', 'TERMINATED', 60);
  await decide(broken);
  expect(await turn()).toEqual({ started: 0, ended: 1, resent: 1, woken: 0, failed: 1 });
  expect([await statusOf(broken), await statusOf(terminated), updates]).toEqual(['running', 'failed', [broken]]);
  expect(byLevel()).toMatchObject([{ level: 'error', ...LABELS, run_id: broken, err: { message: '14 UNAVAILABLE' } }, { level: 'info', ...LABELS, run_id: terminated, msg: 'run ended', status: 'failed', code: 'Internal' }, { level: 'warn', ...LABELS, run_id: terminated, state: 'terminated' }]);
});

it('a run that ends by itself while it is looked at is ended, audited and told by nobody else', async () => {
  const id = await run('running', 'COMPLETED', 60);
  onDescribe = () => closeRun(rows.db, id, [{ key: 't/run-end', event: ended('completed') }], runEnded(id, rows.userId, 'completed', null));
  expect(await turn()).toEqual({ started: 0, ended: 0, resent: 0, woken: 0, failed: 0 });
  expect(await rows.db.auditEvent.findMany({ where: { resource: `run/${id}` }, select: { type: true } })).toEqual([{ type: 'run.completed' }]);
  expect([await statusOf(id), log.lines]).toEqual(['completed', []]);
});

it('decisions that nobody takes keep nobody from those behind them', async () => {
  const waiting = await Promise.all(Array.from({ length: 5 }, (_, n) => run('waiting', 'RUNNING', 500 + n)));
  for (const id of waiting) await decide(id);
  expect(await turn({ page: 2 })).toMatchObject({ resent: 5 });
  expect(updates.sort()).toEqual([...waiting].sort());
});

it('an attempt whose time is over is followed by one that goes on where it stopped', async () => {
  const ids: string[] = [];
  for (let n = 0; n < 40; n += 1) ids.push(await run('waiting', 'RUNNING', 500 - n));
  const beats: unknown[] = [];
  const first = new MockActivityEnvironment();
  first.on('heartbeat', (details) => beats.push(details));
  const { now } = performance;
  // Ten rows take the whole time.
  performance.now = () => asked.length * 10;
  try {
    await expect(turn({ page: 20, attemptMs: 100 }, first)).rejects.toMatchObject({ type: 'ServiceUnavailable', nonRetryable: false });
    const before = asked.length;
    expect(before).toBeLessThan(20);
    await expect(turn({ page: 20, attemptMs: 400 }, new MockActivityEnvironment({ attempt: 2, heartbeatDetails: beats.at(-1) }))).resolves.toMatchObject({ failed: 0 });
  } finally {
    performance.now = now;
  }
  expect(asked).toHaveLength(40);
  expect([...asked].sort()).toEqual([...ids].sort());
});

it('a turn that is cancelled asks no further', async () => {
  for (let n = 0; n < 30; n += 1) await run('waiting', 'RUNNING', 500 - n);
  const environment = new MockActivityEnvironment();
  environment.on('heartbeat', () => environment.cancel());
  await expect(turn({ page: 10 }, environment)).rejects.toMatchObject({ name: 'CancelledFailure' });
  expect(asked).toHaveLength(10);
});

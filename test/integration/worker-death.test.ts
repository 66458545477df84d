import { randomUUID } from 'node:crypto';
import { Context } from '@temporalio/activity';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { NativeConnection, Worker } from '@temporalio/worker';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { deliverDecision } from '#platform/deliver-decision';
import { allRunEvents } from '#platform/repositories/run-events';
import { insertDecision } from '#platform/repositories/run-decisions';
import { simulatorEnvironment, startEngine, type Engine } from '../support/engine.ts';
import { startProcess, type ProcessUnderTest } from '../support/worker-process.ts';

let engine: Engine;
const workers: ProcessUnderTest[] = [];
beforeAll(async () => { engine = await startEngine(); });
afterEach(async () => { await Promise.all(workers.splice(0).map((worker) => worker.kill())); engine.simulator.reset(); });
afterAll(() => engine.close());

async function startWorker(taskQueue: string, extra: Record<string, string> = {}): Promise<ProcessUnderTest> {
  const { config } = engine;
  const worker = await startProcess('worker/main.ts', {
    AWP_HOME: config.home, DATABASE_URL: config.DATABASE_URL ?? '', TEMPORAL_ADDRESS: config.TEMPORAL_ADDRESS, AWP_MASTER_KEY: config.AWP_MASTER_KEY ?? '', AWP_RETRY_BASE_MS: '20', LOG_LEVEL: 'warn',
    WORKER_TASK_QUEUE: taskQueue, ...simulatorEnvironment(engine.simulator.url), ...extra,
  });
  workers.push(worker);
  return worker;
}

it('kill -9 in the middle of a model call: finished steps are not called again, the cut call is possibly billed', async () => {
  const taskQueue = `death-${randomUUID()}`;
  engine.simulator.addFaults({ fault: { kind: 'hang', afterFrames: 2 }, match: { requestId: '*' }, nth: 3 });
  const first = await startWorker(taskQueue);
  const { runId } = await engine.start({ provider: 'openai', taskQueue, timings: { heartbeatTimeoutMs: 3_000, callTimeoutMs: 60_000 } });
  await engine.simulator.until((counters) => counters.total === 3 && counters.inFlight === 1);
  await first.kill('SIGKILL');
  await startWorker(taskQueue);
  const view = await engine.finished(runId);

  expect(view.status).toBe('completed');
  expect(view.totals.possiblyBilled).toBe(1);
  const counts = Object.entries(engine.simulator.counters().byRequestId).filter(([id]) => id.startsWith(runId));
  expect(counts.filter(([, count]) => count > 1).map(([id, count]) => [id.replace(`${runId}/`, ''), count])).toEqual([['test/note-1/1', 2]]);
  const attempts = await engine.db.completionAttempt.findMany({ where: { completion: { runId, step: 'note-1' } }, orderBy: { attempt: 'asc' } });
  expect(attempts.map((attempt) => attempt.state)).toEqual(['possibly_billed', 'done']);
  expect(Number(attempts[0]?.worstCostUsdMicros)).toBeGreaterThan(0);
  expect(JSON.parse(await engine.readArtifact(runId, 'metadata.json'))).toMatchObject({ totals: { possibly_billed: 1 }, possibly_billed: [{ call: 'test/note-1/1', attempt: 1, state: 'possibly_billed' }] });
});

it('a worker that is told to stop lets its call finish in place', async () => {
  const taskQueue = `drain-${randomUUID()}`;
  engine.simulator.addFaults({ fault: { kind: 'latency', ms: 800 }, match: { requestId: '*' }, nth: 2 });
  const first = await startWorker(taskQueue, { WORKER_SHUTDOWN_GRACE_MS: '20000' });
  const { runId } = await engine.start({ provider: 'openai', taskQueue });
  await engine.simulator.until((counters) => counters.total === 2 && counters.inFlight === 1);
  const stopped = first.kill('SIGTERM');
  await startWorker(taskQueue);
  await stopped;
  const view = await engine.finished(runId);
  expect(view.status).toBe('completed');
  expect(view.totals).toMatchObject({ possiblyBilled: 0, retries: 0 });
  expect(Object.values(engine.simulator.counters().byRequestId).every((count) => count === 1)).toBe(true);
});

/** Payloads are encrypted, and what they say is of no interest here. */
const unread = { encode: (payloads: Payload[]) => Promise.resolve(payloads), decode: (payloads: Payload[]) => Promise.resolve(payloads.map(() => defaultPayloadConverter.toPayload(null))) };
/** A worker that takes the call on its way and is told to stop at once, as Temporal sees it. */
async function stopInTheCall(connection: NativeConnection): Promise<void> {
  const { promise: taken, resolve: take } = Promise.withResolvers<void>();
  const worker = await Worker.create({ connection, taskQueue: engine.taskQueue, shutdownGraceTime: 1, dataConverter: { payloadCodecs: [unread] }, activities: { complete: async () => { take(); await Context.current().cancelled; } } });
  const running = worker.run();
  await taken;
  worker.shutdown();
  await running;
}

it('a call that twelve stops in a row cut is made once more, and its run completes: what stops a worker uses up no tries', async () => {
  engine.simulator.addFaults({ fault: { kind: 'hang', afterFrames: 2 }, match: { requestId: '*' }, nth: 1 });
  const { runId } = await engine.start({ provider: 'openai', timings: { retryBaseMs: 1, callTimeoutMs: 60_000 } });
  await engine.simulator.until((counters) => counters.inFlight === 1);
  await engine.stopWorker();
  const connection = await NativeConnection.connect({ address: engine.config.TEMPORAL_ADDRESS });
  for (let stop = 2; stop <= 12; stop += 1) await stopInTheCall(connection);
  await connection.close();
  await engine.startWorker();
  expect(await engine.finished(runId)).toMatchObject({ status: 'completed', error: null, totals: { retries: 0, possiblyBilled: 1 } });
  const tries = await engine.db.completionAttempt.findMany({ where: { completion: { runId, step: 'diagnose' } }, orderBy: { attempt: 'asc' } });
  // It had been asked, so the one that the first stop cut may be on the bill.
  expect(tries.map(({ state }) => state)).toEqual(['possibly_billed', 'done']);
  expect(Number(tries[0]?.worstCostUsdMicros)).toBeGreaterThan(0);
  expect(JSON.parse(await engine.readArtifact(runId, 'metadata.json'))).toMatchObject({ totals: { possibly_billed: 1 } });
  expect((await allRunEvents(engine.db, runId)).flatMap((event) => (event.type === 'completion-retry' ? [event.data] : []))).toEqual([{ code: 'WorkerStopped', detail: 'its worker was stopped or given up', wait_ms: null, possibly_billed_attempts: 1 }]);
});

it('kill -9 while a run waits for its budget: the wait goes on, and the raise reaches the next worker', async () => {
  const taskQueue = `waiting-${randomUUID()}`;
  const first = await startWorker(taskQueue);
  const { runId } = await engine.start({ mode: 'full_run', provider: 'openai', taskQueue, caps: { costUsdMicros: 18_000 }, fullCaps: { costUsdMicros: 18_000 }, timings: { budgetWaitMs: 120_000 } });
  await engine.until(runId, (view) => view.status === 'waiting', 60_000);
  await first.kill('SIGKILL');
  await startWorker(taskQueue);
  const id = randomUUID();
  const decision = { id, runId, waitId: 'budget-1', decidedBy: engine.userId, updateName: 'raiseBudgetUpdate', payload: { decisionId: id, waitId: 'budget-1', costUsdMicros: 1_000_000, by: 'Test' } };
  await engine.db.$transaction((tx) => insertDecision(tx, decision));
  expect(await deliverDecision(engine.db, engine.runner.deps.temporal, decision, 60_000)).toEqual({ state: 'delivered' });
  const view = await engine.finished(runId);
  expect(view).toMatchObject({ status: 'completed', budgetUsdMicros: 1_000_000, totals: { possiblyBilled: 0 } });
  expect(Object.entries(engine.simulator.counters().byRequestId).filter(([id, count]) => id.startsWith(runId) && count > 1)).toEqual([]);
});

it('kill -9 while a run waits for a yes: the question stands, and the decision reaches the next worker', async () => {
  const taskQueue = `gate-${randomUUID()}`;
  const first = await startWorker(taskQueue);
  const { runId } = await engine.start({ mode: 'full_run', provider: 'openai', taskQueue, input: { learning_goal: 'Ask before you begin with the whole of it' }, request: { fullApproval: { approvers: 1, role: 'admin' } } });
  const { gates: [gate] } = await engine.until(runId, (view) => view.waits.some((wait) => wait.waitId === 'full.full-run'), 60_000);
  await first.kill('SIGKILL');
  await startWorker(taskQueue);
  const id = randomUUID();
  const payload = { decisionId: id, gateId: 'full.full-run', shownHash: gate?.shownHash, by: { id: randomUUID(), name: 'Approver' }, decision: 'approve', reason: null };
  const decision = { id, runId, waitId: 'full.full-run', decidedBy: payload.by.id, updateName: 'decideGateUpdate', payload };
  await engine.db.$transaction((tx) => insertDecision(tx, decision));
  expect(await deliverDecision(engine.db, engine.runner.deps.temporal, decision, 60_000)).toEqual({ state: 'delivered' });
  const view = await engine.finished(runId);
  expect(view).toMatchObject({ status: 'completed', totals: { possiblyBilled: 0 }, gates: [{ gateId: 'full.full-run', outcome: 'approved', decisions: [{ by: 'Approver' }] }] });
  expect(Object.entries(engine.simulator.counters().byRequestId).filter(([call, count]) => call.startsWith(runId) && count > 1)).toEqual([]);
});

it('a run that is cancelled after its worker was killed under a call tells that call as possibly billed, though nobody makes it again', async () => {
  const taskQueue = `cut-${randomUUID()}`;
  engine.simulator.addFaults({ fault: { kind: 'hang', afterFrames: 2 }, match: { requestId: '*' }, nth: 2 });
  const first = await startWorker(taskQueue);
  // Until Temporal would have the call made again there is time for the cancel.
  const { runId, handle } = await engine.start({ provider: 'openai', taskQueue, timings: { heartbeatTimeoutMs: 3_000, callTimeoutMs: 60_000, retryBaseMs: 20_000 } });
  await engine.simulator.until((counters) => counters.total === 2 && counters.inFlight === 1);
  await startWorker(taskQueue);
  await first.kill('SIGKILL');
  await handle.cancel();
  expect(await engine.finished(runId)).toMatchObject({ status: 'cancelled', totals: { possiblyBilled: 1 } });
  const open = await engine.db.completionAttempt.findMany({ where: { completion: { runId }, state: { not: 'done' } } });
  expect(open).toMatchObject([{ state: 'possibly_billed', errorDetail: 'its run ended while it was under way' }]);
  expect(Number(open[0]?.worstCostUsdMicros)).toBeGreaterThan(0);
  expect(JSON.parse(await engine.readArtifact(runId, 'metadata.json'))).toMatchObject({ totals: { possibly_billed: 1 }, possibly_billed: [{ state: 'possibly_billed', worst_cost_usd_micros: Number(open[0]?.worstCostUsdMicros) }] });
});

it('an execution terminated in Temporal is closed by the reconciler', async () => {
  engine.simulator.addFaults({ fault: { kind: 'hang' }, match: { requestId: '*' }, times: 0 });
  const { runId, handle } = await engine.start({ provider: 'openai' });
  await engine.simulator.until((counters) => counters.inFlight === 1);
  await handle.terminate('from outside');
  await engine.db.run.update({ where: { id: runId }, data: { createdAt: new Date(Date.now() - 60_000) } });
  const reconciled = await engine.runner.deps.temporal.workflow.execute('reconcileRuns', { workflowId: `reconcile-${randomUUID()}`, taskQueue: engine.taskQueue, args: [] });
  expect(reconciled).toMatchObject({ ended: 1 });
  expect(await engine.view(runId)).toMatchObject({ status: 'failed', error: { code: 'Internal', detail: 'The execution was terminated from outside, in Temporal.' }, totals: { possiblyBilled: 1 } });
});

it('a cancel that Temporal did not hear is passed on by the reconciler', async () => {
  engine.simulator.addFaults({ fault: { kind: 'hang' }, match: { requestId: '*' }, times: 0 });
  const { runId } = await engine.start({ provider: 'openai' });
  await engine.simulator.until((counters) => counters.inFlight === 1);
  await engine.db.run.update({ where: { id: runId }, data: { createdAt: new Date(Date.now() - 60_000), cancelRequestedAt: new Date() } });
  await engine.runner.deps.temporal.workflow.execute('reconcileRuns', { workflowId: `reconcile-${randomUUID()}`, taskQueue: engine.taskQueue, args: [] });
  expect(await engine.finished(runId)).toMatchObject({ status: 'cancelled' });
});

import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { startFaultRig, type FaultRig } from '../support/fault-rig.ts';

/** Faults F2, F3, F4, F22 of the fault matrix and their neighbours: the worker dies or loses one of its wires. F1 (kill in the
 * middle of a call) and F5, F8, F9 (API, Temporal, PostgreSQL killed) are in test/integration/{worker-death,outages}.test.ts. */
let rig: FaultRig;
beforeAll(async () => { rig = await startFaultRig(); });
afterEach(() => rig.settle());
afterAll(() => rig.close());

const bought = (runId: string) => Object.entries(rig.engine.simulator.counters().byRequestId).filter(([id]) => id.startsWith(runId)).map(([id, count]) => [id.slice(runId.length + 1), count] as const);
const twice = (runId: string) => bought(runId).filter(([, count]) => count > 1);
/** A busy machine is no fault. */
const PATIENCE = 60_000;
const FULL = process.env['FAULTS'] === 'full';
const THIRD = 'test/note-1/1';
/** the third model call of a Test takes this long */
const slowThird = (ms: number) => rig.engine.simulator.addFaults({ fault: { kind: 'latency', ms }, match: { requestId: '*' }, nth: 3 });
const inThird = () => rig.engine.simulator.until((counters) => counters.total === 3 && counters.inFlight === 1, PATIENCE);
const thirdDone = () => rig.engine.simulator.until((counters) => counters.total === 3 && counters.inFlight === 0, PATIENCE);

describe('F2 · killed between the provider\'s answer and its record', () => {
  it('buys that one call again, shows the first as possibly billed, and loses nothing else', async () => {
    slowThird(400);
    const first = await rig.worker();
    const { runId } = await rig.start();
    await inThird();
    await rig.wires.postgres.cut();
    await thirdDone();
    await first.kill('SIGKILL');
    await rig.wires.postgres.mend();
    await rig.worker();
    expect(await rig.engine.finished(runId)).toMatchObject({ status: 'completed', totals: { possiblyBilled: 1 } });
    expect(twice(runId)).toEqual([[THIRD, 2]]);
    const attempts = await rig.engine.db.completionAttempt.findMany({ where: { completion: { runId, step: 'note-1' } }, orderBy: { attempt: 'asc' } });
    expect(attempts.map((attempt) => attempt.state)).toEqual(['possibly_billed', 'done']);
  });

  it('but a worker that lives keeps the answer until the database is back, and buys nothing twice', async () => {
    slowThird(400);
    await rig.worker();
    const { runId } = await rig.start();
    await inThird();
    await rig.wires.postgres.cut();
    await thirdDone();
    await rig.wires.postgres.mend();
    expect(await rig.engine.finished(runId)).toMatchObject({ status: 'completed', totals: { possiblyBilled: 0 } });
    expect(twice(runId)).toEqual([]);
  });
});

describe('F3 · no worker at all', () => {
  it('runs that were accepted meanwhile wait, and all complete when one comes', async () => {
    const started = await Promise.all(Array.from({ length: 6 }, () => rig.start()));
    for (const { runId } of started) expect((await rig.engine.view(runId)).status).toBe('queued');
    await rig.worker();
    for (const { runId } of started) expect((await rig.engine.finished(runId)).status).toBe('completed');
  });
});

describe('F4 · rolling restart under load', () => {
  it('no run fails, and no call is bought twice', async () => {
    const count = FULL ? 100 : 6;
    rig.engine.simulator.addFaults({ fault: { kind: 'latency', ms: 150 }, match: { requestId: '*' }, times: 0 });
    const first = await rig.worker({ WORKER_SHUTDOWN_GRACE_MS: '20000' });
    const started: Awaited<ReturnType<FaultRig['start']>>[] = [];
    // In groups: this process has eight connections, and its own waiting for one is no part of the fault.
    while (started.length < count) started.push(...await Promise.all(Array.from({ length: Math.min(5, count - started.length) }, () => rig.start({ caps: { seconds: 600 } }))));
    await rig.engine.simulator.until((counters) => counters.total >= count / 2, PATIENCE);
    const stopped = first.kill('SIGTERM');
    await rig.worker();
    await stopped;
    for (const { runId } of started) {
      expect(await rig.engine.finished(runId)).toMatchObject({ status: 'completed', totals: { possiblyBilled: 0 } });
      expect(twice(runId)).toEqual([]);
    }
  }, 600_000);
});

describe('F22 · the wire to Temporal', () => {
  it('cut while an answer is on its way: the answer is kept and reported when the wire is back', async () => {
    slowThird(600);
    await rig.worker();
    const { runId } = await rig.start({ timings: { heartbeatTimeoutMs: 30_000 } });
    await inThird();
    await rig.wires.temporal.cut();
    await thirdDone();
    await vi.waitFor(async () => { expect(await rig.engine.db.completion.count({ where: { runId, step: 'note-1', state: 'done' } })).toBe(1); }, { timeout: PATIENCE });
    await rig.wires.temporal.mend();
    expect((await rig.engine.finished(runId)).status).toBe('completed');
    expect(twice(runId)).toEqual([]);
  });

  it.runIf(FULL)('cut for longer than the heartbeat: another worker goes on from the ledger, the late one changes nothing', async () => {
    slowThird(1_000);
    await rig.worker();
    const { runId } = await rig.start({ timings: { heartbeatTimeoutMs: 1_500 } });
    await inThird();
    await rig.wires.temporal.cut();
    await thirdDone();
    const second = await rig.worker({ TEMPORAL_ADDRESS: rig.engine.config.TEMPORAL_ADDRESS });
    expect((await rig.engine.finished(runId)).status).toBe('completed');
    await rig.wires.temporal.mend();
    await second.kill('SIGTERM');
    // In the ledger: at most the cut call was tried twice, and one answer stands.
    expect(twice(runId).every(([call]) => call === THIRD)).toBe(true);
    expect(await rig.engine.db.artifact.count({ where: { runId, fileName: 'notes.md' } })).toBe(1);
  });

  it.runIf(FULL)('a worker frozen by SIGSTOP and woken again neither repeats nor doubles anything', async () => {
    slowThird(500);
    const frozen = await rig.worker();
    const { runId } = await rig.start({ timings: { heartbeatTimeoutMs: 1_500 } });
    await inThird();
    frozen.child.kill('SIGSTOP');
    await rig.worker();
    const view = await rig.engine.finished(runId);
    frozen.child.kill('SIGCONT');
    expect(view.status).toBe('completed');
    expect(twice(runId).every(([call]) => call === THIRD)).toBe(true);
    await vi.waitFor(async () => { expect(await rig.engine.db.completionAttempt.count({ where: { completion: { runId }, state: 'in_flight' } })).toBe(0); }, { timeout: PATIENCE });
  });

  it('slow as a bad line, and reset now and then: the run completes', async () => {
    await rig.worker();
    const { runId } = await rig.start({ timings: { heartbeatTimeoutMs: 20_000 }, caps: { seconds: 300 } });
    rig.wires.temporal.slow(60_000);
    await rig.engine.simulator.until((counters) => counters.total >= 1, PATIENCE);
    rig.wires.temporal.reset();
    rig.wires.postgres.reset();
    await rig.wires.temporal.mend();
    expect((await rig.engine.finished(runId)).status).toBe('completed');
  });
});

describe('the wire to the provider', () => {
  it.each(FULL ? ['cut', 'reset', 'stall'] as const : ['cut'] as const)('%s in the middle of an answer: that try is discarded, the call is made again', async (fault) => {
    rig.engine.simulator.addFaults({ fault: { kind: 'hang', afterFrames: 3 }, match: { requestId: '*' }, nth: 3 });
    await rig.worker();
    const { runId } = await rig.start({ timings: { callTimeoutMs: fault === 'stall' ? 2_000 : 20_000 } });
    await inThird();
    await rig.wires.provider[fault]();
    await vi.waitFor(async () => { expect((await rig.engine.view(runId)).totals.retries).toBeGreaterThan(0); }, { timeout: PATIENCE, interval: 10 });
    await rig.wires.provider.mend();
    const view = await rig.engine.finished(runId);
    expect(view.status).toBe('completed');
    expect(view.stages.at(-1)?.steps.find((step) => step.step === 'note-1')?.completions[0]).toMatchObject({ status: 'done' });
    expect(view.totals.possiblyBilled).toBeGreaterThan(0);
  });
});

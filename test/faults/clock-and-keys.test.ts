import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { randomBytes } from 'node:crypto';
import { allRunEvents } from '#platform/repositories/run-events';
import { startFaultRig, type FaultRig } from '../support/fault-rig.ts';

/** Faults F16, F24 and F26 of the fault matrix: a key that is revoked in the middle, clocks that disagree, a master key that is another one. */
let rig: FaultRig;
beforeAll(async () => { rig = await startFaultRig(); });
afterEach(() => rig.settle());
afterAll(() => rig.close());

const HOUR = 3_600_000;
/** A process whose Date runs so much beside the machine's. */
const shifted = (ms: number) => ({ NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(`const Real = Date; globalThis.Date = class extends Real { constructor(...given) { if (given.length === 0) super(Real.now() + ${ms}); else super(...given); } static now() { return Real.now() + ${ms}; } };`)}` });

describe('F24 · clocks an hour apart', () => {
  it.each([['fast, then slow', HOUR, -HOUR], ['slow, then fast', -HOUR, HOUR]] as const)('%s: the run completes, and no time in row, log, ledger or files goes backwards', async (_, first, second) => {
    rig.engine.simulator.addFaults({ fault: { kind: 'latency', ms: 500 }, match: { requestId: '*' }, nth: 3 });
    const early = await rig.worker(shifted(first));
    const { runId } = await rig.start();
    await rig.engine.simulator.until((counters) => counters.total === 3 && counters.inFlight === 1, 60_000);
    await early.kill('SIGTERM');
    await rig.worker(shifted(second));
    expect((await rig.engine.finished(runId)).status).toBe('completed');

    const now = Date.now() + 5_000;
    const run = await rig.engine.db.run.findUniqueOrThrow({ where: { id: runId }, include: { artifacts: true, completions: { include: { attempts: true } } } });
    const order = [run.createdAt, run.startedAt, run.completedAt].map((time) => time?.getTime() ?? 0);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(order.at(-1)).toBeLessThan(now);
    const events = await allRunEvents(rig.engine.db, runId);
    const times = events.map((event) => Date.parse(event.at));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    for (const event of events) if (event.type === 'completion-end') expect(event.data.duration_ms).toBeGreaterThanOrEqual(0);
    for (const { createdAt, completedAt, attempts } of run.completions) {
      expect(completedAt?.getTime()).toBeLessThan(now);
      for (const attempt of attempts) expect((attempt.endedAt?.getTime() ?? 0) - createdAt.getTime()).toBeGreaterThanOrEqual(0);
    }
    // Thirty days of the database's time, whoever wrote the file.
    for (const file of run.artifacts) expect(Math.abs((file.expiresAt?.getTime() ?? 0) - file.createdAt.getTime() - 30 * 24 * HOUR), file.fileName).toBeLessThan(60_000);
    const spans = (JSON.parse(await rig.engine.readArtifact(runId, 'trace.json')) as { resourceSpans: { scopeSpans: { spans: { name: string; startTimeUnixNano: string; endTimeUnixNano: string }[] }[] }[] }).resourceSpans.flatMap((resource) => resource.scopeSpans.flatMap((scope) => scope.spans));
    for (const span of spans) expect(BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano), span.name).toBeGreaterThanOrEqual(0n);
  });
});

describe('F26 · another master key', () => {
  it('a worker of another installation reads nothing of the run and calls nobody; the run goes on when the right key is there', async () => {
    const wrong = await rig.worker({ AWP_MASTER_KEY: randomBytes(32).toString('base64') });
    const { runId, handle } = await rig.start();
    await expect.poll(async () => (await handle.fetchHistory()).events?.some((event) => event.workflowTaskFailedEventAttributes), { timeout: 30_000 }).toBe(true);
    expect(rig.engine.simulator.counters().total).toBe(0);
    expect((await rig.engine.view(runId)).status).toBe('queued');
    await wrong.kill();
    await rig.worker();
    const view = await rig.engine.finished(runId);
    expect(view.status).toBe('completed');
    expect(JSON.stringify(view)).not.toContain(rig.canary);
  });
});

describe('F16 · a key that is revoked in the middle', () => {
  it('ends the run at once with ProviderAuthentication; what was bought stays, and no other key is tried', async () => {
    rig.engine.simulator.addFaults({ fault: { kind: 'status', status: 401 }, match: { requestId: '*' }, nth: 3, times: 0 });
    await rig.worker({ OPENAI_API_KEY: 'sk-of-the-installation-0000000000' });
    const { runId } = await rig.start();
    const view = await rig.engine.finished(runId);
    expect([view.status, view.error?.code]).toEqual(['failed', 'ProviderAuthentication']);
    expect(view.totals).toMatchObject({ completions: 2, retries: 0 });
    const calls = Object.entries(rig.engine.simulator.counters().byRequestId).filter(([id]) => id.startsWith(runId));
    expect(calls.map(([, count]) => count)).toEqual([1, 1, 1]);
    expect(view.artifacts.map((artifact) => artifact.fileName)).toContain('notes.md');
  });
});

import { EventEmitter } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { crashThroughLauncher } from '#api/crash-worker';
import { DrillReportSchema } from '#contracts/api/drill.schema';
import type { CrashWorkerRequest } from '#contracts/drill';
import { CodedError } from '#platform/coded-error';
import { startSimulator, type Simulator } from '#simulator/server';
import { GOAL, startApi, type ApiUnderTest } from '../support/api.ts';
import { simulatorEnvironment } from '../support/engine.ts';
import { startProcess, type ProcessUnderTest } from '../support/worker-process.ts';

let simulator: Simulator;
let api: ApiUnderTest;
let worker: ProcessUnderTest | null = null;
beforeAll(async () => {
  simulator = await startSimulator({ control: true, delayMsPerChunk: 0 });
  api = await startApi({ ...simulatorEnvironment(simulator.url), AWP_RETRY_BASE_MS: '20', AWP_HEARTBEAT_TIMEOUT_MS: '3000' });
});
afterEach(async () => { api.deps.crashWorker = null; simulator.reset(); await worker?.kill(); });
afterAll(async () => { await api.close(); await simulator.stop(); });

const startWorker = async (): Promise<void> => {
  const { config } = api.deps;
  worker = await startProcess('worker/main.ts', {
    AWP_HOME: config.home, DATABASE_URL: config.DATABASE_URL ?? '', TEMPORAL_ADDRESS: config.TEMPORAL_ADDRESS, AWP_MASTER_KEY: config.AWP_MASTER_KEY ?? '', AWP_RETRY_BASE_MS: '20', LOG_LEVEL: 'warn', WORKER_TASK_QUEUE: config.WORKER_TASK_QUEUE,
    ...simulatorEnvironment(simulator.url),
  });
};
const start = async (provider = 'demo'): Promise<string> => ((await api.call('POST', '/api/v1/runs', { json: { workflow_id: 'learn_agentic_ai', provider, inputs: { learning_goal: GOAL } } })).body as { id: string }).id;
const drill = (id: string, as?: string) => api.call('POST', `/api/v1/runs/${id}/drill`, as === undefined ? {} : { as });
const audited = (id: string) => api.deps.db.auditEvent.findMany({ where: { type: 'run.worker_killed', resource: `run/${id}` }, select: { outcome: true } });

describe('the crash drill', () => {
  it('kills the worker under a demo run, once, on record; the report says what it cost: nothing lost, nothing twice', async () => {
    await startWorker();
    simulator.addFaults({ fault: { kind: 'hang', afterFrames: 2 }, match: { requestId: '*' }, nth: 3 });
    api.deps.crashWorker = async () => { const pid = worker?.child.pid ?? 0; await worker?.kill('SIGKILL'); return pid; };
    const id = await start();
    await simulator.until((counters) => counters.total === 3 && counters.inFlight === 1, 30_000);
    expect((await api.call('GET', `/api/v1/runs/${id}/drill`)).status).toBe(409);
    const pid = worker?.child.pid;
    const reply = await drill(id);
    expect([reply.status, reply.body]).toMatchObject([202, { run_id: id, pid }]);
    expect((await drill(id)).status).toBe(409);
    await startWorker();
    await api.deps.temporal.workflow.getHandle(id).result();
    const report = DrillReportSchema.parse((await api.call('GET', `/api/v1/runs/${id}/drill`)).body);
    expect(report).toMatchObject({ status: 'completed', lost: false, finished_before: 2, called_again: 0, bought_twice: 0, possibly_billed: 1 });
    expect(report.seconds_to_recover).toBeGreaterThan(0);
    expect(await audited(id)).toEqual([{ outcome: 'success' }]);
    const events = (await api.call('GET', `/api/v1/runs/${id}/events`)).body as { type: string; data: { by?: string } }[];
    expect(events.filter((event) => event.type === 'worker-kill')).toHaveLength(1);
    expect((await drill(id)).status).toBe(409); // it has ended
  });

  it('is refused without a launcher, under a run that is no demo run, for others than administrators, and outside local mode', async () => {
    const id = await start();
    expect((await drill(id)).status).toBe(409);
    let kills = 0;
    api.deps.crashWorker = () => { kills += 1; return Promise.resolve(1); };
    expect((await drill(await start('openai'))).status).toBe(409);
    const researcher = await api.person('researcher');
    expect((await drill(id, researcher.token)).status).toBe(403);
    const admin = await api.person('admin');
    expect((await drill(id, admin.token)).status).toBe(404);
    const { config } = api.deps;
    api.deps.config = { ...config, AWP_ENV: 'production' };
    expect((await drill(id)).status).toBe(403);
    api.deps.config = config;
    expect([kills, await audited(id)]).toEqual([0, []]);
  });

  it('that could not be done is told and audited as failed', async () => {
    const id = await start();
    api.deps.crashWorker = () => Promise.reject(new CodedError('ServiceUnavailable', 'No worker is running at this moment.'));
    expect((await drill(id)).status).toBe(503);
    expect(await audited(id)).toEqual([{ outcome: 'success' }, { outcome: 'failed' }]);
  });
});

it('the way to the launcher: one question, its own answer; none in production or without a parent', async () => {
  const sent: CrashWorkerRequest[] = [];
  const channel = Object.assign(new EventEmitter(), { send: (message: CrashWorkerRequest) => { sent.push(message); return true; } }) as unknown as Pick<NodeJS.Process, 'send' | 'on' | 'off'> & EventEmitter;
  expect(crashThroughLauncher(channel, 'production')).toBeNull();
  expect(crashThroughLauncher(Object.assign(new EventEmitter(), { send: undefined }) as never, 'local')).toBeNull();
  const crash = crashThroughLauncher(channel, 'local');
  const first = crash?.();
  channel.emit('message', { ...sent[0], id: 'another', pid: 1, problem: null });
  channel.emit('message', { ...sent[0], pid: 7, problem: null });
  expect(await first).toBe(7);
  const second = crash?.();
  channel.emit('message', { ...sent[1], pid: null, problem: 'No worker is running at this moment.' });
  await expect(second).rejects.toThrow('No worker is running');
  expect(channel.listenerCount('message')).toBe(0);
});

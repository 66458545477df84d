import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StandingSchema, type StandingReason } from '#contracts/api/standing.schema';
import { GOAL, startApi, type ApiUnderTest } from '../support/api.ts';
import { endEvent, logEvent, writeEvents } from '../support/runs.ts';

let api: ApiUnderTest;
let alice: { id: string; token: string };
let bob: { id: string; token: string };
// No worker listens on this file's queue: runs stay where these tests put them.
beforeAll(async () => {
  api = await startApi();
  [alice, bob] = await Promise.all([api.person('researcher'), api.person('researcher')]);
});
afterAll(() => api.close());

async function newRun(who = alice): Promise<string> {
  const reply = await api.call('POST', '/api/v1/runs', { as: who.token, json: { workflow_id: 'learn_agentic_ai', inputs: { learning_goal: GOAL } } });
  expect(reply.status).toBe(201);
  return (reply.body as { id: string }).id;
}
async function reasonsOf(id: string): Promise<StandingReason[]> {
  const reply = await api.call('GET', `/api/v1/runs/${id}/standing`, { as: alice.token });
  expect(reply.status).toBe(200);
  return StandingSchema.parse(reply.body).reasons;
}

describe('why a run does not move', () => {
  it('says that no worker is there, and what helps', async () => {
    const [first] = await reasonsOf(await newRun());
    expect(first).toMatchObject({ kind: 'no_worker', detail: 'No worker is running.' });
    expect(first?.remedy).toContain('goes on by itself');
  });

  it('says since when and how long a rate limit or a provider holds it up, and what it waits for', async () => {
    const id = await newRun();
    const until = new Date(Date.now() + 30_000).toISOString();
    await writeEvents(api.deps, id, [{ type: 'run-start', data: { temporal_run_id: randomUUID() } }, { type: 'wait-start', data: { wait_id: 'rate-1', reason: 'rate_limit', detail: 'groq takes 30 calls a minute', until, next_try_at: until } }]);
    expect(await reasonsOf(id)).toContainEqual(expect.objectContaining({ kind: 'rate_limited', detail: 'groq takes 30 calls a minute', until }));
    await writeEvents(api.deps, id, [{ type: 'wait-start', data: { wait_id: 'gate-1', reason: 'input', detail: 'Where do you stand?', until: null } }], 'later');
    expect((await reasonsOf(id)).map(({ kind }) => kind)).toEqual(['rate_limited', 'waiting']);
  });

  it('says that an administrator paused all calls, why, and that it goes on by itself', async () => {
    const id = await newRun();
    await writeEvents(api.deps, id, [{ type: 'run-start', data: { temporal_run_id: randomUUID() } }, { type: 'wait-start', data: { wait_id: 'pause-1', reason: 'pause', detail: 'An administrator has paused all model calls: a key leaked', until: null } }]);
    const paused = (await reasonsOf(id)).find(({ kind }) => kind === 'paused');
    expect(paused).toMatchObject({ detail: 'An administrator has paused all model calls: a key leaked', remedy: expect.stringContaining('goes on by itself') as string });
  });

  it('with workers there it tells the place in the queue, and an open breaker with its time', async () => {
    await newRun();
    const id = await newRun();
    const { temporal, config, db } = api.deps;
    const queue = { namespace: config.TEMPORAL_NAMESPACE, taskQueue: { name: config.WORKER_TASK_QUEUE }, identity: 'a worker that only looks' };
    await Promise.allSettled([temporal.withDeadline(Date.now() + 3000, () => temporal.workflowService.pollWorkflowTaskQueue(queue)), temporal.withDeadline(Date.now() + 3000, () => temporal.workflowService.pollActivityTaskQueue(queue))]);
    expect(await reasonsOf(id)).toEqual([expect.objectContaining({ kind: 'queued_behind', ahead: expect.any(Number) as number })]);
    expect((await reasonsOf(id))[0]?.ahead).toBeGreaterThan(0);
    const openUntil = new Date(Date.now() + 60_000);
    await db.providerHealth.create({ data: { provider: 'demo', keyOwner: 'workspace', failures: 5, openUntil } });
    expect((await reasonsOf(id))[0]).toMatchObject({ kind: 'provider_down', until: openUntil.toISOString() });
    await db.providerHealth.deleteMany({});
  });

  it('of an ended run there is nothing to say; another person\'s run is 404', async () => {
    const id = await newRun();
    await writeEvents(api.deps, id, [endEvent()]);
    expect(await reasonsOf(id)).toEqual([]);
    expect((await api.call('GET', `/api/v1/runs/${id}/standing`, { as: bob.token })).status).toBe(404);
  });
});

describe('several runs by one stream', () => {
  const open = (runs: string) => fetch(`${api.url}/api/v1/runs/stream?runs=${runs}`, { headers: { Authorization: `Bearer ${alice.token}` } });
  const told = (text: string) => [...text.matchAll(/^data:(.*)$/gm)].map((match) => { const { run_id: run, sequence } = JSON.parse(match[1]!) as { run_id: string; sequence: number }; return `${run} ${sequence}`; });

  it('brings the events of all in their order, from where each was, and ends with the last of them', async () => {
    const [one, two, foreign] = await Promise.all([newRun(), newRun(), newRun(bob)]);
    await writeEvents(api.deps, one, [logEvent('a'), logEvent('b')]);
    const response = await open(`${one}:2,${two},${foreign}`);
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const whole = response.text();
    await writeEvents(api.deps, one, [endEvent()], 'end');
    await writeEvents(api.deps, two, [logEvent('c'), endEvent()]);
    const seen = told(await whole);
    expect(seen.filter((line) => line.startsWith(one))).toEqual([`${one} 3`, `${one} 4`]);
    expect(seen.filter((line) => line.startsWith(two))).toEqual([`${two} 1`, `${two} 2`, `${two} 3`]);
    expect(seen).toHaveLength(5);
    expect((await open(`${one}:4,${two}:3`)).status).toBe(204);
    expect((await open(foreign)).status).toBe(404);
  });

  it('refuses what names no runs, a run twice, or too many', async () => {
    const id = randomUUID();
    for (const runs of ['', 'x', `${id},${id}`, `${id}:-1`, `${id}:x`, Array.from({ length: 21 }, () => randomUUID()).join(',')]) expect([runs, (await open(runs)).status]).toEqual([runs, 400]);
  });
});

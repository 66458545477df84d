import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { PauseWire } from '#contracts/api/pause.schema';
import type { RunDetailWire } from '#contracts/api/runs.schema';
import { allRunEvents } from '#platform/repositories/run-events';
import { GOAL } from '../support/api.ts';
import { startPlatform, type PlatformUnderTest } from '../support/platform.ts';

/** The kill switch, in the middle of a run. */
let platform: PlatformUnderTest;
beforeAll(async () => { platform = await startPlatform({ AWP_CALL_TIMEOUT_MS: '2000' }); });
afterEach(() => { platform.simulator.reset(); });
afterAll(() => platform.close());

const start = async (token: string, goal = GOAL): Promise<string> => {
  const reply = await platform.api.call('POST', '/api/v1/runs', { as: token, json: { workflow_id: 'learn_agentic_ai', provider: 'openai', inputs: { learning_goal: goal } } });
  expect(reply.status, reply.text).toBe(201);
  return (reply.body as { id: string }).id;
};
const waitsOf = async (runId: string) => (await allRunEvents(platform.api.deps.db, runId)).flatMap((event) => (event.type === 'wait-start' && event.data.reason === 'pause' ? [event.data.detail] : []));

it('no call begins while it is set, of running and of new runs; they wait with the reason and go on afterwards; audited, for administrators alone', async () => {
  const { api, simulator, ended } = platform;
  const { token } = await api.person('researcher');
  // The third call hangs, so that the switch falls while one is under way; its second try then is a new call.
  simulator.addFaults({ fault: { kind: 'hang', afterFrames: 2 }, nth: 3 });
  const first = await start(token);
  await simulator.until((counters) => counters.total === 3 && counters.inFlight === 1, 30_000);
  expect((await api.call('PUT', '/api/v1/pause', { as: token, json: { paused: true, reason: 'not mine to say' } })).status).toBe(403);
  expect((await api.call('PUT', '/api/v1/pause', { json: { paused: true } })).status).toBe(400);
  const set = await api.call('PUT', '/api/v1/pause', { json: { paused: true, reason: 'a key has leaked' } });
  expect([set.status, (set.body as PauseWire).paused, (set.body as PauseWire).reason]).toEqual([200, true, 'a key has leaked']);

  const second = await start(token, `${GOAL}, slowly`);
  for (const runId of [first, second]) await expect.poll(async () => (await waitsOf(runId)).length, { timeout: 40_000 }).toBeGreaterThanOrEqual(2);
  expect(simulator.counters()).toMatchObject({ total: 3, inFlight: 0 });
  const shown = (await api.call('GET', `/api/v1/runs/${second}`, { as: token })).body as RunDetailWire;
  expect(shown).toMatchObject({ status: 'waiting', wait_reason: 'pause' });
  expect((await waitsOf(second))[0]).toBe('An administrator has paused all model calls: a key has leaked');
  expect((await api.call('GET', '/api/v1/pause', { as: token })).body).toMatchObject({ paused: true, reason: 'a key has leaked' });

  expect(((await api.call('PUT', '/api/v1/pause', { json: { paused: false } })).body as PauseWire).paused).toBe(false);
  for (const runId of [first, second]) expect((await ended(token, runId)).status).toBe('completed');
  expect(simulator.counters().total).toBeGreaterThan(10);
  const audit = await api.deps.db.auditEvent.findMany({ where: { type: { in: ['platform.paused', 'platform.resumed'] } }, orderBy: { sequence: 'asc' } });
  expect(audit.map(({ type, data }) => [type, (data as { reason?: string }).reason ?? null])).toEqual([['platform.paused', 'a key has leaked'], ['platform.resumed', null]]);
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Problem } from '#contracts/api/common.schema';
import type { RunRequest } from '#contracts/workflow';
import { GOAL, startApi, type ApiUnderTest } from '../support/api.ts';

let api: ApiUnderTest;
const KEY = 'sk-test-0123456789abcdef';
beforeAll(async () => { api = await startApi({ OPENAI_API_KEY: KEY, ANTHROPIC_API_KEY: KEY, COMPATIBLE_BASE_URL: 'http://127.0.0.1:9/v1' }); });
afterAll(() => api.close());

const start = (extra: object) => api.call('POST', '/api/v1/runs', { json: { workflow_id: 'learn_agentic_ai', run_mode: 'full_run', provider: 'openai', inputs: { learning_goal: GOAL }, ...extra } });

describe('fallback and budget of a run', () => {
  it('are stored with model, price and cap as they were at the start', async () => {
    const reply = await start({ fallback: [{ provider: 'anthropic' }], budget: { cost_usd_micros: 250_000 } });
    expect(reply.status).toBe(201);
    const { request } = await api.deps.db.run.findUniqueOrThrow({ where: { id: (reply.body as { id: string }).id } });
    const stored = request as unknown as RunRequest;
    expect(stored.fallback).toEqual([{ provider: 'anthropic', model: 'claude-sonnet-4-20250514', price: { input: 3_000_000, output: 15_000_000 } }]);
    expect([stored.caps.test.costUsdMicros, stored.caps.full.costUsdMicros]).toEqual([250_000, 250_000]);
    expect(stored.timings).toMatchObject({ budgetWaitMs: 3_600_000, outageWaitMs: 600_000 });
  });

  it('own limits below the platform\'s stand for the stages they are stricter than', async () => {
    const reply = await start({ budget: { output_tokens: 1500, seconds: 20 } });
    expect(reply.status).toBe(201);
    const { request } = await api.deps.db.run.findUniqueOrThrow({ where: { id: (reply.body as { id: string }).id } });
    const { caps } = request as unknown as RunRequest;
    expect([caps.test.outputTokens, caps.test.seconds, caps.test.costUsdMicros]).toEqual([1000, 20, null]);
    expect([caps.full.outputTokens, caps.full.seconds]).toEqual([1500, 20]);
  });

  it('without them no other provider and no money cap is there', async () => {
    const reply = await start({});
    const { request } = await api.deps.db.run.findUniqueOrThrow({ where: { id: (reply.body as { id: string }).id } });
    expect((request as unknown as RunRequest).fallback).toBeUndefined();
    expect((request as unknown as RunRequest).caps.full.costUsdMicros).toBeNull();
  });

  it.each([
    ['a provider without a key', { fallback: [{ provider: 'groq' }] }, '#/fallback/0/provider'],
    ['the run\'s own provider', { fallback: [{ provider: 'openai' }] }, '#/fallback/0/provider'],
    ['one provider twice', { fallback: [{ provider: 'anthropic' }, { provider: 'anthropic', model: 'claude-3-5-haiku-20241022' }] }, '#/fallback/1/provider'],
    ['the demo provider', { fallback: [{ provider: 'demo' }] }, '#/fallback/0/provider'],
    ['an unknown provider', { fallback: [{ provider: 'nobody' }] }, '#/fallback/0/provider'],
    ['an unknown field', { fallback: [{ provider: 'anthropic', key: 'x' }] }, '#/fallback/0/key'],
    ['an empty chain', { fallback: [] }, '#/fallback'],
    ['a link without a known price under a budget', { fallback: [{ provider: 'compatible' }], budget: { cost_usd_micros: 1000 } }, '#/fallback/0/model'],
    ['a budget of nothing', { budget: { cost_usd_micros: 0 } }, '#/budget/cost_usd_micros'],
    ['a budget in fractions', { budget: { cost_usd_micros: 1.5 } }, '#/budget/cost_usd_micros'],
    ['a budget that limits nothing', { budget: {} }, '#/budget'],
    ['more tokens than the platform allows', { budget: { output_tokens: 200_001 } }, '#/budget/output_tokens'],
    ['more seconds than a Test may have', { run_mode: 'test_run', budget: { seconds: 61 } }, '#/budget/seconds'],
    ['a budget for a model without a price', { provider: 'compatible', budget: { cost_usd_micros: 1000 } }, '#/budget'],
  ])('%s is refused by name', async (_name, extra, pointer) => {
    const before = await api.deps.db.run.count();
    const reply = await start(extra);
    expect(reply.status).toBe(400);
    expect((reply.body as Problem).errors?.map((error) => error.pointer)).toContain(pointer);
    expect(await api.deps.db.run.count()).toBe(before);
  });
});

it('a student may answer, not approve and not raise a budget; a token needs the scope', async () => {
  const student = await api.person('student');
  expect((await api.call('GET', '/api/v1/approvals', { as: student.token })).body).toEqual([]);
  const run = '0199aaaa-0000-7000-8000-000000000001';
  expect((await api.call('POST', `/api/v1/runs/${run}/budget`, { as: student.token, json: { cost_usd_micros: 5 } })).status).toBe(403);
  const reader = await api.person('admin', ['run:read']);
  expect((await api.call('GET', '/api/v1/approvals', { as: reader.token })).status).toBe(403);
  expect((await api.call('POST', `/api/v1/runs/${run}/gates/full.x/decision`, { json: { decision: 'approve', shown_hash: 'a'.repeat(64) } })).status).toBe(404);
});

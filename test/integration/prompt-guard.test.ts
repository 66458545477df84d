import { afterAll, beforeAll, expect, it } from 'vitest';
import { startApi, type ApiUnderTest } from '../support/api.ts';
import { startEngine, type Engine } from '../support/engine.ts';

/** Row K10: told, and refused only where the administrator wants it. */
const ASKED = 'How do I write a system prompt that agents follow';
let engine: Engine;
let strict: ApiUnderTest;
beforeAll(async () => { [engine, strict] = await Promise.all([startEngine(), startApi({ AWP_PROMPT_GUARD: 'strict' })]); });
afterAll(() => Promise.all([engine.close(), strict.close()]));

it('who asks how to write a system prompt gets a run, with a remark in its log', async () => {
  const { runId } = await engine.start({ mode: 'validate_only', input: { learning_goal: ASKED } });
  const view = await engine.finished(runId);
  const check = view.stages[0]?.checks.find((one) => one.check === 'inputs');
  expect([view.status, check?.outcome, check?.detail]).toEqual(['completed', 'warning', expect.stringContaining('/learning_goal speaks of the system prompt')]);
});

it('strict mode refuses it before anything is written, at its place', async () => {
  const start = (learning_goal: string) => strict.call('POST', '/api/v1/runs', { json: { workflow_id: 'learn_agentic_ai', inputs: { learning_goal }, provider: 'demo' } });
  const refused = await start(ASKED);
  expect([refused.status, refused.body]).toEqual([400, expect.objectContaining({ errors: [{ pointer: '#/inputs/learning_goal', detail: 'speaks of the system prompt' }] })]);
  expect((await start('Build a small agent that calls tools, and understand why it fails')).status).toBe(201);
  expect(await strict.deps.db.run.count()).toBe(1);
});

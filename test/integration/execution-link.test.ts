import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { RunDetailWire } from '#contracts/api/runs.schema';
import { startPlatform, type PlatformUnderTest } from '../support/platform.ts';

/** Where a run's history lies in Temporal Web: that of exactly the execution that made it. */
const UI = 'http://temporal-ui.example.test:8233';
let platform: PlatformUnderTest;
let person: { token: string };
beforeAll(async () => {
  platform = await startPlatform({ TEMPORAL_UI_URL: `${UI}/` });
  person = await platform.api.person('student');
});
afterEach(() => platform.simulator.reset());
afterAll(() => platform.close());

const wish = { workflow_id: 'learn_agentic_ai', inputs: { learning_goal: 'Understand which execution made this run' }, run_mode: 'test_run', provider: 'openai' };
const workflows = () => platform.runner.deps.temporal.workflow;
const addressOf = (run: { id: string }, execution: string) => `${UI}/namespaces/default/workflows/${run.id}/${execution}/history`;

it('a run names the execution that made it, and its address in Temporal Web opens that history', async () => {
  const run = await platform.run(person.token, wish);
  const { runId } = await workflows().getHandle(run.id).describe();
  expect(run).toMatchObject({ status: 'completed', temporal_workflow_id: run.id, temporal_run_id: runId, temporal_web_url: addressOf(run, runId) });
});

it('of a workflow that was reset in the middle of its run it is the newest execution, from its first event on', async () => {
  platform.simulator.addFaults({ fault: { kind: 'hang' }, match: { requestId: '*' }, nth: 3 });
  const { body } = await platform.api.call('POST', '/api/v1/runs', { as: person.token, json: wish });
  const { id } = body as RunDetailWire;
  await platform.simulator.until((counters) => counters.total === 3 && counters.inFlight === 1);
  const first = await workflows().getHandle(id).describe();
  const { events } = await workflows().getHandle(id).fetchHistory();
  const at = events?.findLast((event) => event.workflowTaskCompletedEventAttributes)?.eventId;
  await workflows().connection.workflowService.resetWorkflowExecution({ namespace: 'default', workflowExecution: { workflowId: id, runId: first.runId }, workflowTaskFinishEventId: at, requestId: randomUUID(), reason: 'test' });
  const run = await platform.ended(person.token, id);
  const { runId } = await workflows().getHandle(id).describe();
  expect(runId).not.toBe(first.runId);
  expect(run).toMatchObject({ status: 'completed', temporal_run_id: runId, temporal_web_url: addressOf(run, runId) });
});

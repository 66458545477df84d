import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Problem } from '#contracts/api/common.schema';
import type { RunPolicyWire } from '#contracts/api/usage.schema';
import type { RunRequest } from '#contracts/workflow';
import type { RunRule } from '#contracts/run-policy';
import { createApiToken } from '#platform/repositories/api-tokens';
import { catalog } from '#workflows/catalog/index';
import { startApi, type ApiUnderTest } from '../support/api.ts';
import { startEngine, type Engine } from '../support/engine.ts';
import { gatedEntry } from '../support/gated/definition.ts';

/** The workspace policy, at the start and while a run works. */
let engine: Engine;
let api: ApiUnderTest;
let owner: string;
beforeAll(async () => {
  engine = await startEngine({}, { entries: [gatedEntry], workflowsPath: path.resolve('test/support/gated/workflows.ts') });
  api = await startApi({ DATABASE_URL: engine.config.DATABASE_URL ?? '', AWP_MASTER_KEY: engine.config.AWP_MASTER_KEY ?? '', WORKER_TASK_QUEUE: engine.taskQueue, OPENAI_API_KEY: 'sk-test-0123456789abcdef', GROQ_API_KEY: 'gsk-test-0123456789abcdef' }, [gatedEntry, ...catalog]);
  ({ token: owner } = await engine.db.$transaction((tx) => createApiToken(tx, engine.userId, { name: 'owner', scopes: [], expiresAt: null })));
});
afterAll(async () => { await api.close(); await engine.close(); });
beforeEach(() => engine.db.runPolicy.deleteMany());

const anything = { role: '*', workflow_id: '*', mode: '*', provider: '*' } as const;
async function write(rules: RunRule[]): Promise<RunPolicyWire> {
  const { version } = (await api.call('GET', '/api/v1/run-policy')).body as RunPolicyWire;
  const reply = await api.call('PUT', '/api/v1/run-policy', { json: { version, rules } });
  expect([reply.status, reply.text]).toEqual([200, expect.any(String)]);
  return reply.body;
}
const start = (as: string, change: object = {}) => api.call('POST', '/api/v1/runs', { as, json: { workflow_id: 'gated_work', run_mode: 'test_run', provider: 'openai', inputs: { topic: 'Agents' }, ...change } });

describe('the run policy', () => {
  it('refuses a start by name of the field, writes the attempt down, and allows what no rule names', async () => {
    const student = await api.person('student');
    await write([{ ...anything, role: 'student', provider: 'openai', effect: 'deny', reason: 'Students use the campus endpoint.' }]);
    const refused = await start(student.token);
    expect([refused.status, refused.body as Problem]).toEqual([403, expect.objectContaining({ code: 'PermissionDenied', detail: 'Students use the campus endpoint. (rule 1 of the run policy)', errors: [expect.objectContaining({ pointer: '#/provider' })] })]);
    const denied = await api.deps.db.auditEvent.findFirstOrThrow({ where: { type: 'access.denied', subject: student.id } });
    expect([denied.outcome, denied.resource, denied.data]).toEqual(['denied', 'workflow/gated_work', expect.objectContaining({ provider: 'openai' })]);
    const fallback = await start(student.token, { provider: 'groq', fallback: [{ provider: 'openai' }] });
    expect([fallback.status, (fallback.body as Problem).errors?.[0]?.pointer]).toEqual([403, '#/fallback/0/provider']);
    expect((await start(student.token, { provider: 'groq' })).status).toBe(201);
    expect((await start((await api.person('researcher')).token)).status).toBe(201);
  });

  it('a rule that allows may cap the money of the run', async () => {
    await write([{ ...anything, workflow_id: 'gated_work', effect: 'allow', max_cost_usd_micros: 40_000 }]);
    const capOf = async (change: object) => ((await api.deps.db.run.findUniqueOrThrow({ where: { id: ((await start(owner, change)).body as { id: string }).id } })).request as unknown as RunRequest).caps.test.costUsdMicros;
    expect([await capOf({}), await capOf({ budget: { cost_usd_micros: 10_000 } }), await capOf({ budget: { cost_usd_micros: 90_000 } })]).toEqual([40_000, 10_000, 40_000]);
  });

  it('a rule may ask administrators before Full: the run waits for them, whoever started it, and the stricter of rule and workflow holds', async () => {
    const researcher = await api.person('researcher');
    await write([{ ...anything, role: 'researcher', mode: 'full_run', effect: 'allow', approvers: 1 }]);
    const started = await start(researcher.token, { run_mode: 'full_run', provider: 'demo', workflow_id: 'learn_agentic_ai', inputs: { learning_goal: 'Build a small agent that calls tools' } });
    expect([started.status, started.text]).toEqual([201, expect.any(String)]);
    const { id } = started.body as { id: string };
    const view = await engine.until(id, (seen) => seen.status === 'waiting', 60_000);
    const gate = view.gates.find(({ gateId }) => gateId === 'full.full-run');
    expect(view.waits.map(({ reason }) => reason)).toEqual(['approval']);
    const decide = (as: string) => api.call('POST', `/api/v1/runs/${id}/gates/full.full-run/decision`, { as, json: { decision: 'approve', shown_hash: gate?.shownHash } });
    expect((await decide(researcher.token)).status).toBe(403);
    expect((await decide((await api.person('admin')).token)).status).toBe(200);
    expect(await engine.finished(id)).toMatchObject({ status: 'completed' });
    const asked = async (as: string, run_mode: string) => ((await api.deps.db.run.findUniqueOrThrow({ where: { id: ((await start(as, { run_mode })).body as { id: string }).id } })).request as unknown as RunRequest).fullApproval;
    await write([{ ...anything, mode: 'full_run', effect: 'allow', approvers: 3 }]);
    expect([await asked(owner, 'full_run'), await asked(owner, 'test_run')]).toEqual([{ approvers: 3, role: 'admin' }, gatedEntry.policy.fullApproval].map((asked) => ({ ...asked, moneyStands: true })));
  });

  it('is changed by administrators, one after the other, and audited', async () => {
    const researcher = await api.person('researcher');
    expect((await api.call('PUT', '/api/v1/run-policy', { as: researcher.token, json: { version: 0, rules: [] } })).status).toBe(403);
    const written = await write([{ ...anything, mode: 'full_run', effect: 'deny' }]);
    expect((await api.call('PUT', '/api/v1/run-policy', { json: { version: written.version - 1, rules: [] } })).status).toBe(409);
    for (const wrong of [{ ...anything, effect: 'deny', max_cost_usd_micros: 5 }, { ...anything, role: 'owner', effect: 'deny' }, { ...anything, effect: 'deny', approvers: 1 }, { ...anything, mode: 'test_run', effect: 'allow', approvers: 1 }, { ...anything, workflow_id: 'x; --', effect: 'deny' }]) expect((await api.call('PUT', '/api/v1/run-policy', { json: { version: written.version, rules: [wrong] } })).status).toBe(400);
    expect(await api.deps.db.auditEvent.count({ where: { type: 'run_policy.changed', resource: `run_policy/${written.version}` } })).toBe(1);
  });

  it('holds for the next step of a run that is under way', async () => {
    const { runId } = await engine.start({ slug: 'gated_work', mode: 'test_run', input: { topic: 'Agents', ask_in_test: true } });
    const view = await engine.until(runId, (seen) => seen.waits.some((wait) => wait.waitId === 'test.small'));
    await write([{ ...anything, mode: 'test_run', effect: 'deny', reason: 'Tests are off today.' }]);
    const shown_hash = view.gates.find((gate) => gate.gateId === 'test.small')?.shownHash;
    for (const person of [await api.person('admin'), await api.person('admin')]) await api.call('POST', `/api/v1/runs/${runId}/gates/test.small/decision`, { as: person.token, json: { decision: 'approve', shown_hash } });
    expect(await engine.finished(runId)).toMatchObject({ status: 'failed', error: { code: 'PermissionDenied', detail: 'Tests are off today. (rule 1 of the run policy)' } });
    expect(Object.keys(engine.simulator.counters().byRequestId).filter((id) => id.startsWith(runId))).toEqual([]);
  });
});

import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApprovalWire } from '#contracts/api/governance.schema';
import { RunDetailSchema, type RunDetailWire } from '#contracts/api/runs.schema';
import { REMIND_AGAIN_MS } from '#contracts/limits';
import { verifyAuditChain } from '#platform/repositories/audit';
import { evidenceOfRun } from '#platform/repositories/evidence';
import { createApiToken } from '#platform/repositories/api-tokens';
import { startApi, type ApiUnderTest } from '../support/api.ts';
import { startEngine, type Engine, type StartOptions } from '../support/engine.ts';
import { gatedEntry } from '../support/gated/definition.ts';

let engine: Engine;
let api: ApiUnderTest;
let owner: string;
type Someone = { id: string; token: string };
let admin: Someone;
let researcher: Someone;
let student: Someone;
beforeAll(async () => {
  engine = await startEngine({}, { entries: [gatedEntry], workflowsPath: path.resolve('test/support/gated/workflows.ts') });
  api = await startApi({ DATABASE_URL: engine.config.DATABASE_URL ?? '', AWP_MASTER_KEY: engine.config.AWP_MASTER_KEY ?? '', WORKER_TASK_QUEUE: engine.taskQueue }, [gatedEntry]);
  ({ token: owner } = await engine.db.$transaction((tx) => createApiToken(tx, engine.userId, { name: 'owner', scopes: [], expiresAt: null })));
  admin = await api.person('admin');
  researcher = await api.person('researcher');
  student = await api.person('student');
});
afterAll(async () => { await api.close(); await engine.close(); });

const start = (options: StartOptions = {}) => engine.start({ slug: 'gated_work', mode: 'full_run', input: { topic: 'Agents' }, request: { fullApproval: { approvers: 1, role: 'admin' } }, ...options });
const waitsFor = (gateId: string) => (view: { waits: { waitId: string }[] }) => view.waits.some((wait) => wait.waitId === gateId);
async function gateOf(runId: string, gateId: string): Promise<{ shown_hash: string }> {
  const view = await engine.until(runId, waitsFor(gateId));
  return { shown_hash: view.gates.find((gate) => gate.gateId === gateId)?.shownHash ?? '' };
}
const decide = (runId: string, gateId: string, as: string, json: object) => api.call('POST', `/api/v1/runs/${runId}/gates/${gateId}/decision`, { as, json });
const mine = async (as: string, runId: string) => ((await api.call('GET', '/api/v1/approvals', { as })).body as ApprovalWire[]).filter((gate) => gate.run_id === runId).map((gate) => gate.gate_id);

describe('people in the loop', () => {
  it('Full waits for an administrator, a question for its person, and two others for a yes; a worker may die in between', async () => {
    const { runId } = await start();
    const full = await gateOf(runId, 'full.full-run');
    expect(await mine(admin.token, runId)).toEqual(['full.full-run']);
    expect(await mine(researcher.token, runId)).toEqual([]);
    expect(await mine(owner, runId)).toEqual([]);
    expect((await decide(runId, 'full.full-run', owner, { decision: 'approve', ...full })).status).toBe(403);
    expect((await decide(runId, 'full.full-run', researcher.token, { decision: 'approve', ...full })).status).toBe(404);
    expect((await decide(runId, 'full.other', admin.token, { decision: 'approve', ...full })).status).toBe(404);
    expect((await decide(runId, 'full.full-run', admin.token, { decision: 'approve', shown_hash: '0'.repeat(64) })).status).toBe(409);
    expect((await decide(runId, 'full.full-run', admin.token, { decision: 'answer', ...full, answer: {} })).status).toBe(400);
    const asked = (await api.call('GET', `/api/v1/runs/${runId}`, { as: owner })).body as RunDetailWire;
    expect(asked).toMatchObject({ status: 'waiting', waits: [{ wait_id: 'full.full-run', reason: 'approval', budget: null }], gates: [{ gate_id: 'full.full-run', kind: 'approval', role: 'admin', approvers: 1, outcome: null, decisions: [], ...full }] });
    await engine.stopWorker();
    await engine.startWorker();
    expect((await decide(runId, 'full.full-run', admin.token, { decision: 'approve', ...full, reason: 'Fine.' })).status).toBe(200);

    const question = await gateOf(runId, 'full.audience');
    expect(await mine(owner, runId)).toEqual(['full.audience']);
    expect((await decide(runId, 'full.audience', admin.token, { decision: 'answer', ...question, answer: { audience: 'nobody' } })).status).toBe(404);
    expect((await decide(runId, 'full.audience', owner, { decision: 'answer', ...question, answer: { audience: 7 } })).status).toBe(400);
    expect((await decide(runId, 'full.audience', owner, { decision: 'answer', ...question, answer: { audience: 'children' } })).status).toBe(200);

    const send = await gateOf(runId, 'full.send');
    expect((await decide(runId, 'full.send', researcher.token, { decision: 'approve', ...send })).status).toBe(200);
    expect((await decide(runId, 'full.send', researcher.token, { decision: 'approve', ...send })).status).toBe(409);
    expect(await mine(researcher.token, runId)).toEqual([]);
    expect((await engine.until(runId, (view) => (view.gates.at(-1)?.decisions.length ?? 0) === 1)).status).toBe('waiting');
    expect((await decide(runId, 'full.send', admin.token, { decision: 'approve', ...send })).status).toBe(200);

    const view = await engine.finished(runId);
    expect(view.status).toBe('completed');
    expect(view.gates.map((gate) => [gate.gateId, gate.outcome, gate.decisions.length])).toEqual([['full.full-run', 'approved', 1], ['full.audience', 'answered', 1], ['full.send', 'approved', 2]]);
    expect(await engine.readArtifact(runId, 'text.md')).toContain('For children');
    const told = RunDetailSchema.parse((await api.call('GET', `/api/v1/runs/${runId}`, { as: owner })).body);
    expect(told.waits).toEqual([]);
    expect(told.gates.map((gate) => [gate.gate_id, gate.outcome, gate.decisions.map((decision) => decision.decision)])).toEqual([['full.full-run', 'approved', ['approve']], ['full.audience', 'answered', ['answer']], ['full.send', 'approved', ['approve', 'approve']]]);
    const audited = await engine.db.auditEvent.findMany({ where: { type: 'run.gate_decided', resource: `run/${runId}` }, orderBy: { sequence: 'asc' } });
    expect(audited.map((event) => (event.data as { shown_hash: string }).shown_hash)).toEqual([full.shown_hash, question.shown_hash, send.shown_hash, send.shown_hash]);
    expect((await verifyAuditChain(engine.db)).brokenAt).toBeNull();
  });

  it('one no is enough: the run fails with the reason and nothing of Full is bought', async () => {
    const { runId } = await start();
    const full = await gateOf(runId, 'full.full-run');
    expect((await decide(runId, 'full.full-run', admin.token, { decision: 'reject', ...full, reason: 'Too dear' })).status).toBe(200);
    const view = await engine.finished(runId);
    expect(view).toMatchObject({ status: 'failed', error: { code: 'ApprovalRefused' }, gates: [{ outcome: 'rejected', decisions: [{ decision: 'reject', reason: 'Too dear' }] }] });
    expect(view.error?.detail).toContain('Too dear');
    expect(await engine.db.completion.count({ where: { runId, stage: 'full' } })).toBe(0);
    expect((await decide(runId, 'full.full-run', admin.token, { decision: 'approve', ...full })).status).toBe(409);
  });

  it('an approver grants less than was asked: the cap holds, is shown and audited, and what is not less is refused', async () => {
    const { runId } = await start();
    const full = await gateOf(runId, 'full.full-run');
    const listed = ((await api.call('GET', '/api/v1/approvals', { as: admin.token })).body as ApprovalWire[]).find((gate) => gate.run_id === runId);
    const asked = listed?.asked_limits;
    // Its own Test, or that of the earlier run with the same inputs that spared it.
    expect(listed?.test_evidence).toMatchObject({ run_id: expect.any(String), outcome: 'passed', simulated: true, checks: expect.arrayContaining([expect.objectContaining({ check: 'inputs' })]) });
    expect(asked).toMatchObject({ cost_usd_micros: null, output_tokens: expect.any(Number), seconds: expect.any(Number) });
    expect((await decide(runId, 'full.full-run', admin.token, { decision: 'reject', ...full, limits: { output_tokens: 20 } })).status).toBe(400);
    const notLess = await decide(runId, 'full.full-run', admin.token, { decision: 'approve', ...full, limits: { output_tokens: asked?.output_tokens } });
    expect([notLess.status, (notLess.body as { errors: { pointer: string }[] }).errors[0]?.pointer]).toEqual([400, '#/limits/output_tokens']);
    expect((await decide(runId, 'full.full-run', admin.token, { decision: 'approve', ...full, limits: { output_tokens: 20, seconds: 30 } })).status).toBe(200);
    const question = await gateOf(runId, 'full.audience');
    expect((await decide(runId, 'full.audience', owner, { decision: 'answer', ...question, answer: { audience: 'children' } })).status).toBe(200);
    const send = await gateOf(runId, 'full.send');
    const bare = await decide(runId, 'full.send', admin.token, { decision: 'approve', ...send, limits: { seconds: 5 } });
    expect(bare.status).toBe(400);
    expect((await decide(runId, 'full.send', admin.token, { decision: 'approve', ...send })).status).toBe(200);
    expect((await decide(runId, 'full.send', researcher.token, { decision: 'approve', ...send })).status).toBe(200);

    const view = await engine.finished(runId);
    expect(view.granted).toEqual({ output_tokens: 20, seconds: 30 });
    expect(view.stages.find((stage) => stage.stage === 'full')?.steps[0]?.completions[0]?.maxOutputTokens).toBe(20);
    const told = RunDetailSchema.parse((await api.call('GET', `/api/v1/runs/${runId}`, { as: owner })).body);
    expect(told.gates[0]?.decisions).toMatchObject([{ decision: 'approve', limits: { output_tokens: 20, seconds: 30 } }]);
    const [audited] = await engine.db.auditEvent.findMany({ where: { type: 'run.gate_decided', resource: `run/${runId}` }, orderBy: { sequence: 'asc' } });
    expect(audited?.data).toMatchObject({ decision: 'approve', granted_output_tokens: 20, granted_seconds: 30 });
  });

  it('nobody decided in time means no', async () => {
    const { runId } = await start({ timings: { gateWaitMs: 200 } });
    const view = await engine.finished(runId);
    expect(view).toMatchObject({ status: 'failed', error: { code: 'ApprovalExpired' }, gates: [{ outcome: 'expired' }] });
    expect(await engine.db.approval.findFirstOrThrow({ where: { runId } })).toMatchObject({ state: 'expired' });
  });

  it('can be cancelled while it waits, and asks nobody any more', async () => {
    const { runId, handle } = await start();
    await gateOf(runId, 'full.full-run');
    const asked = Date.now();
    await handle.cancel();
    expect(await engine.finished(runId)).toMatchObject({ status: 'cancelled', gates: [{ outcome: 'stopped' }] });
    expect(Date.now() - asked).toBeLessThan(5_000);
    expect(await mine(admin.token, runId)).toEqual([]);
    expect(await mine(student.token, runId)).toEqual([]);
  });

  it('who let a Test go on stands in its evidence; a Full run that this evidence spares the Test is asked for all the same', async () => {
    const input = { topic: 'Evidence', ask_in_test: true };
    const { runId: tested } = await start({ mode: 'test_run', input });
    const small = await gateOf(tested, 'test.small');
    expect((await decide(tested, 'test.small', admin.token, { decision: 'approve', ...small })).status).toBe(200);
    expect((await engine.finished(tested)).status).toBe('completed');
    expect((await evidenceOfRun(engine.db, engine.userId, tested))?.record.approvers).toEqual([admin.id]);

    const { runId, handle } = await start({ input });
    const full = await gateOf(runId, 'full.full-run');
    const view = await engine.view(runId);
    expect([view.stages.find((stage) => stage.stage === 'test')?.status, view.gates.map((gate) => gate.gateId), view.evidence?.runId]).toEqual(['skipped', ['full.full-run'], tested]);
    expect(await engine.db.completion.count({ where: { runId } })).toBe(0);
    expect(((await api.call('GET', '/api/v1/approvals', { as: admin.token })).body as ApprovalWire[]).find((gate) => gate.run_id === runId)?.test_evidence?.run_id).toBe(tested);
    expect((await decide(runId, 'full.full-run', admin.token, { decision: 'approve', ...full })).status).toBe(200);
    await gateOf(runId, 'full.audience');
    await handle.cancel();
    expect((await engine.finished(runId)).status).toBe('cancelled');
  });

  it('reminds those who may decide once part of the time is over, once, in the log and in their list', async () => {
    const { runId, handle } = await start({ timings: { remindAfter: 0.001 } });
    await gateOf(runId, 'full.full-run');
    const view = await engine.until(runId, (seen) => seen.gates[0]?.remindedAt !== null);
    expect(view).toMatchObject({ status: 'waiting', gates: [{ outcome: null }] });
    const listed = ((await api.call('GET', '/api/v1/approvals', { as: admin.token })).body as ApprovalWire[]).find((gate) => gate.run_id === runId);
    expect(listed?.reminded_at).not.toBeNull();
    await engine.stopWorker();
    await engine.startWorker();
    const full = await gateOf(runId, 'full.full-run');
    expect((await decide(runId, 'full.full-run', admin.token, { decision: 'approve', ...full })).status).toBe(200);
    await gateOf(runId, 'full.audience');
    await handle.cancel();
    await engine.finished(runId);
    expect(await engine.db.runEvent.count({ where: { runId, type: 'gate-remind', data: { path: ['gate_id'], equals: 'full.full-run' } } })).toBe(1);
  });

  it('who waits can remind, once in a quarter of an hour; nobody else can, and it is audited', async () => {
    const { runId, handle } = await start();
    const remind = (as: string) => api.call('POST', `/api/v1/runs/${runId}/gates/full.full-run/remind`, { as });
    await gateOf(runId, 'full.full-run');
    expect((await remind(admin.token)).status).toBe(404);
    // Who is asked opens the run's address to decide there; anybody else who does is in the audit log.
    for (const { token } of [admin, student]) expect((await api.call('GET', `/api/v1/runs/${runId}`, { as: token })).status).toBe(404);
    expect((await engine.db.auditEvent.findMany({ where: { type: 'access.denied', resource: `run/${runId}`, data: { path: ['route'], equals: '/api/v1/runs/{id}' } } })).map(({ subject }) => subject)).toEqual([student.id]);
    const reply = await remind(owner);
    expect([reply.status, Date.parse((reply.body as { again_at: string }).again_at) - Date.parse((reply.body as { reminded_at: string }).reminded_at)]).toEqual([200, REMIND_AGAIN_MS]);
    expect((await remind(owner)).status).toBe(409);
    expect(((await api.call('GET', '/api/v1/approvals', { as: admin.token })).body as ApprovalWire[]).find((gate) => gate.run_id === runId)?.reminded_at).toBe((reply.body as { reminded_at: string }).reminded_at);
    await handle.cancel();
    const view = await engine.finished(runId);
    expect(view.gates[0]?.remindedAt).not.toBeNull();
    expect((await remind(owner)).status).toBe(409);
    expect(await engine.db.auditEvent.count({ where: { type: 'run.gate_reminded', resource: `run/${runId}`, outcome: 'success' } })).toBe(1);
  });

  it('an approval can be handed on to somebody who may decide it, never to the one who started the run; audited', async () => {
    const delegate = (runId: string, as: string, json: object) => api.call('POST', `/api/v1/runs/${runId}/gates/full.full-run/delegate`, { as, json });
    const second = await api.person('admin');
    const { runId, handle } = await start();
    const full = await gateOf(runId, 'full.full-run');
    for (const [as, json, status] of [
      [owner, { user_id: second.id }, 403], [researcher.token, { user_id: second.id }, 404], [admin.token, { user_id: engine.userId }, 400], [admin.token, { user_id: researcher.id }, 400], [admin.token, { user_id: admin.id }, 400],
      [admin.token, { role: 'researcher' }, 400], [admin.token, {}, 400], [admin.token, { user_id: second.id, role: 'admin' }, 400],
    ] as const) expect([json, (await delegate(runId, as, json)).status]).toEqual([json, status]);
    expect((await delegate(runId, admin.token, { user_id: second.id, reason: 'On leave' })).status).toBe(200);
    expect((await delegate(runId, admin.token, { user_id: second.id })).status).toBe(409);
    expect(await mine(admin.token, runId)).toEqual([]);
    expect((await decide(runId, 'full.full-run', admin.token, { decision: 'approve', ...full })).status).toBe(409);
    const listed = ((await api.call('GET', '/api/v1/approvals', { as: second.token })).body as ApprovalWire[]).find((gate) => gate.run_id === runId);
    expect(listed?.delegated_by).toEqual(['admin']);
    // Handed back it is one's own again.
    expect((await delegate(runId, second.token, { user_id: admin.id })).status).toBe(200);
    expect([await mine(admin.token, runId), await mine(second.token, runId)]).toEqual([['full.full-run'], []]);
    expect((await decide(runId, 'full.full-run', admin.token, { decision: 'approve', ...full })).status).toBe(200);
    await gateOf(runId, 'full.audience');
    await handle.cancel();
    const view = await engine.finished(runId);
    expect(view.gates[0]?.delegations.map(({ by, to, reason }) => [by, to, reason])).toEqual([['admin', 'admin', 'On leave'], ['admin', 'admin', null]]);
    const audited = await engine.db.auditEvent.findMany({ where: { type: 'run.gate_delegated', resource: `run/${runId}`, outcome: 'success' }, orderBy: { sequence: 'asc' } });
    expect(audited.map((event) => (event.data as { to: string; shown_hash: string }))).toMatchObject([{ to: `user/${second.id}`, shown_hash: full.shown_hash }, { to: `user/${admin.id}` }]);
    expect((await verifyAuditChain(engine.db)).brokenAt).toBeNull();
  });
});

import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApprovalWire } from '#contracts/api/governance.schema';
import { RunDetailSchema, type RunDetailWire } from '#contracts/api/runs.schema';
import { verifyAuditChain } from '#platform/repositories/audit';
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
  api = await startApi({ DATABASE_URL: engine.config.DATABASE_URL ?? '', WORKER_TASK_QUEUE: engine.taskQueue }, [gatedEntry]);
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
});

import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiToken } from '#platform/repositories/api-tokens';
import { startApi, type ApiUnderTest } from '../support/api.ts';
import { startEngine, type Engine } from '../support/engine.ts';
import { gatedEntry } from '../support/gated/definition.ts';

/** Control C12: rights are read again when an activity starts. */
let engine: Engine;
let api: ApiUnderTest;
let owner: string;
beforeAll(async () => {
  engine = await startEngine({}, { entries: [gatedEntry], workflowsPath: path.resolve('test/support/gated/workflows.ts') });
  api = await startApi({ DATABASE_URL: engine.config.DATABASE_URL ?? '', AWP_MASTER_KEY: engine.config.AWP_MASTER_KEY ?? '', WORKER_TASK_QUEUE: engine.taskQueue }, [gatedEntry]);
  ({ token: owner } = await engine.db.$transaction((tx) => createApiToken(tx, engine.userId, { name: 'owner', scopes: [], expiresAt: null })));
});
afterAll(async () => { await api.close(); await engine.close(); });

const decide = (runId: string, gate: string, as: string, json: object) => api.call('POST', `/api/v1/runs/${runId}/gates/${gate}/decision`, { as, json });

/** Brings a Full run to its last gate; what follows the two approvals is a model call of the Full stage. */
async function beforeTheFullStep(): Promise<{ runId: string; shown: object }> {
  const { runId } = await engine.start({ slug: 'gated_work', mode: 'full_run', input: { topic: 'Agents' } });
  const hashAt = async (gate: string) => {
    const view = await engine.until(runId, (seen) => seen.waits.some((wait) => wait.waitId === gate));
    return { shown_hash: view.gates.find(({ gateId }) => gateId === gate)?.shownHash };
  };
  const question = await hashAt('full.audience');
  expect((await decide(runId, 'full.audience', owner, { decision: 'answer', ...question, answer: { audience: 'children' } })).status).toBe(200);
  return { runId, shown: await hashAt('full.send') };
}

describe('rights of a run that is under way', () => {
  it('a person who was made a student meanwhile gets no further Full step; what was made is kept', async () => {
    const { runId, shown } = await beforeTheFullStep();
    const before = engine.simulator.counters().byRequestId;
    await engine.db.user.update({ where: { id: engine.userId }, data: { role: 'student' } });
    for (const person of [await api.person('admin'), await api.person('researcher')]) expect((await decide(runId, 'full.send', person.token, { decision: 'approve', ...shown })).status).toBe(200);
    const view = await engine.finished(runId);
    expect(view).toMatchObject({ status: 'failed', error: { code: 'PermissionDenied', step: 'write' } });
    expect(view.error?.detail).toContain('workflow:run:full');
    expect(engine.simulator.counters().byRequestId).toEqual(before);
    expect(view.artifacts.map((artifact) => artifact.fileName)).toContain('trace.json');
    await engine.db.user.update({ where: { id: engine.userId }, data: { role: 'admin' } });
  });

  it('a run of an account that was switched off buys nothing', async () => {
    await engine.db.user.update({ where: { id: engine.userId }, data: { isActive: false } });
    const { runId } = await engine.start({ slug: 'gated_work', mode: 'test_run', input: { topic: 'Agents' } });
    expect(await engine.finished(runId)).toMatchObject({ status: 'failed', error: { code: 'PermissionDenied' } });
    expect(Object.keys(engine.simulator.counters().byRequestId).filter((id) => id.startsWith(runId))).toEqual([]);
    await engine.db.user.update({ where: { id: engine.userId }, data: { isActive: true } });
  });
});

import { afterAll, beforeAll, expect, it } from 'vitest';
import { createApiToken } from '#platform/repositories/api-tokens';
import { startApi, type ApiUnderTest } from '../support/api.ts';
import { startEngine, type Engine } from '../support/engine.ts';

let engine: Engine;
let api: ApiUnderTest;
let owner: string;
beforeAll(async () => {
  engine = await startEngine();
  api = await startApi({ DATABASE_URL: engine.config.DATABASE_URL ?? '', AWP_MASTER_KEY: engine.config.AWP_MASTER_KEY ?? '', WORKER_TASK_QUEUE: engine.taskQueue });
  ({ token: owner } = await engine.db.$transaction((tx) => createApiToken(tx, engine.userId, { name: 'owner', scopes: [], expiresAt: null })));
});
afterAll(async () => { await api.close(); await engine.close(); });

/** Waits for a question, shows it to `reply`, and answers. */
async function answer(runId: string, gateId: string, reply: (criteria: string) => object): Promise<void> {
  const view = await engine.until(runId, ({ waits }) => waits.some((wait) => wait.waitId === gateId));
  const gate = view.gates.find((each) => each.gateId === gateId);
  const { status } = await api.call('POST', `/api/v1/runs/${runId}/gates/${gateId}/decision`, { as: owner, json: { decision: 'answer', shown_hash: gate?.shownHash, answer: reply(JSON.stringify(gate)) } });
  expect(status).toBe(200);
}

it('answers are graded with words of theirs, and the person may stop; what is not asked stays for practice', async () => {
  const { runId } = await engine.start({ slug: 'interview_coach', mode: 'test_run' });
  await answer(runId, 'test.trial', () => ({ answer: 'A system prompt with roles and examples; retrieval recall is measured on a labelled set of questions before release.', confidence: 4 }));
  const view = await engine.finished(runId);
  expect(view.status, JSON.stringify(view.error)).toBe('completed');
  expect(view.stages.at(-1)?.steps.map((step) => step.step)).toContain('grade-1');
  const report = await engine.readArtifact(runId, 'report.md');
  expect(report).toMatch(/1 question graded/);
  expect(report).toContain('> A system prompt with roles');
  expect(report).toMatch(/You were sure at 75 % on average/);
});

it('“I do not know” counts as no points, without a call for it; enough means enough', async () => {
  const { runId } = await engine.start({ slug: 'interview_coach', mode: 'full_run', input: { days: 5 } });
  await answer(runId, 'test.trial', () => ({ answer: 'Something.' }));
  await answer(runId, 'full.question-1', () => ({ answer: '', enough: true }));
  const view = await engine.finished(runId);
  expect(view.status, JSON.stringify(view.error)).toBe('completed');
  const full = view.stages.at(-1)?.steps ?? [];
  expect(full.find((step) => step.step === 'grade-1')?.completions).toEqual([]);
  expect(full.filter((step) => step.step.startsWith('ask-'))).toHaveLength(4);
  expect(full.filter((step) => step.step.startsWith('grade-'))).toHaveLength(1);
  expect(await engine.readArtifact(runId, 'report.md')).toContain('3 not answered');
});

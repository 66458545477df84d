import { createPublicKey, verify } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Problem } from '#contracts/api/common.schema';
import { RunComparisonSchema, StageDiffSchema } from '#contracts/api/compare.schema';
import { WorkflowEstimateSchema, type WorkflowEstimateWire } from '#contracts/api/estimates.schema';
import { EvidenceVerdictSchema, RunEvidenceSchema } from '#contracts/api/evidence.schema';
import { canonicalJson } from '#platform/ids';
import { GOAL } from '../support/api.ts';
import { startPlatform, type PlatformUnderTest } from '../support/platform.ts';

let platform: PlatformUnderTest;
let alice: { id: string; token: string };
let bob: { id: string; token: string };
beforeAll(async () => {
  platform = await startPlatform();
  [alice, bob] = await Promise.all([platform.api.person('researcher'), platform.api.person('researcher')]);
});
afterEach(() => platform.simulator.reset());
afterAll(() => platform.close());

const body = (change: Record<string, unknown> = {}) => ({ workflow_id: 'learn_agentic_ai', inputs: { learning_goal: GOAL, timebox_minutes: 30 }, provider: 'openai', ...change });
const start = (change: Record<string, unknown> = {}) => platform.run(alice.token, body(change));
const get = (address: string, as = alice.token) => platform.api.call('GET', address, { as });
async function estimate(change: Record<string, unknown> = {}, as = alice.token): Promise<WorkflowEstimateWire> {
  const reply = await platform.api.call('POST', '/api/v1/workflows/learn_agentic_ai/estimate', { as, json: { inputs: { learning_goal: GOAL, timebox_minutes: 30 }, provider: 'openai', ...change } });
  expect([reply.status, reply.text]).toEqual([200, expect.anything()]);
  return WorkflowEstimateSchema.parse(reply.body);
}

describe('the estimate', () => {
  it('starts from the plan, learns from three of the person\'s own finished runs with that model, and is what Validate says', async () => {
    const before = await estimate();
    expect([before.basis, before.stages.map((part) => part.stage), before.cost_usd_micros !== null]).toEqual(['plan', ['test'], true]);
    const runs = await Promise.all([1, 2, 3].map((n) => start({ inputs: { learning_goal: `${GOAL}, number ${n}`, timebox_minutes: 30 } })));
    expect(runs.every((run) => run.status === 'completed')).toBe(true);
    const used = runs.map((run) => run.totals.total_tokens);
    const after = await estimate();
    expect(after.basis).toBe('3 past runs');
    expect(Math.abs(after.tokens.expected - used.toSorted((a, b) => a - b)[1]!)).toBeLessThanOrEqual(after.tokens.expected * 0.05);
    expect(after.tokens.worst).toBeGreaterThanOrEqual(Math.max(...used));
    for (const other of [await estimate({ model: 'gpt-4o-mini' }), await estimate({ provider: 'demo' }), await estimate({}, bob.token)]) expect(other.basis).toBe('plan');
    const next = await start({ run_mode: 'validate_only' });
    expect(next.estimate).toMatchObject({ tokens: after.tokens, basis: after.basis });
  });

  it('is unknown in money without a price, and stands beside what was really used afterwards', async () => {
    expect((await estimate({ provider: 'compatible' })).cost_usd_micros).toBeNull();
    const run = await start();
    expect(run.estimate_actual).toMatchObject({ tokens: run.totals.total_tokens, cost_usd_micros: run.totals.cost_usd_micros, within_worst: true });
    const files = run.artifacts.find((file) => file.file_name === 'metadata.json');
    const metadata = JSON.parse((await get(`/api/v1/artifacts/${files?.id}/download`)).text) as object;
    expect(metadata).toMatchObject({ estimate_actual: { tokens: run.totals.total_tokens }, estimate: { tokens: run.estimate?.tokens }, evidence: { run_id: run.id } });
  });

  it('of a Full run leaves the Test out when a fresh one counts, and refuses inputs that do not fit', async () => {
    const inputs = { learning_goal: `${GOAL}, once`, timebox_minutes: 30 };
    expect((await estimate({ inputs, run_mode: 'full_run' })).stages.map((part) => part.stage)).toEqual(['test', 'full']);
    const tested = await start({ inputs });
    expect(await estimate({ inputs, run_mode: 'full_run' })).toMatchObject({ evidence_run_id: tested.id, stages: [{ stage: 'full' }] });
    const wrong = await platform.api.call('POST', '/api/v1/workflows/learn_agentic_ai/estimate', { as: alice.token, json: { inputs: { learning_goal: 'x' } } });
    expect([wrong.status, (wrong.body as Problem).errors?.[0]?.pointer]).toEqual([400, '#/inputs/learning_goal']);
  });
});

describe('evidence over the API', () => {
  it('is verified without a credential, and by anybody with the public key alone; a changed record is named', async () => {
    const run = await start();
    const told = RunEvidenceSchema.parse((await get(`/api/v1/runs/${run.id}/evidence`)).body);
    expect(told).toMatchObject({ made_by_run_id: run.id, verdict: { valid: true, fresh: true } });
    const { evidence } = told;
    if (!evidence) throw new Error('no evidence');
    const check = async (json: unknown) => EvidenceVerdictSchema.parse((await platform.api.call('POST', '/api/v1/evidence/verify', { as: null, json })).body);
    expect(await check(evidence)).toMatchObject({ valid: true, reason: null });
    expect(await check({ ...evidence, record: { ...evidence.record, input_digest: '0'.repeat(64) } })).toMatchObject({ valid: false, reason: 'bad_signature' });
    expect(await check({ hello: 1 })).toMatchObject({ valid: false, reason: 'malformed' });
    const { keys } = (await platform.api.call('GET', '/.well-known/awp-evidence-keys.json', { as: null })).body as { keys: { kty: string; crv: string; kid: string; x: string }[] };
    const key = keys.find((candidate) => candidate.kid === evidence.key_id);
    const publicKey = createPublicKey({ key: { kty: key?.kty, crv: key?.crv, x: key?.x }, format: 'jwk' });
    expect(verify(null, Buffer.from(`awp.evidence/v1\n${canonicalJson(evidence.record)}`), publicKey, Buffer.from(evidence.signature, 'base64url'))).toBe(true);
    expect((await get(`/api/v1/runs/${run.id}/evidence`, bob.token)).status).toBe(404);
  });

  it('a workflow whose policy wants it refuses a Full run until a Test of the same passed, and says what lacks', async () => {
    const { deps } = platform.api;
    const catalog = deps.catalog;
    deps.catalog = catalog.map((entry) => ({ ...entry, requiresPriorEvidence: true }));
    try {
      const carol = await platform.api.person('researcher');
      const full = (change: Record<string, unknown> = {}) => platform.api.call('POST', '/api/v1/runs', { as: carol.token, json: body({ run_mode: 'full_run', ...change }) });
      const refused = await full();
      expect([refused.status, refused.body as Problem]).toMatchObject([409, { code: 'EvidenceRequired', detail: expect.stringContaining('None of your Test runs') as string }]);
      await platform.run(carol.token, body());
      expect(((await full({ model: 'gpt-4o-mini' })).body as Problem).detail).toContain('made with another model');
      expect(((await full({ inputs: { learning_goal: GOAL, timebox_minutes: 45 } })).body as Problem).detail).toContain('made with other inputs');
      const run = await platform.run(carol.token, body({ run_mode: 'full_run' }));
      expect([run.status, run.stages[1]?.status]).toEqual(['completed', 'skipped']);
    } finally {
      deps.catalog = catalog;
    }
  });
});

describe('comparison', () => {
  it('sets inputs, facts, steps and documents side by side and names where they part', async () => {
    const [first, second] = [await start(), await start({ inputs: { learning_goal: `${GOAL}, with care`, timebox_minutes: 30 }, model: 'gpt-4o-mini' })];
    const told = RunComparisonSchema.parse((await get(`/api/v1/runs/compare?ids=${first.id},${second.id}`)).body);
    expect(told.inputs.filter((field) => !field.same).map((field) => field.field)).toEqual(['learning_goal']);
    expect(told.facts.filter((fact) => !fact.same).map((fact) => fact.name)).toEqual(['model']);
    expect(told.steps.map((step) => step.step)).toEqual(['survey', 'diagnose', 'syllabus', 'find-1', 'note-1', 'quiz', 'gaps']);
    expect(told.first_divergence).toMatchObject({ run_id: second.id, kind: expect.stringMatching(/prompt|output/) as string });
    expect(told.documents[0]).toMatchObject({ file_name: 'notes.md', diffs: [null, { same: false }] });
    const again = await platform.run(alice.token, { kind: 'from_step', from: { stage: 'test', step: 'quiz' } }, `/api/v1/runs/${first.id}/rerun`);
    const same = RunComparisonSchema.parse((await get(`/api/v1/runs/compare?ids=${first.id},${again.id}`)).body);
    expect(same.steps.filter((step) => step.cells[1]?.reused).map((step) => [step.step, step.same, step.cells[1]?.cost_usd_micros])).toEqual(['diagnose', 'syllabus', 'note-1'].map((step) => [step, true, 0]));
    expect(same.first_divergence).toBeNull();
  });

  it('refuses one run, five, a repeated one, and another person\'s', async () => {
    const run = await start();
    for (const ids of [run.id, `${run.id},${run.id}`, 'nonsense,again', Array(5).fill(run.id).join(',')]) expect((await get(`/api/v1/runs/compare?ids=${ids}`)).status).toBe(400);
    const theirs = await platform.run(bob.token, body());
    expect((await get(`/api/v1/runs/compare?ids=${run.id},${theirs.id}`)).status).toBe(404);
  });

  it('sets Test and Full of one run side by side, also when its Test was that of an earlier run', async () => {
    const inputs = { learning_goal: `${GOAL}, twice`, timebox_minutes: 30 };
    const run = await start({ run_mode: 'full_run', inputs });
    const own = StageDiffSchema.parse((await get(`/api/v1/runs/${run.id}/stage-diff`)).body);
    expect([own.test_run_id, own.full.output_tokens > own.test.output_tokens, (own.ratio.output_tokens ?? 0) > 1]).toEqual([run.id, true, true]);
    expect(own.steps.find((step) => step.step === 'diagnose')?.cells.every((cell) => cell !== null)).toBe(true);
    expect(own.flags.join()).toContain('Only in Full');
    const later = await start({ run_mode: 'full_run', inputs });
    expect(StageDiffSchema.parse((await get(`/api/v1/runs/${later.id}/stage-diff`)).body)).toMatchObject({ run_id: later.id, test_run_id: run.id });
    const test = await start({ inputs });
    expect((await get(`/api/v1/runs/${test.id}/stage-diff`)).status).toBe(409);
  });
});

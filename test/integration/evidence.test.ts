import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { SignedEvidence } from '#contracts/evidence';
import { createEvidenceKeys } from '#platform/evidence/evidence-keys';
import { verifyEvidence } from '#platform/evidence/signed-evidence';
import { evidenceOfRun, explainMissingEvidence, findFreshEvidence } from '#platform/repositories/evidence';
import { evidenceSubjectOfRun } from '#platform/repositories/run-queries';
import { asOwner } from '../support/servers.ts';
import { startEngine, type Engine } from '../support/engine.ts';

let engine: Engine;
beforeAll(async () => { engine = await startEngine(); });
afterEach(() => engine.simulator.reset());
afterAll(() => engine.close());

let goals = 0;
/** inputs that no other test of this file used */
const freshInput = () => ({ learning_goal: `Build a small agent that calls tools, number ${goals += 1}`, timebox_minutes: 30 });
const evidence = (runId: string) => evidenceOfRun(engine.db, engine.userId, runId);
const keys = () => engine.runner.deps.evidenceKeys;
async function passedTest(input: Record<string, unknown>, provider: 'openai' | 'anthropic' | 'demo' = 'openai') {
  const { runId } = await engine.start({ provider, input });
  expect((await engine.finished(runId)).status).toBe('completed');
  return runId;
}
async function full(input: Record<string, unknown>, provider: 'openai' | 'anthropic' | 'demo' = 'openai', model?: string) {
  const { runId } = await engine.start({ mode: 'full_run', provider, input, ...(model ? { model } : {}) });
  const view = await engine.finished(runId);
  expect([view.status, view.error]).toEqual(['completed', null]);
  return { runId, view, test: view.stages.find((stage) => stage.stage === 'test') };
}
const bought = (runId: string, stage: string) => Object.keys(engine.simulator.counters().byRequestId).filter((id) => id.startsWith(`${runId}/${stage}/`)).length;

describe('evidence of a Test', () => {
  it('is signed, kept as row, event and evidence.json, and true to the run', async () => {
    const runId = await passedTest(freshInput());
    const signed = await evidence(runId) as SignedEvidence;
    expect(JSON.parse(await engine.readArtifact(runId, 'evidence.json'))).toEqual(signed);
    expect(verifyEvidence(keys(), signed)).toMatchObject({ valid: true, reason: null });
    const view = await engine.view(runId);
    expect(view.evidence).toEqual({ runId, evidenceId: signed.record.evidence_id });
    const row = await engine.db.run.findUniqueOrThrow({ where: { id: runId } });
    expect(signed.record).toMatchObject({ run_id: runId, user_id: engine.userId, workflow_id: 'learn_agentic_ai', provider: 'openai', model: row.model, input_digest: row.inputDigest, simulated: false, outcome: 'passed', tokens: { input: row.inputTokens, output: row.outputTokens }, cost_usd_micros: Number(row.costUsdMicros) });
    expect(signed.record.checks.map((check) => check.check).sort()).toEqual(['estimate', 'inputs', 'provider', 'secret', 'tools']);
  });

  it('fails verification when any field is changed, named when the key is another or the form is broken', async () => {
    const signed = await evidence(await passedTest(freshInput())) as SignedEvidence;
    const { record } = signed;
    for (const field of Object.keys(record) as (keyof typeof record)[]) {
      const value = record[field];
      const changed = typeof value === 'number' ? value + 1 : typeof value === 'boolean' ? !value : value === null ? 'x' : Array.isArray(value) ? [...value, ...(value.length > 0 ? [value[0]] : ['x'])] : typeof value === 'object' ? { input: 1, output: 1 } : flip(value);
      expect([field, verifyEvidence(keys(), { ...signed, record: { ...record, [field]: changed } }).valid]).toEqual([field, false]);
    }
    const other = createEvidenceKeys([randomBytes(32)]);
    expect(verifyEvidence(other, signed).reason).toBe('unknown_key');
    expect(verifyEvidence(keys(), { ...signed, key_id: other.publicKeys()[0]?.kid }).reason).toBe('unknown_key');
    expect(verifyEvidence(keys(), { ...signed, record: { ...record, model: 'gpt-9' } }).reason).toBe('bad_signature');
    expect(verifyEvidence(keys(), { ...signed, signature: flip(signed.signature) }).reason).toBe('bad_signature');
    expect(verifyEvidence(keys(), { ...signed, record: { ...record, extra: 1 } }).reason).toBe('malformed');
    expect(verifyEvidence(keys(), 'nonsense').reason).toBe('malformed');
  });

  it('a failed Test leaves none; a Test that a cap ended leaves it with the remark', async () => {
    engine.simulator.addFaults({ fault: { kind: 'refusal' }, match: { requestId: '*' }, times: 0 });
    const { runId: failed } = await engine.start({ provider: 'openai', input: freshInput() });
    expect((await engine.finished(failed)).status).toBe('failed');
    expect(await evidence(failed)).toBeNull();
    engine.simulator.reset();
    const { runId: capped } = await engine.start({ provider: 'openai', input: freshInput(), caps: { outputTokens: 150 } });
    await engine.finished(capped);
    expect((await evidence(capped))?.record).toMatchObject({ outcome: 'capped', cap: 'output_tokens', remark: expect.stringContaining('150 output tokens') as string });
  });
});

describe('a Full run', () => {
  it('skips its own Test when a fresh one passed with the same inputs and model, and buys nothing for it', async () => {
    const input = freshInput();
    const tested = await passedTest(input);
    const { runId, view, test } = await full(input);
    expect(test).toMatchObject({ status: 'skipped', remark: expect.stringContaining(`evidence of run ${tested}`) as string, steps: [] });
    expect(view.evidence).toEqual({ runId: tested, evidenceId: null });
    expect([bought(runId, 'test'), bought(runId, 'full') > 0]).toEqual([0, true]);
    expect(await evidence(runId)).toBeNull();
  });

  it('makes its own Test after other inputs, another provider, another model, a demo Test or an old one', async () => {
    const input = freshInput();
    await passedTest(input);
    expect((await full({ ...input, timebox_minutes: 45 })).test?.status).toBe('passed');
    expect((await full(input, 'anthropic')).test?.status).toBe('passed');
    expect((await full(input, 'openai', 'gpt-4o-mini')).test?.status).toBe('passed');
    const simulated = freshInput();
    await passedTest(simulated, 'demo');
    const real = await full(simulated);
    expect([real.test?.status, (await evidence(real.runId))?.record.provider]).toEqual(['passed', 'openai']);
  });

  it('does not believe a row that was changed in the database, nor one of another person or definition', async () => {
    const runId = await passedTest(freshInput());
    const subject = await evidenceSubjectOfRun(engine.db, runId);
    if (!subject) throw new Error('the run is gone');
    const find = (change: Partial<typeof subject> = {}, now?: Date) => findFreshEvidence(engine.db, keys(), { ...subject, ...change }, 24, now);
    expect((await find())?.runId).toBe(runId);
    expect(await find({ userId: '0199aaaa-0000-7000-8000-000000000001' })).toBeNull();
    expect(await find({ definitionHash: 'f'.repeat(64) })).toBeNull();
    expect(await find({ workflowVersion: 2 })).toBeNull();
    expect(await find({}, new Date(Date.now() + 25 * 3_600_000))).toBeNull();
    expect(await explainMissingEvidence(engine.db, subject, 24, new Date(Date.now() + 25 * 3_600_000))).toContain('25 hours old; it counts for 24');
    expect(await explainMissingEvidence(engine.db, { ...subject, model: 'other' }, 24)).toContain('made with another model');
    // Prisma names every restrict violation a foreign key's; the database's own words are in the cause.
    await expect(engine.db.evidence.updateMany({ where: { runId }, data: { model: 'gpt-9' } })).rejects.toMatchObject({ meta: { driverAdapterError: { cause: { originalMessage: 'evidence rows are immutable' } } } });
    const trigger = (state: 'DISABLE' | 'ENABLE') => asOwner(engine.config.DATABASE_URL ?? '', (client) => client.query(`ALTER TABLE evidence ${state} TRIGGER evidence_immutable`));
    await trigger('DISABLE');
    await engine.db.evidence.updateMany({ where: { runId }, data: { model: 'gpt-9' } });
    expect(await find({ model: 'gpt-9' })).toBeNull();
    const row = await engine.db.evidence.findFirstOrThrow({ where: { runId } });
    await engine.db.evidence.updateMany({ where: { runId }, data: { record: { ...(row.record as object), model: 'gpt-9' } } });
    expect(await find({ model: 'gpt-9' })).toBeNull();
    await trigger('ENABLE');
  });
});

/** The same text with one character changed, of the same kind. */
function flip(text: string): string {
  const at = text.search(/[0-9a-f]/);
  return at < 0 ? `${text}x` : `${text.slice(0, at)}${text[at] === '1' ? '2' : '1'}${text.slice(at + 1)}`;
}

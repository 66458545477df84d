import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OwnSnapshot } from '#contracts/own/definition';
import { subKey } from '#contracts/own/definition';
import { entryOf } from '#contracts/own/entry.schema';
import { EVERYTHING, snapshotOf, starterSnapshots, SUB } from '#test/support/own-definitions';
import { startEngine, type Engine, type StartOptions } from '#test/support/engine';

/** Written workflows on the real engine: interpreter, ledger, events, files, in Test and in Full with the demo provider. */
const base = { personas: ['student'], inputs: { schema: { type: 'object', properties: { topic: { type: 'string', default: 'tool calls' } } }, presets: [{ key: 'p', title: 'P', inputs: {} }] } };
const prompt = (key: string, text: string, more: object = {}): object => ({ type: 'prompt', key, prompt: text, max_tokens: 60, ...more });
const whole = snapshotOf(EVERYTHING, { [subKey('shorten', 1)]: snapshotOf(SUB).definition });
const branched = snapshotOf({ ...base, slug: 'branched', name: 'Branched', steps: [{ type: 'branch', key: 'way', when: 'topic == "no"', do: [prompt('never_taken', 'No')], else: [prompt('taken', 'Yes')] }] });
const failing = snapshotOf({ ...base, slug: 'failing', name: 'Failing', steps: [prompt('write', 'On {{topic}}'), { type: 'validate', key: 'rule', title: 'Long enough', source: 'write_output', rules: [{ rule: 'min_length', value: 100_000 }] }, prompt('after', 'x')] });
const side = (key: string): object => ({ steps: [prompt(key, `${key} on {{topic}}`)] });
const beside = snapshotOf({ ...base, slug: 'beside', name: 'Beside', steps: [{ type: 'parallel', key: 'both', branches: [side('one'), side('two'), side('three')] }, prompt('last', '{{one_output}} {{two_output}}')] });
const snapshots = [...starterSnapshots(), whole, branched, failing, beside];

let engine: Engine;
beforeAll(async () => { engine = await startEngine({}, { entries: snapshots.map((snapshot) => entryOf(snapshot, 1)) }); }, 120_000);
afterAll(() => engine.close());

const run = async (own: OwnSnapshot, options: StartOptions = {}) => {
  const { runId, handle } = await engine.start({ slug: own.definition.slug, ...options, request: { own, ...options.request } });
  return { runId, handle, view: await engine.finished(runId) };
};
const activityIds = async (handle: Awaited<ReturnType<typeof run>>['handle']): Promise<string> => JSON.stringify((await handle.fetchHistory()).events?.map((event) => event.activityTaskScheduledEventAttributes?.activityId ?? ''));

describe('the starters', () => {
  it.each(starterSnapshots().map((own) => [own.definition.slug, own] as const))('%s runs in Test and in Full on the demo provider', async (slug, own) => {
    const test = await run(own, { mode: 'test_run' });
    expect([test.view.status, test.view.capReached, test.view.error]).toEqual(['completed', null, null]);
    const full = await run(own, { mode: 'full_run' });
    expect([full.view.status, full.view.error]).toEqual(['completed', null]);
    const report = await engine.readArtifact(full.runId, 'result.md');
    expect(report).toContain('**DEMO**');
    expect(report).not.toContain('{{');
    expect(report).not.toContain('**Unresolved:**');
    expect(await engine.readArtifact(test.runId, 'result.md')).toContain('**TEST**');
    expect((await full.handle.describe()).type).toBe(entryOf(own, 1).workflowType);
    if (slug === 'monitoring_runbook') expect(await engine.readArtifact(full.runId, 'alerts.csv')).toMatch(/^name,why,first_step\r\n/);
  }, 60_000);
});

describe('the interpreter', () => {
  it('takes every step type, asks people in Full and nobody in Test', async () => {
    expect((await run(whole, { mode: 'test_run' })).view.status).toBe('completed');
    const { runId } = await engine.start({ slug: 'everything', mode: 'full_run', timings: { gateWaitMs: 400 }, request: { own: whole } });
    const asked = await engine.until(runId, (view) => view.gates.some((gate) => gate.key === 'style' || gate.gateId.includes('style')));
    expect(asked.gates[0]?.kind).toBe('question');
    const view = await engine.finished(runId);
    // Nobody approved in time: that closes the run, after everything before it was made and kept.
    expect([view.status, view.error?.code]).toEqual(['failed', 'ApprovalExpired']);
    const keys = view.stages.at(-1)?.steps.map(({ step }) => step) ?? [];
    expect(keys).toEqual(expect.arrayContaining(['look', 'think', 'dig', 'count', 'many', 'few', 'left', 'right', 'each', 'about-1', 'about-2', 'style']));
    expect(keys).not.toContain('never');
  }, 60_000);

  it('leaves no trace of a way that is not taken', async () => {
    const { handle, view } = await run(branched);
    expect(view.status).toBe('completed');
    const ids = await activityIds(handle);
    expect(ids).toContain('test/taken/1');
    expect(ids).not.toContain('never_taken');
    expect(view.stages.at(-1)?.steps.map(({ step }) => step)).toEqual(['way', 'taken']);
  }, 30_000);

  it('ends with the words of the rule that does not hold (Q12)', async () => {
    const { view } = await run(failing);
    expect(view.status).toBe('failed');
    expect(view.error).toMatchObject({ code: 'OutputInvalid', step: 'rule' });
    expect(view.error?.detail).toMatch(/at least 100000 are needed/);
    expect(view.stages.at(-1)?.steps.map(({ step }) => step)).toEqual(['write', 'rule']);
  }, 30_000);

  it('asks the branches of a parallel step at the same time', async () => {
    const { view } = await run(beside);
    const steps = view.stages.at(-1)?.steps ?? [];
    const [one, two, three] = ['one', 'two', 'three'].map((key) => steps.find(({ step }) => step === key));
    const firstEnd = Math.min(...[one, two, three].map((step) => Date.parse(step?.endedAt ?? '')));
    for (const step of [one, two, three]) expect(Date.parse(step?.startedAt ?? '')).toBeLessThanOrEqual(firstEnd);
  }, 30_000);

  it('goes on from the snapshot after the worker died, and buys nothing twice', async () => {
    const { runId } = await engine.start({ slug: 'beside', request: { own: beside } });
    await engine.until(runId, (view) => view.stages.some(({ steps }) => steps.some((step) => step.completions.length > 0)));
    await engine.stopWorker();
    await engine.startWorker();
    expect((await engine.finished(runId)).status).toBe('completed');
    const bought = await engine.db.completion.findMany({ where: { runId }, select: { step: true, ordinal: true } });
    expect(new Set(bought.map(({ step, ordinal }) => `${step}/${ordinal}`)).size).toBe(bought.length);
  }, 60_000);
});

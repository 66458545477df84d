import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RunView } from '#contracts/run-reducer';
import { sha256Hex } from '#platform/ids';
import { GOAL, startEngine, type Engine } from '../support/engine.ts';
import { activitiesIn } from '../support/history.ts';

let engine: Engine;
beforeAll(async () => { engine = await startEngine(); });
afterEach(() => engine.simulator.reset());
afterAll(() => engine.close());

interface Span { name: string; spanId: string; attributes: { key: string; value: Record<string, unknown> }[] }
const attribute = (span: Span, key: string) => Object.values(span.attributes.find((each) => each.key === key)?.value ?? {})[0];
const number = (span: Span, key: string) => (attribute(span, key) === undefined ? undefined : Number(attribute(span, key)));

async function spansOf(runId: string): Promise<Span[]> {
  const trace = JSON.parse(await engine.readArtifact(runId, 'trace.json')) as { resourceSpans: [{ scopeSpans: [{ spans: Span[] }] }] };
  return trace.resourceSpans[0].scopeSpans[0].spans;
}
const completionsOf = (view: RunView) => view.stages.flatMap((stage) => stage.steps.flatMap((step) => step.completions.map((each) => ({ call: `${stage.stage}/${step.step}/${each.ordinal}`, text: each.end?.text, input: each.end?.usage.inputTokens, output: each.end?.usage.outputTokens }))));

/** Trace, page, row and ledger are four ways to the same run. */
async function expectAgreement(runId: string, view: RunView): Promise<void> {
  const chats = (await spansOf(runId)).filter((span) => attribute(span, 'gen_ai.operation.name') === 'chat');
  expect(chats.map((span) => ({ call: attribute(span, 'awp.call'), text: attribute(span, 'gen_ai.output.messages'), input: number(span, 'gen_ai.usage.input_tokens'), output: number(span, 'gen_ai.usage.output_tokens') }))).toEqual(completionsOf(view));
  const row = await engine.db.run.findUniqueOrThrow({ where: { id: runId } });
  const ledger = await engine.db.completion.findMany({ where: { runId, state: 'done' } });
  const sum = (of: (each: (typeof ledger)[number]) => number | bigint | null) => ledger.reduce((total, each) => total + Number(of(each)), 0);
  const { totals, possibly_billed: listed } = JSON.parse(await engine.readArtifact(runId, 'metadata.json')) as { totals: Record<string, number>; possibly_billed: unknown[] };
  const paid = { input: view.totals.inputTokens, output: view.totals.outputTokens, cost: view.totals.costUsdMicros, calls: view.totals.completions };
  expect({ input: row.inputTokens, output: row.outputTokens, cost: Number(row.costUsdMicros), calls: view.totals.completions }).toEqual(paid);
  expect({ input: sum((each) => each.inputTokens), output: sum((each) => each.outputTokens), cost: sum((each) => each.costUsdMicros), calls: ledger.length }).toEqual(paid);
  expect({ input: totals['input_tokens'], output: totals['output_tokens'], cost: totals['cost_usd_micros'], calls: totals['completions'] }).toEqual(paid);
  const doubtful = await engine.db.completionAttempt.count({ where: { completion: { runId }, state: { in: ['possibly_billed', 'in_flight'] } } });
  expect({ page: view.totals.possiblyBilled, file: totals['possibly_billed'], listed: listed.length }).toEqual({ page: doubtful, file: doubtful, listed: doubtful });
  expect(row.status).toBe(view.status);
}

describe('Learn Agentic AI on the real engine', () => {
  it('Validate checks and buys nothing', async () => {
    const { runId } = await engine.start({ mode: 'validate_only' });
    const view = await engine.finished(runId);
    expect(view).toMatchObject({ status: 'completed', error: null, totals: { completions: 0 } });
    expect(view.stages.map((stage) => [stage.stage, stage.status])).toEqual([['validate', 'passed']]);
    expect(view.stages[0]?.checks.map((check) => check.check).sort()).toEqual(['estimate', 'inputs', 'provider', 'secret', 'tools']);
    expect(view.estimate?.tokens.worst).toBeGreaterThan(0);
    expect(engine.simulator.counters()).toMatchObject({ total: 0, healthChecks: 1 });
  });

  it('Test runs the real steps inside its caps, and trace, page, row and ledger agree', async () => {
    const { runId } = await engine.start({ provider: 'openai' });
    const view = await engine.finished(runId);
    expect(view).toMatchObject({ status: 'completed', error: null, capReached: null });
    expect(view.totals.outputTokens).toBeLessThanOrEqual(1000);
    expect(view.totals.inputTokens).toBeLessThanOrEqual(8000);
    expect(view.totals.costUsdMicros).toBeGreaterThan(0);
    expect(view.stages.at(-1)?.steps.map((step) => [step.step, step.status])).toEqual(['survey', 'diagnose', 'syllabus', 'find-1', 'note-1', 'quiz', 'gaps'].map((step) => [step, 'done']));
    expect(view.artifacts.map((artifact) => artifact.fileName).filter((name) => !name.startsWith('steps/')).sort()).toEqual(['evidence.json', 'logs.txt', 'metadata.json', 'notes.md', 'quiz.json', 'trace.json']);
    await expectAgreement(runId, view);
    const prompts = (await spansOf(runId)).flatMap((span) => (span.name.startsWith('chat') ? [JSON.parse(attribute(span, 'gen_ai.input.messages') as string) as unknown] : []));
    expect(prompts).toEqual((await engine.db.completion.findMany({ where: { runId }, orderBy: { createdAt: 'asc' } })).map((row) => row.request));
  });

  it('notes.md follows the inputs, is stamped, and cites only what was found in this run', async () => {
    const { runId } = await engine.start({ input: { learning_goal: 'Understand how an agent remembers', difficulty: 'advanced', agent_framework: 'LlamaIndex', timebox_minutes: 90, notes_format: 'html', export_options: ['flashcards_csv'] } });
    const view = await engine.finished(runId);
    const notes = await engine.readArtifact(runId, 'notes.md');
    expect(notes).toContain('# Understand how an agent remembers\n');
    expect(notes).toContain('*For an advanced learner, 90 minutes, LlamaIndex.*');
    expect(notes).toContain('> **DEMO**');
    expect(notes).toContain('> **TEST**');
    expect(notes).not.toContain('Unresolved');
    expect([...notes.matchAll(/^- \[(m\d+)\]/gm)].length).toBeGreaterThan(0);
    expect(notes).not.toContain(GOAL);
    expect(view.artifacts.map((artifact) => artifact.fileName).filter((name) => !name.startsWith('steps/')).sort()).toEqual(['evidence.json', 'flashcards.csv', 'logs.txt', 'metadata.json', 'notes.html', 'notes.md', 'trace.json']);
    expect(await engine.readArtifact(runId, 'notes.html')).toContain('<h1>Understand how an agent remembers</h1>');
  });

  it('Full goes Validate, Test, Full in one execution; topics follow the timebox, at most three at once', async () => {
    // The five notes of Full come after five calls of Test, diagnosis and syllabus.
    engine.simulator.addFaults({ fault: { kind: 'latency', ms: 700 }, nth: 8, times: 5 });
    const { runId, handle } = await engine.start({ mode: 'full_run', input: { timebox_minutes: 120, agent_framework: 'CrewAI' } });
    const view = await engine.finished(runId);
    expect(view).toMatchObject({ status: 'completed', error: null });
    expect(view.stages.map((stage) => [stage.stage, stage.status])).toEqual([['validate', 'passed'], ['test', 'passed'], ['full', 'passed']]);
    const steps = view.stages.at(-1)?.steps.map((step) => step.step) ?? [];
    expect(steps.filter((step) => step.startsWith('note-')).toSorted()).toEqual(['note-1', 'note-2', 'note-3', 'note-4', 'note-5']);
    expect(engine.simulator.counters().peakInFlight).toBeGreaterThan(1);
    expect(engine.simulator.counters().peakInFlight).toBeLessThanOrEqual(3);
    const notes = await engine.readArtifact(runId, 'notes.md');
    expect(notes).toMatch(/\| 5 \| .* min \|\n\n\d+ minutes in all\./);
    expect(notes).not.toContain('**TEST**');
    // Side by side in time, in the order of the syllabus on the page.
    const titles = [...notes.matchAll(/^\| \d \| (.+?) \| /gm)].map((match) => match[1] as string);
    expect([...notes.matchAll(/^## (.+)$/gm)].map((match) => match[1]).filter((title) => titles.includes(title ?? ''))).toEqual(titles);
    expect(await engine.readArtifact(runId, 'test/notes.md')).toContain('**TEST**');
    await expectAgreement(runId, view);
    expect((await handle.describe()).type).toBe('learnAgenticAi');
    // Files, evidence and the end are written within the workflow task, but for the last file.
    expect(await activitiesIn(handle)).toEqual(['complete', 'runCheck', 'saveArtifact']);
  });

  it('the first topic that fails stops the others, and nothing goes on unseen', async () => {
    // Five calls of Test, diagnosis, syllabus, then three notes side by side.
    engine.simulator.addFaults({ fault: { kind: 'status', status: 401 }, nth: 8 }, { fault: { kind: 'hang' }, nth: 9, times: 2 });
    const { runId } = await engine.start({ mode: 'full_run', provider: 'openai', input: { timebox_minutes: 120 } });
    const view = await engine.finished(runId);
    expect(view).toMatchObject({ status: 'failed', error: { code: 'ProviderAuthentication', step: expect.stringMatching(/^note-[123]$/) as string } });
    expect(engine.simulator.counters()).toMatchObject({ inFlight: 0 });
    const full = view.stages.at(-1)?.steps ?? [];
    expect(full.filter((step) => step.status === 'failed')).toHaveLength(1);
    expect(full.some((step) => step.step === 'quiz')).toBe(false);
    expect(full.every((step) => step.endedAt !== null)).toBe(true);
    expect(await engine.readArtifact(runId, 'notes.md')).toContain('> The provider refused the key');
    expect(view.totals.possiblyBilled).toBe(2);
    await expectAgreement(runId, view);
  });
});

describe('what a run leaves behind', () => {
  it('files as they were announced, and no key in any of them or in the log', async () => {
    const { runId } = await engine.start({ provider: 'anthropic' });
    const view = await engine.finished(runId);
    for (const artifact of view.artifacts) {
      const content = await engine.readArtifact(runId, artifact.fileName);
      expect(sha256Hex(content), artifact.fileName).toBe(artifact.sha256);
      expect(Buffer.byteLength(content), artifact.fileName).toBe(artifact.fileSizeBytes);
      expect(content, artifact.fileName).not.toContain('sk-test');
    }
    expect(JSON.stringify(view)).not.toContain('sk-test');
  });

  it('with the trace off: times and tokens, no words', async () => {
    const { runId } = await engine.start({ input: { trace_level: 'off' } });
    const view = await engine.finished(runId);
    const spans = await spansOf(runId);
    expect(spans.filter((span) => span.name.startsWith('chat'))).toHaveLength(view.totals.completions);
    expect(spans.some((span) => span.attributes.some((each) => each.key.endsWith('.messages')))).toBe(false);
  });

  it('no streamed text once every call is done', async () => {
    const { runId } = await engine.start();
    await engine.finished(runId);
    expect(await engine.db.runEvent.count({ where: { runId, type: 'text-delta' } })).toBe(0);
  });
});

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { MAX_PAYLOAD_BYTES } from '#contracts/limits';
import { historySize } from '../support/history.ts';
import { startEngine, type Engine } from '../support/engine.ts';

let engine: Engine;
beforeAll(async () => { engine = await startEngine(); });
afterEach(() => engine.simulator.reset());
afterAll(() => engine.close());

/** Prose of long words, so that the simulator sends it in few frames. */
const prose = (bytes: number): string => Array.from({ length: Math.ceil(bytes / 5000) }, (_, index) => `${index}${'x'.repeat(4990)}`).join(' ').slice(0, bytes);
const wide = { caps: { outputTokens: 10_000_000, inputTokens: 10_000_000 } };

describe('claim check end to end', () => {
  it('an answer of 5 MB goes through prompt, notes, trace and step file; the history holds references only', async () => {
    const text = prose(5_000_000);
    engine.simulator.addFaults({ fault: { kind: 'text', text, whole: true }, match: { requestId: '*' }, nth: 3 });
    const { runId, handle } = await engine.start({ provider: 'openai', ...wide });
    const view = await engine.finished(runId);
    expect(view).toMatchObject({ status: 'completed', error: null });
    const answer = (await engine.db.completion.findFirstOrThrow({ where: { runId, step: 'note-1' } })).answer as { text: string };
    expect(answer.text.length).toBeGreaterThan(4_000_000);
    expect(await engine.readArtifact(runId, 'notes.md')).toContain(answer.text.slice(0, 100_000));
    const size = await historySize(handle);
    expect(size.largestPayload).toBeLessThanOrEqual(MAX_PAYLOAD_BYTES);
    expect(size.bytes).toBeLessThan(500_000);
    const stepFile = view.artifacts.find((artifact) => artifact.fileName.endsWith('-note-1.json'))?.fileName ?? '';
    const step = JSON.parse(await engine.readArtifact(runId, stepFile)) as { completions: { response: string }[] };
    expect(step.completions[0]?.response).toBe(answer.text);
  });

  it('a store that refuses when a large file is due ends the run in words, once, and the answer stays in the ledger', async () => {
    const { storage } = engine.runner.deps;
    const put = storage.put;
    engine.simulator.addFaults({ fault: { kind: 'text', text: prose(400_000), whole: true }, match: { requestId: '*' }, nth: 3 });
    // The large answer itself is stored; from the file made of it on, the disk is full for large things.
    let large = 0;
    storage.put = (key, content) => (key.includes('payload-') && (large += 1) > 1 ? Promise.reject(Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' })) : put(key, content));
    try {
      const { runId } = await engine.start({ provider: 'openai', ...wide });
      const view = await engine.finished(runId);
      expect(view).toMatchObject({ status: 'failed', error: { code: 'PayloadNotStored' } });
      expect(view.error?.detail).toContain('could not be stored');
      expect(await engine.db.completion.count({ where: { runId, step: 'note-1', state: 'done' } })).toBe(1);
      expect(view.artifacts.map((artifact) => artifact.fileName)).toContain('trace.json');
    } finally {
      storage.put = put;
    }
  });
});

describe('files of the steps', () => {
  it('prompt and answer of each step are one JSON object each, read once', async () => {
    const { runId } = await engine.start();
    const view = await engine.finished(runId);
    const names = view.artifacts.map((artifact) => artifact.fileName).filter((name) => name.startsWith('steps/')).sort();
    expect(names).toEqual(['steps/01-survey.json', 'steps/02-diagnose.json', 'steps/03-syllabus.json', 'steps/04-find-1.json', 'steps/05-note-1.json', 'steps/06-quiz.json', 'steps/07-gaps.json']);
    const diagnose = JSON.parse(await engine.readArtifact(runId, 'steps/02-diagnose.json')) as { completions: { prompt: { role: string; content: string }[]; response: { gaps: string[] } }[] };
    expect(diagnose.completions[0]?.prompt[0]).toMatchObject({ role: 'system' });
    expect(diagnose.completions[0]?.response.gaps.length).toBeGreaterThan(0);
    const rows = await engine.db.artifact.findMany({ where: { runId, artifactType: 'step' }, orderBy: { stepIndex: 'asc' } });
    expect(rows.map((row) => row.stepIndex)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect((JSON.parse(await engine.readArtifact(runId, 'metadata.json')) as { artifacts: { file_name: string }[] }).artifacts.map((file) => file.file_name)).toEqual(expect.arrayContaining(names));
  });

  it.each([['off', []], ['basic', ['response']]] as const)('trace level %s keeps what it says', async (level, kept) => {
    const { runId } = await engine.start({ input: { trace_level: level } });
    const view = await engine.finished(runId);
    const names = view.artifacts.map((artifact) => artifact.fileName).filter((name) => name.startsWith('steps/'));
    expect(names.length > 0).toBe(kept.length > 0);
    if (names.length === 0) return;
    const step = JSON.parse(await engine.readArtifact(runId, 'steps/02-diagnose.json')) as { completions: Record<string, unknown>[] };
    expect(step.completions[0]).toHaveProperty('response');
    expect(step.completions[0]).not.toHaveProperty('prompt');
  });

  it('the raw text of an answer that never fitted is kept as it came', async () => {
    engine.simulator.addFaults({ fault: { kind: 'text', text: 'no json here, {really}' }, match: { requestId: '*' }, times: 0 });
    const { runId } = await engine.start({ provider: 'openai', input: { trace_level: 'off' } });
    expect((await engine.finished(runId)).error).toMatchObject({ code: 'OutputInvalid', step: 'diagnose' });
    expect(await engine.readArtifact(runId, 'steps/diagnose-invalid.txt')).toBe('no json here, {really}');
  });
});

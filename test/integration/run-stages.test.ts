import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEngine, type Engine } from '../support/engine.ts';

let engine: Engine;
beforeAll(async () => { engine = await startEngine(); });
afterAll(() => engine.close());

describe('Learn Agentic AI on the real engine', () => {
  it('Validate checks and buys nothing', async () => {
    const { runId } = await engine.start({ mode: 'validate_only' });
    const view = await engine.finished(runId);
    expect(view).toMatchObject({ status: 'completed', error: null, totals: { completions: 0 } });
    expect(view.stages.map((stage) => [stage.stage, stage.status])).toEqual([['validate', 'passed']]);
    expect(view.stages[0]?.checks.map((check) => check.check).sort()).toEqual(['estimate', 'inputs', 'provider', 'secret', 'tools']);
    expect(view.estimate?.tokens.worst).toBeGreaterThan(0);
  });

  it('Test runs the real steps inside its caps and keeps notes and trace', async () => {
    const { runId } = await engine.start();
    const view = await engine.finished(runId);
    expect(view.error).toBeNull();
    expect(view.status).toBe('completed');
    expect(view.totals.outputTokens).toBeLessThanOrEqual(1000);
    expect(view.artifacts.map((artifact) => artifact.fileName).sort()).toEqual(['logs.txt', 'metadata.json', 'notes.md', 'quiz.json', 'trace.json']);
    const notes = await engine.readArtifact(runId, 'notes.md');
    expect(notes).toContain('Build a small agent that calls tools');
    console.log(notes);
  });

  it('Full goes Validate, Test, Full in one execution', async () => {
    const { runId } = await engine.start({ mode: 'full_run', input: { timebox_minutes: 60 } });
    const view = await engine.finished(runId);
    expect(view.error).toBeNull();
    expect(view.status).toBe('completed');
    expect(view.stages.map((stage) => stage.stage)).toEqual(['validate', 'test', 'full']);
    console.log(await engine.readArtifact(runId, 'notes.md'));
  });
});

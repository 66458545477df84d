import { describe, expect, it } from 'vitest';
import { EMPTY_RUN_VIEW, type CompletionView, type RunView, type StepView } from '#contracts/run-reducer';
import { lastWords, liveLine } from './live-line';

const call = (change: Partial<CompletionView>): CompletionView => ({ ordinal: 1, attempt: 1, provider: 'demo', model: 'demo-1', maxOutputTokens: 100, status: 'running', text: '', startedAt: '2026-01-01T00:00:00Z', endedAt: null, retries: [], end: null, ...change });
const step = (change: Partial<StepView>): StepView => ({ step: 'notes', title: 'Write notes', index: 4, total: 7, status: 'running', summary: null, startedAt: '2026-01-01T00:00:00Z', endedAt: null, completions: [], tools: [], ...change });
const running = (steps: StepView[]): RunView => ({ ...EMPTY_RUN_VIEW, status: 'running', stages: [{ stage: 'test', status: 'running', remark: null, cap: null, startedAt: '2026-01-01T00:00:00Z', endedAt: null, waitedMs: 0, checks: [], steps }] });

describe('liveLine', () => {
  it('names stage, step and what the step is at', () => {
    expect(liveLine(running([step({ completions: [call({ text: 'An agent is a loop' })] })]))).toEqual({ where: 'Test, step 4 of 7', title: 'Write notes', anchor: 'test-notes', doing: 'the model writes', words: 'An agent is a loop' });
    expect(liveLine(running([step({ completions: [call({})] })]))?.doing).toBe('waits for the first words of demo-1');
    expect(liveLine(running([step({ completions: [call({ status: 'retrying' })] })]))?.doing).toBe('waits before it asks the model again');
    expect(liveLine(running([step({ tools: [{ toolCallId: '1', tool: 'library_search', arguments: {}, status: 'running', summary: null, items: [], durationMs: null, startedAt: '', grant: null }] })]))?.doing).toBe('uses library search');
  });

  it('is silent where nothing is under way', () => {
    expect(liveLine(EMPTY_RUN_VIEW)).toBeNull();
    expect(liveLine(running([step({ status: 'done' })]))).toBeNull();
    expect(liveLine({ ...running([step({})]), status: 'waiting' })).toBeNull();
    expect(liveLine({ ...running([step({})]), status: 'completed' })).toBeNull();
  });
});

describe('lastWords', () => {
  it('of data that is being written gives the value that is being written', () => {
    expect(lastWords('{"title":"Loops","items":["one","two and a ha')).toBe('two and a ha');
    expect(lastWords('{"title":"Loops","items":[')).toBe('Loops');
  });
  it('of a long text gives the end, from the beginning of a word', () => {
    const words = lastWords(`${'word '.repeat(100)}the very end`);
    expect(words).toMatch(/^…word .*the very end$/);
    expect(words.length).toBeLessThanOrEqual(241);
  });
});

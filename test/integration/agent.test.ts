import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ProviderId } from '#contracts/providers';
import { allRunEvents } from '#platform/repositories/run-events';
import { startEngine, type Engine, type StartOptions } from '../support/engine.ts';
import { agenticEntry } from '../support/agentic/definition.ts';

let engine: Engine;
beforeAll(async () => { engine = await startEngine({}, { entries: [agenticEntry], workflowsPath: path.resolve('test/support/agentic/workflows.ts') }); });
afterEach(() => engine.simulator.reset());
afterAll(() => engine.close());

const QUESTION = 'How does an agent call tools?';
const start = (input: Record<string, unknown> = {}, options: StartOptions = {}) => engine.start({ slug: 'agentic_work', provider: 'openai', ...options, input: { question: QUESTION, ...input } });
const asks = (name: string, args: Record<string, unknown>, nth = 1, times = 1) => engine.simulator.addFaults({ fault: { kind: 'tool-call', name, arguments: args }, nth, times });
async function outcome(runId: string) {
  const view = await engine.finished(runId);
  const text = await engine.readArtifact(runId, 'answer.md');
  return { view, text, facts: JSON.parse(text.trimEnd().split('\n').at(-1) ?? '') as { turns: number; stopped: string; calls: [string, Record<string, unknown>, string][] } };
}

describe('the agent loop', () => {
  it.each(['demo', 'openai', 'anthropic', 'gemini', 'deepseek', 'groq', 'openrouter', 'compatible'] as ProviderId[])('%s: searches, reads, answers with what it read', async (provider) => {
    const { runId } = await start({}, { provider });
    const { view, text, facts } = await outcome(runId);
    expect(view.status, JSON.stringify(view.error)).toBe('completed');
    expect(facts).toMatchObject({ turns: 2, stopped: 'done', calls: [['library_search', {}, 'ok']] });
    expect(text).toMatch(/\[m1\]/);
    expect(view.stages.at(-1)?.steps[0]?.tools).toHaveLength(1);
    expect(view.stages.at(-1)?.steps[0]?.completions).toHaveLength(2);
  });

  it('a tool that the step may not use is not called, and the log says so', async () => {
    asks('fetch_url', { url: 'http://169.254.169.254/latest' });
    const { runId } = await start();
    const { view, facts } = await outcome(runId);
    expect(view.status).toBe('completed');
    expect(facts.calls[0]).toEqual(['fetch_url', { url: 'http://169.254.169.254/latest' }, 'denied']);
    const events = await allRunEvents(engine.db, runId);
    expect(events.filter((event) => event.type === 'tool-call' && event.data.tool === 'fetch_url')).toEqual([]);
    expect(events.find((event) => event.type === 'log-write')?.data).toMatchObject({ level: 'warn', message: expect.stringContaining('fetch_url') as string });
  });

  it("a person's prompt begins the conversation in place of the workflow's, and stays its beginning in every turn", async () => {
    const source = await start();
    const { view: first } = await outcome(source.runId);
    const step = first.stages.at(-1)?.steps[0]?.step ?? '';
    const mine = [{ role: 'user' as const, content: 'Search the library for the agent loop, then answer in one sentence.' }];
    const { runId } = await start({}, { fork: { sourceRunId: source.runId, kind: 'start', reuse: [], edits: {}, prompts: { [`test/${step}/1`]: mine }, editedBy: engine.userId, retest: false } });
    const { view } = await outcome(runId);
    const rows = await engine.db.completion.findMany({ where: { runId, step }, orderBy: { ordinal: 'asc' } });
    expect(rows.map((row) => (row.request as unknown as object[])[0])).toEqual(rows.map(() => mine[0]));
    expect(rows.length).toBeGreaterThan(1);
    expect(view.stages.at(-1)?.steps[0]?.completions.map((completion) => completion.end?.prompt_edited_by)).toEqual(rows.map(() => engine.userId));
  });

  it('U+0000 and half a character in arguments and in an answer end no run', async () => {
    asks('library_search', { query: 'agent\0 loop \uD83D', limit: 1 });
    engine.simulator.addFaults({ fault: { kind: 'text', text: 'An agent\0 acts.' }, nth: 2, times: 1 });
    const { runId } = await start();
    const { view, text, facts } = await outcome(runId);
    expect(view.status, JSON.stringify(view.error)).toBe('completed');
    expect(facts.calls).toEqual([['library_search', { query: 'agent loop \uFFFD', limit: 1 }, 'ok']]);
    expect(text).toContain('An agent acts.');
    expect((await engine.db.completion.findMany({ where: { runId }, include: { attempts: true } })).map(({ state, attempts }) => [state, attempts.length])).toEqual([['done', 1], ['done', 1]]);
  });

  it('the same call twice is made once; a loop that never ends stops at its turns', async () => {
    asks('library_search', { query: 'agent loop', limit: 1 }, 1, 0);
    const { runId } = await start({ turns: 4 });
    const { view, facts } = await outcome(runId);
    expect(facts).toMatchObject({ turns: 4, stopped: 'turns' });
    expect(facts.calls).toHaveLength(1);
    expect(view.stages.at(-1)?.steps[0]?.tools).toHaveLength(1);
    const { events } = await engine.runner.deps.temporal.workflow.getHandle(runId).fetchHistory();
    expect((events ?? []).length).toBeLessThan(120);
  });

  it('what tools add to a call is counted before it is made: a cap that only the words would fit is reached', async () => {
    const { runId } = await start({}, { caps: { inputTokens: 900 } });
    expect(await engine.finished(runId)).toMatchObject({ status: 'completed', capReached: 'input_tokens', totals: { completions: 0 } });
    const { view } = await outcome((await start({}, { caps: { inputTokens: 5_000 } })).runId);
    // The first call's own words are far below that cap.
    expect([view.capReached, (view.stages.at(-1)?.steps[0]?.completions[0]?.end?.usage.inputTokens ?? 900) < 700]).toEqual([null, true]);
  });

  it('the loop cap ends it as an outcome', async () => {
    asks('library_search', { query: 'agent loop', limit: 1 }, 1, 0);
    const { runId } = await start({ turns: 9 });
    const view = await engine.finished(runId);
    expect(view).toMatchObject({ status: 'completed', capReached: 'iterations' });
  });
});

describe('a tool call that needs a yes', () => {
  const gate = async (runId: string) => {
    const view = await engine.until(runId, (seen) => seen.waits.length > 0);
    return view.gates.at(-1);
  };
  const decide = async (runId: string, answer: object) => {
    const open = await gate(runId);
    const decisionId = randomUUID();
    const send = () => engine.runner.deps.temporal.workflow.getHandle(runId).executeUpdate('decideGateUpdate', { updateId: decisionId, args: [{ decisionId, gateId: open?.gateId, shownHash: open?.shownHash, by: { id: engine.userId, name: 'Test' }, decision: 'answer', answer, reason: null }] });
    await expect.poll(() => send().then(() => 'taken', (error: Error) => error.message), { timeout: 15_000 }).toBe('taken');
  };

  it('shows tool and arguments, and runs with the person\'s own arguments', async () => {
    asks('library_search', { query: 'wrong words', limit: 1 });
    const { runId } = await start({ approval: 'ask' });
    expect(await gate(runId)).toMatchObject({ kind: 'question', title: 'May "Research" use library_search?', shown: { tool: 'library_search', arguments: { query: 'wrong words', limit: 1 } } });
    await decide(runId, { decision: 'always', arguments: '{"query":"tool calling","limit":1}' });
    const { facts } = await outcome(runId);
    expect(facts.calls[0]).toEqual(['library_search', { query: 'tool calling', limit: 1 }, 'ok']);
  });

  it('a no is told to the model and nothing is called', async () => {
    asks('library_search', { query: 'tool calling', limit: 1 });
    const { runId } = await start({ approval: 'ask', turns: 2 });
    await decide(runId, { decision: 'deny' });
    const { view, facts } = await outcome(runId);
    expect(view.status).toBe('completed');
    expect(facts.calls).toEqual([['library_search', { query: 'tool calling', limit: 1 }, 'denied']]);
    expect(view.stages.at(-1)?.steps[0]?.tools).toEqual([]);
  });

  it('nobody in time means no, and the run goes on', async () => {
    asks('library_search', { query: 'tool calling', limit: 1 });
    const { runId } = await start({ approval: 'ask', turns: 2 }, { timings: { gateWaitMs: 400 } });
    const { view, facts } = await outcome(runId);
    expect(view.status).toBe('completed');
    expect(facts.calls).toEqual([['library_search', { query: 'tool calling', limit: 1 }, 'denied']]);
  });
});

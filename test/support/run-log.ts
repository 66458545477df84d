import fc from 'fast-check';
import type { NewRunEvent, RunEvent } from '#contracts/run-events';
import { runError } from '#contracts/errors';
import type { TerminalStatus } from '#contracts/runs';

/** Builders of run event logs for tests: one written by hand and one drawn at random, both as the platform writes them. */
export const RUN_ID = '01990000-0000-7000-8000-000000000001';

/** Numbers the events as the database would. @param gap added to each sequence: gaps are allowed */
export function stored(events: readonly NewRunEvent[], gap = 0, from = 1): RunEvent[] {
  return events.map((event, index) => ({ ...event, runId: RUN_ID, sequence: from + index * (gap + 1), position: 1000 + index, at: new Date(Date.UTC(2026, 10, 1, 12, 0, 0, index * 7)).toISOString() }));
}

export const queued: NewRunEvent = { type: 'run-queue', data: { mode: 'test_run', workflow_id: 'learn_agentic_ai', workflow_title: 'Learn Agentic AI', workflow_version: 1, provider: 'openai', model: 'gpt-4o-mini', simulated: false } };
export const started: NewRunEvent = { type: 'run-start', data: { temporal_run_id: 'temporal-1' } };

export function ended(status: TerminalStatus): NewRunEvent {
  return { type: 'run-end', data: { status, cap_reached: null, error: status === 'failed' ? runError('ProviderUnavailable', 'openai could not be reached', 'note-1') : null, headline: 'The end.' } };
}

interface DrawnCall { failures: string[][]; /** which of the failed tries may have been charged */ doubts: boolean[]; /** at once: until 2026-11-27 only the answer told of them */ told: boolean; /** the last try may have been charged as well, when it brought no answer */ cut: boolean; texts: string[]; finished: boolean; input: number; output: number; cost: number | null; reused: boolean; late: boolean }
interface DrawnStep { calls: DrawnCall[]; tools: number; done: boolean }

const text = fc.string({ maxLength: 8 });
const call: fc.Arbitrary<DrawnCall> = fc.record({
  failures: fc.array(fc.array(text, { maxLength: 3 }), { maxLength: 2 }), doubts: fc.array(fc.boolean(), { minLength: 2, maxLength: 2 }), told: fc.boolean(), cut: fc.boolean(), texts: fc.array(text, { maxLength: 4 }), finished: fc.boolean(),
  input: fc.nat(5000), output: fc.nat(2000), cost: fc.option(fc.nat(100_000), { freq: 8 }), reused: fc.boolean(), late: fc.boolean(),
});
const step: fc.Arbitrary<DrawnStep> = fc.record({ calls: fc.array(call, { maxLength: 2 }), tools: fc.nat(2), done: fc.boolean() });

/** A run of one working stage whose steps go on side by side, with retries, late text of an earlier try and calls cut off. */
export const runLog: fc.Arbitrary<{ events: RunEvent[]; status: TerminalStatus | null }> = fc
  .record({ steps: fc.array(step, { minLength: 1, maxLength: 3 }), turns: fc.array(fc.nat(2), { maxLength: 60 }), status: fc.option(fc.constantFrom<TerminalStatus>('completed', 'failed', 'cancelled', 'timed_out')), gap: fc.nat(3) })
  .map(({ steps, turns, status, gap }) => {
    const lanes = steps.map((drawn, index) => eventsOfStep(drawn, index + 1, steps.length));
    const events: NewRunEvent[] = [
      queued, started, { type: 'stage-start', stage: 'validate', data: { stages: ['validate', 'test'] } },
      { type: 'check-end', stage: 'validate', data: { check: 'inputs', title: 'Inputs fit the form', outcome: 'passed', detail: 'yes', remedy: null, duration_ms: 1 } },
      { type: 'stage-end', stage: 'validate', data: { outcome: 'passed', cap: null, remark: null } },
      { type: 'stage-start', stage: 'test', data: { stages: ['validate', 'test'] } },
      ...interleave(lanes, turns), ...(status ? [ended(status)] : []),
    ];
    return { events: stored(events, gap), status };
  });

function eventsOfStep(drawn: DrawnStep, index: number, total: number): NewRunEvent[] {
  const key = `note-${index}`;
  const events: NewRunEvent[] = [{ type: 'step-start', stage: 'test', step: key, data: { title: `Note ${index}`, index, total } }];
  let ordinal = 0;
  for (let tool = 0; tool < drawn.tools; tool += 1) {
    ordinal += 1;
    const id = `test/${key}/${ordinal}`;
    events.push({ type: 'tool-call', stage: 'test', step: key, ordinal, data: { tool: 'library_search', tool_call_id: id, arguments: { query: 'agents' } } });
    events.push({ type: 'tool-result', stage: 'test', step: key, ordinal, data: { tool: 'library_search', tool_call_id: id, outcome: 'ok', summary: 'One item.', items: [], duration_ms: 3 } });
  }
  for (const drawnCall of drawn.calls) events.push(...eventsOfCall(drawnCall, key, ordinal += 1));
  if (drawn.done) events.push({ type: 'step-end', stage: 'test', step: key, data: { outcome: 'done', summary: 'Done.' } });
  return events;
}

function eventsOfCall(drawn: DrawnCall, step: string, ordinal: number): NewRunEvent[] {
  const events: NewRunEvent[] = [];
  const at = (attempt: number) => ({ stage: 'test' as const, step, ordinal, attempt });
  const tries = drawn.failures.length + 1;
  const doubts = (attempts: number) => drawn.doubts.slice(0, Math.min(attempts, drawn.failures.length)).filter(Boolean).length;
  const telling = (count: number) => (drawn.told && count > 0 ? { possibly_billed_attempts: count } : {});
  for (const [index, texts] of [...drawn.failures, drawn.texts].entries()) {
    const attempt = index + 1;
    events.push({ type: 'completion-start', ...at(attempt), data: { provider: 'openai', model: 'gpt-4o-mini', max_output_tokens: 2000, ...telling(doubts(index)) } });
    if (drawn.late && attempt > 1) events.push({ type: 'text-delta', ...at(attempt - 1), data: { text: 'late' } });
    events.push(...texts.map((part): NewRunEvent => ({ type: 'text-delta', ...at(attempt), data: { text: part } })));
    if (attempt < tries) events.push({ type: 'completion-retry', ...at(attempt), data: { code: 'ProviderUnavailable', detail: 'HTTP 503', wait_ms: 2000, ...telling(doubts(attempt)) } });
  }
  if (drawn.finished) {
    events.push({
      type: 'completion-end', ...at(tries),
      data: { provider: 'openai', model: 'gpt-4o-mini', model_served: 'gpt-4o-mini', usage: { inputTokens: drawn.input, outputTokens: drawn.output }, finish_reason: { unified: 'stop', raw: 'stop' }, cost_usd_micros: drawn.cost, text: drawn.texts.join(''), text_truncated: false, duration_ms: 10, first_token_ms: 2, reused: drawn.reused, possibly_billed_attempts: doubts(tries) },
    });
  } else if (drawn.cut && drawn.told) {
    events.push({ type: 'completion-retry', ...at(tries), data: { code: 'ProviderTimeout', detail: 'cut', wait_ms: null, possibly_billed_attempts: doubts(tries) + 1 } });
  }
  return events;
}

/** Mixes the lanes, each in its own order. */
function interleave(lanes: NewRunEvent[][], turns: readonly number[]): NewRunEvent[] {
  const rest = lanes.map((lane) => [...lane]);
  const mixed: NewRunEvent[] = [];
  for (const turn of turns) {
    const event = rest[turn % rest.length]?.shift();
    if (event) mixed.push(event);
  }
  return [...mixed, ...rest.flat()];
}

/** What is left of a log once the streamed text of finished calls is pruned, as pruneTextDeltas does it. */
export function pruned(events: readonly RunEvent[]): RunEvent[] {
  const call = (event: RunEvent) => `${event.stage}/${event.step}/${event.ordinal}`;
  const finished = new Set(events.filter((event) => event.type === 'completion-end').map(call));
  return events.filter((event) => event.type !== 'text-delta' || !finished.has(call(event)));
}

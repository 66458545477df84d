import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ended, pruned, queued, runLog, started, stored } from '#test/support/run-log';
import type { NewRunEvent, RunEvent } from './run-events.ts';
import { EMPTY_RUN_VIEW, reduceRun, reduceRunEvents, type RunView } from './run-reducer.ts';
import { canMove, isTerminal } from './runs.ts';

const freeze = <T>(value: T): T => {
  if (value !== null && typeof value === 'object' && !Object.isFrozen(value)) Object.values(Object.freeze(value)).forEach(freeze);
  return value;
};

describe('one log, one view', () => {
  it('the live view with streamed text equals the view from the pruned log', () => {
    fc.assert(fc.property(runLog, ({ events }) => { expect(reduceRunEvents(events)).toEqual(reduceRunEvents(pruned(events))); }));
  });

  it('a reader that reconnects anywhere and gets events again sees the same', () => {
    fc.assert(fc.property(runLog, fc.array(fc.nat(80), { maxLength: 6 }), ({ events }, cursors) => {
      let view: RunView = EMPTY_RUN_VIEW;
      for (const cursor of cursors) view = reduceRunEvents(events.slice(Math.min(cursor, firstUnseen(events, view))), view);
      view = reduceRunEvents(events, view);
      expect(view).toEqual(reduceRunEvents(events));
    }));
  });

  it('an event that was applied before changes nothing at all', () => {
    fc.assert(fc.property(runLog, fc.nat(), ({ events }, pick) => {
      const view = reduceRunEvents(events);
      expect(reduceRun(view, events[pick % events.length] as RunEvent)).toBe(view);
    }));
  });

  it('totals are the sums of the answers, unknown as soon as one price is', () => {
    fc.assert(fc.property(runLog, ({ events }) => {
      const ends = events.flatMap((event) => (event.type === 'completion-end' ? [event.data] : []));
      // Each event of a call repeats its count; the most that was told of it counts, once.
      const told = new Map<string, number>();
      for (const event of events) if (event.type === 'completion-start' || event.type === 'completion-retry' || event.type === 'completion-end') told.set(`${event.step}/${event.ordinal}`, Math.max(told.get(`${event.step}/${event.ordinal}`) ?? 0, event.data.possibly_billed_attempts ?? 0));
      const sum = (of: (end: (typeof ends)[number]) => number) => ends.reduce((total, end) => total + of(end), 0);
      expect(reduceRunEvents(events).totals).toEqual({
        completions: ends.length, inputTokens: sum((end) => end.usage.inputTokens), outputTokens: sum((end) => end.usage.outputTokens),
        reused: sum((end) => Number(end.reused)), possiblyBilled: [...told.values()].reduce((total, count) => total + count, 0),
        costUsdMicros: ends.some((end) => end.cost_usd_micros === null) ? null : sum((end) => (end.reused ? 0 : end.cost_usd_micros ?? 0)),
        toolCalls: events.filter((event) => event.type === 'tool-call').length, retries: events.filter((event) => event.type === 'completion-retry' && event.data.wait_ms !== null).length,
      });
    }));
  });

  it('never changes what it was given', () => {
    fc.assert(fc.property(runLog, ({ events }) => {
      let view = freeze(structuredClone(EMPTY_RUN_VIEW));
      for (const event of freeze(events)) view = freeze(reduceRun(view, event));
    }));
  });
});

describe('status', () => {
  it('moves along legal edges only, in whatever order events come', () => {
    fc.assert(fc.property(runLog, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), ({ events }, random) => {
      const order = new Map(events.map((event) => [event, random.next().value as number]));
      const shuffled = stored(events.toSorted((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0)));
      let view: RunView = EMPTY_RUN_VIEW;
      for (const event of shuffled) {
        const next = reduceRun(view, event);
        expect(next.status === view.status || canMove(view.status, next.status), `${view.status} → ${next.status}`).toBe(true);
        view = next;
      }
    }));
  });

  it('after the end only artifacts and log lines are taken', () => {
    fc.assert(fc.property(runLog.filter(({ status }) => status !== null), runLog, ({ events, status }, other) => {
      const view = reduceRunEvents(events);
      const after = stored(other.events, 0, (events.at(-1)?.sequence ?? 0) + 1);
      const late = reduceRunEvents(after, view);
      expect(view.status).toBe(status);
      expect(isTerminal(view.status)).toBe(true);
      expect(late).toEqual({ ...view, lastSequence: late.lastSequence, lastEventAt: late.lastEventAt });
      const saved: NewRunEvent = { type: 'artifact-save', data: { artifact_id: 'a', file_name: 'trace.json', mime_type: 'application/json', file_size_bytes: 2, sha256: 'ab' } };
      expect(reduceRunEvents(stored([saved], 0, late.lastSequence + 1), late).artifacts.map((artifact) => artifact.fileName)).toContain('trace.json');
    }));
  });

  it('a run that ends from outside leaves nothing running', () => {
    fc.assert(fc.property(runLog.filter(({ status }) => status !== null), ({ events }) => {
      const view = reduceRunEvents(events);
      const parts = view.stages.flatMap((stage) => [stage.status, ...stage.steps.flatMap((step) => [step.status, ...(step.endedAt === null ? ['running'] : [])])]);
      expect(parts).not.toContain('running');
      expect(view.completedAt).not.toBeNull();
    }));
  });

  it('two waits at once: the run waits until both have ended, and the row sees the same', () => {
    const wait = (id: string, reason: 'budget' | 'provider'): NewRunEvent => ({ type: 'wait-start', stage: 'full', data: { wait_id: id, reason, detail: id, until: null } });
    const over = (id: string, reason: 'budget' | 'provider'): NewRunEvent => ({ type: 'wait-end', stage: 'full', data: { wait_id: id, reason, outcome: 'settled', detail: id } });
    const begun: NewRunEvent[] = [queued, started, { type: 'stage-start', stage: 'full', data: { stages: ['full'] } }, wait('budget-1', 'budget'), wait('provider-1', 'provider'), over('budget-1', 'budget'), wait('provider-1', 'provider')];
    const view = reduceRunEvents(stored(begun));
    expect(view).toMatchObject({ status: 'waiting', waitReason: 'provider', waits: [{ waitId: 'provider-1' }] });
    // What the row knows: its status and the new events only.
    const row = reduceRunEvents(stored(begun.slice(5)), { ...EMPTY_RUN_VIEW, status: 'waiting', waitReason: 'budget' });
    expect([row.status, row.waitReason]).toEqual([view.status, view.waitReason]);
    const on = reduceRunEvents(stored([...begun, over('provider-1', 'provider')]));
    expect(on).toMatchObject({ status: 'running', waits: [], waitReason: null, waitingSince: null });
    // Events are 7 ms apart: the fourth began to wait, the eighth ended it.
    expect(on.stages.at(-1)?.waitedMs).toBe(28);
  });

  it('gates, raises and changes of provider are kept; the end closes what was still asked', () => {
    const gate: NewRunEvent = { type: 'gate-open', stage: 'full', data: { gate_id: 'full.send', kind: 'approval', key: 'send', title: 'Send it?', shown: { to: 'all' }, shown_hash: 'ab', role: 'admin', approvers: 2, answer_schema: null, until: '2026-11-02T00:00:00.000Z' } };
    const log: NewRunEvent[] = [queued, started, gate, { type: 'gate-decide', data: { gate_id: 'full.send', decision_id: 'd1', by: 'Ada', decision: 'approve', reason: null, shown_hash: 'ab' } },
      { type: 'budget-raise', stage: 'full', data: { wait_id: 'budget-1', decision_id: 'd2', from_usd_micros: 1, to_usd_micros: 2, by: 'Ada' } },
      { type: 'provider-switch', stage: 'full', step: 'note-1', data: { from: { provider: 'openai', model: 'a' }, to: { provider: 'groq', model: 'b' }, reason: 'ProviderTimeout', detail: 'late' } }];
    const view = reduceRunEvents(stored(log));
    expect(view).toMatchObject({ budgetUsdMicros: 2, gates: [{ gateId: 'full.send', outcome: null, decisions: [{ by: 'Ada', decision: 'approve' }] }], switches: [{ reason: 'ProviderTimeout', step: 'note-1' }] });
    expect(reduceRunEvents(stored([...log, ended('cancelled')])).gates[0]?.outcome).toBe('stopped');
    const less = (by: string, limits: object): NewRunEvent => ({ type: 'gate-decide', data: { gate_id: 'full.send', decision_id: by, by, decision: 'approve', reason: null, shown_hash: 'ab', limits } });
    expect(reduceRunEvents(stored([...log, less('Bea', { output_tokens: 900 }), less('Cy', { output_tokens: 1200, seconds: 60 })]))).toMatchObject({ granted: { output_tokens: 900, seconds: 60 }, gates: [{ decisions: [{ limits: null }, { limits: { output_tokens: 900 } }, { by: 'Cy' }] }] });
  });

  it('waits and goes on, and says for what', () => {
    const begun: NewRunEvent[] = [queued, started, { type: 'stage-start', stage: 'full', data: { stages: ['validate', 'test', 'full'] } }, { type: 'wait-start', stage: 'full', data: { wait_id: 'budget-1', reason: 'budget', detail: 'The budget is used up.', until: '2026-11-02T00:00:00.000Z' } }];
    const waiting = reduceRunEvents(stored(begun));
    expect(waiting).toMatchObject({ status: 'waiting', waitReason: 'budget', waitUntil: '2026-11-02T00:00:00.000Z' });
    const on = reduceRunEvents(stored([...begun, { type: 'wait-end', stage: 'full', data: { wait_id: 'budget-1', reason: 'budget', outcome: 'settled', detail: 'Raised.' } }]));
    expect(on).toMatchObject({ status: 'running', waitReason: null, waitDetail: null, waitUntil: null });
  });
});

describe('a retried call', () => {
  it('starts its text anew and keeps what went wrong before', () => {
    const at = { stage: 'test' as const, step: 'note-1', ordinal: 1 };
    const start = (attempt: number): NewRunEvent => ({ type: 'completion-start', ...at, attempt, data: { provider: 'openai', model: 'gpt-4o-mini', max_output_tokens: 100 } });
    const delta = (attempt: number, text: string): NewRunEvent => ({ type: 'text-delta', ...at, attempt, data: { text } });
    const view = reduceRunEvents(stored([
      queued, started, { type: 'stage-start', stage: 'test', data: { stages: ['test'] } }, { type: 'step-start', ...at, data: { title: 'Note', index: 1, total: 1 } },
      start(1), delta(1, 'half an ans'), { type: 'completion-retry', ...at, attempt: 1, data: { code: 'ProviderUnavailable', detail: 'HTTP 503', wait_ms: 2000 } },
      start(2), delta(1, 'wer that came late'), delta(2, 'whole'), delta(2, ' answer'),
    ]));
    const [completion] = view.stages[0]?.steps[0]?.completions ?? [];
    expect(completion).toMatchObject({ attempt: 2, text: 'whole answer', status: 'running' });
    expect(completion?.retries.map((retry) => [retry.attempt, retry.code])).toEqual([[1, 'ProviderUnavailable']]);
  });
});

describe('tries that may have been charged', () => {
  const at = { stage: 'test' as const, step: 'note-1', ordinal: 1 };
  const model = { provider: 'openai', model: 'gpt-4o-mini' } as const;
  const begun: NewRunEvent[] = [queued, started, { type: 'stage-start', stage: 'test', data: { stages: ['test'] } }, { type: 'step-start', ...at, data: { title: 'Note', index: 1, total: 1 } }];
  const start = (attempt: number, told?: number): NewRunEvent => ({ type: 'completion-start', ...at, attempt, data: { ...model, max_output_tokens: 100, ...(told === undefined ? {} : { possibly_billed_attempts: told }) } });
  const cut = (attempt: number, waitMs: number | null, told: number): NewRunEvent => ({ type: 'completion-retry', ...at, attempt, data: { code: 'ProviderTimeout', detail: 'silent', wait_ms: waitMs, possibly_billed_attempts: told } });
  const end = (attempt: number, told: number): NewRunEvent => ({ type: 'completion-end', ...at, attempt, data: { ...model, model_served: 'm', usage: { inputTokens: 1, outputTokens: 1 }, finish_reason: { unified: 'stop', raw: 'stop' }, cost_usd_micros: 1, text: 'x', text_truncated: false, duration_ms: 1, first_token_ms: 1, reused: false, possibly_billed_attempts: told } });
  const billed = (...events: NewRunEvent[]) => reduceRunEvents(stored([...begun, ...events])).totals;

  it('count once, whichever events tell of them', () => {
    expect(billed(start(1), cut(1, 20, 1), start(2, 1), cut(2, null, 2))).toMatchObject({ possiblyBilled: 2, retries: 1 });
    expect(billed(start(1), cut(1, 20, 1), start(2, 1), start(3, 2), end(3, 2))).toMatchObject({ possiblyBilled: 2, retries: 1 });
  });

  it('count in logs of before, whose answer alone told of them', () => {
    expect(billed(start(1), start(2), end(2, 1)).possiblyBilled).toBe(1);
  });

  it('count once also after a reset, and another request at the same place counts by itself', () => {
    expect(billed(start(1), cut(1, 20, 1), ...begun.slice(2), start(2, 1), end(2, 1)).possiblyBilled).toBe(1);
    expect(billed(start(1), cut(1, null, 1), start(1), cut(1, 20, 1), start(2, 1), end(2, 1)).possiblyBilled).toBe(2);
  });
});

describe('artifacts', () => {
  it('a file that is saved again takes the place of the first', () => {
    const save = (id: string, sha256: string): NewRunEvent => ({ type: 'artifact-save', data: { artifact_id: id, file_name: 'notes.md', mime_type: 'text/markdown', file_size_bytes: 1, sha256 } });
    const view = reduceRunEvents(stored([queued, started, save('a', 'one'), ended('completed'), save('a', 'two')]));
    expect(view.artifacts.map((artifact) => artifact.sha256)).toEqual(['two']);
  });
});

const firstUnseen = (events: readonly RunEvent[], view: RunView): number => {
  const index = events.findIndex((event) => event.sequence > view.lastSequence);
  return index < 0 ? events.length : index;
};

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reduceRunEvents, type RunView } from '#contracts/run-reducer';
import type { RunRequest } from '#contracts/workflow';
import { RUN_ID, runLog } from '#test/support/run-log';
import { buildTrace, type TraceInput } from './otlp-trace.ts';

interface Attribute { key: string; value: Record<string, unknown> }
interface Span { traceId: string; spanId: string; parentSpanId?: string; name: string; kind: number; startTimeUnixNano: string; endTimeUnixNano: string; attributes: Attribute[]; status: { code: number; message?: string }; events?: { timeUnixNano: string; name: string; attributes: Attribute[] }[] }

const request = { runId: RUN_ID, slug: 'learn_agentic_ai', mode: 'test_run', version: 1, persona: 'student' } as unknown as RunRequest;
const END = '2026-11-01T12:01:00.000Z';
const trace = (view: RunView, changes: Partial<TraceInput> = {}): { spans: Span[]; text: string } => {
  const text = JSON.stringify(buildTrace({ request, view, endedAt: END, status: view.status, error: null, prompts: true, answers: true, ledger: null, ...changes }));
  const parsed = JSON.parse(text) as { resourceSpans: [{ resource: { attributes: Attribute[] }; scopeSpans: [{ scope: { name: string }; spans: Span[] }] }] };
  expect(parsed.resourceSpans[0].resource.attributes).toContainEqual({ key: 'service.name', value: { stringValue: 'agentic-workflow-platform' } });
  return { spans: parsed.resourceSpans[0].scopeSpans[0].spans, text };
};
const attribute = (span: Span | undefined, key: string) => Object.values(span?.attributes.find((each) => each.key === key)?.value ?? {})[0];
const logs = runLog.map(({ events }) => ({ events, view: reduceRunEvents(events) }));

describe('trace.json', () => {
  it('is OTLP/JSON: ids, times, parents and values as the protocol wants them', () => {
    fc.assert(fc.property(logs, ({ view }) => {
      const { spans } = trace(view);
      const ids = new Set(spans.map((span) => span.spanId));
      expect(ids.size).toBe(spans.length);
      for (const span of spans) {
        expect(span.traceId).toBe(RUN_ID.replaceAll('-', ''));
        expect(span.traceId).toMatch(/^[0-9a-f]{32}$/);
        expect(span.spanId).toMatch(/^[0-9a-f]{16}$/);
        expect(span.startTimeUnixNano).toMatch(/^\d{19}$/);
        expect(BigInt(span.endTimeUnixNano) >= BigInt(span.startTimeUnixNano)).toBe(true);
        expect([1, 3]).toContain(span.kind);
        expect([1, 2]).toContain(span.status.code);
        for (const { key, value } of [...span.attributes, ...(span.events ?? []).flatMap((event) => event.attributes)]) {
          expect(Object.keys(value), key).toHaveLength(1);
          const [[kind, held]] = Object.entries(value) as [[string, unknown]];
          if (kind === 'intValue') expect(held).toMatch(/^-?\d+$/);
          else expect(typeof held).toBe({ stringValue: 'string', boolValue: 'boolean', doubleValue: 'number', arrayValue: 'object' }[kind]);
        }
        expect(new Set(span.attributes.map((each) => each.key)).size).toBe(span.attributes.length);
      }
      const roots = spans.filter((span) => span.parentSpanId === undefined);
      expect(roots).toHaveLength(1);
      for (const span of spans) if (span.parentSpanId !== undefined) expect(ids.has(span.parentSpanId)).toBe(true);
    }));
  });

  it('same log, same bytes', () => {
    fc.assert(fc.property(logs, ({ view }) => trace(view).text === trace(view).text));
  });

  it('holds every call, tool and retry of the view, with its tokens and text', () => {
    fc.assert(fc.property(logs, ({ view }) => {
      const { spans } = trace(view);
      const steps = view.stages.flatMap((stage) => stage.steps);
      const chats = spans.filter((span) => attribute(span, 'gen_ai.operation.name') === 'chat');
      const completions = steps.flatMap((step) => step.completions);
      expect(chats).toHaveLength(completions.length);
      expect(chats.map((span) => attribute(span, 'gen_ai.output.messages'))).toEqual(completions.map((each) => each.end?.text));
      const sum = (key: string) => chats.reduce((total, span) => total + Number(attribute(span, key) ?? 0), 0);
      expect([sum('gen_ai.usage.input_tokens'), sum('gen_ai.usage.output_tokens')]).toEqual([view.totals.inputTokens, view.totals.outputTokens]);
      expect(spans.filter((span) => attribute(span, 'gen_ai.operation.name') === 'execute_tool')).toHaveLength(view.totals.toolCalls);
      expect(chats.flatMap((span) => span.events ?? [])).toHaveLength(view.totals.retries);
      expect(attribute(spans[0], 'awp.run.status')).toBe(view.status);
    }));
  });

  it('a run that failed says so at its root, a call that was cut is not OK', () => {
    fc.assert(fc.property(logs, ({ view }) => {
      const { spans } = trace(view, { error: 'The provider cannot be reached' });
      expect(spans[0]?.status).toEqual({ code: 2, message: 'The provider cannot be reached' });
      const cut = view.stages.flatMap((stage) => stage.steps.flatMap((step) => step.completions.filter((each) => each.status !== 'done'))).length;
      expect(spans.filter((span) => span.name.startsWith('chat') && span.status.code === 2)).toHaveLength(cut);
    }));
  });
});

describe('how much of the words it keeps', () => {
  const [{ view }] = fc.sample(logs.filter((each) => each.view.stages.some((stage) => stage.steps.some((step) => step.completions.some((completion) => completion.end !== null)))), { numRuns: 1, seed: 7 }) as unknown as [{ view: RunView }];
  const ledger = () => ({ prompt: [{ role: 'user', content: 'the prompt' }], text: 'the whole answer' });
  const keys = (changes: Partial<TraceInput>) => new Set(trace(view, changes).spans.flatMap((span) => span.attributes.map((each) => each.key)));

  it('full: prompts and answers; basic: answers; off: neither', () => {
    expect([...keys({ ledger })]).toEqual(expect.arrayContaining(['gen_ai.input.messages', 'gen_ai.output.messages']));
    expect(keys({ ledger, prompts: false }).has('gen_ai.input.messages')).toBe(false);
    expect(keys({ ledger, prompts: false }).has('gen_ai.output.messages')).toBe(true);
    const off = keys({ prompts: false, answers: false });
    for (const key of ['gen_ai.input.messages', 'gen_ai.output.messages', 'awp.tool.arguments']) expect(off.has(key)).toBe(false);
    expect(off.has('gen_ai.usage.output_tokens')).toBe(true);
  });

  it('an answer that was too long for its event is whole here', () => {
    const long = structuredClone(view);
    for (const step of long.stages.flatMap((stage) => stage.steps)) for (const each of step.completions) if (each.end) each.end = { ...each.end, text: 'head … tail', text_truncated: true };
    const { text } = trace(long, { ledger });
    expect(text).toContain('the whole answer');
    expect(text).not.toContain('head … tail');
  });
});

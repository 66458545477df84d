import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '#contracts/errors';
import type { CompletionAnswer, CompletionCall, ToolDefinition } from '#contracts/providers';
import type { Provider, ProviderOptions } from './provider.ts';

/** What every adapter must do, tried against an endpoint that speaks its vendor's wire format and can be told to fail. A new
 * adapter is done when this suite passes for it. The endpoint is given by the test (the simulator), so that this file
 * depends on no other folder. */
export interface ConformanceEndpoint {
  url: string;
  addFaults(...rules: { fault: { kind: string } & Record<string, unknown> }[]): void;
  counters(): { aborted: number; inFlight: number; total: number; byRequestId: Record<string, number> };
  requests(): readonly { path: string; headers: Record<string, string | string[] | undefined>; body: unknown }[];
  until(check: (counters: { aborted: number; inFlight: number }) => boolean): Promise<void>;
}

export interface ConformanceSubject {
  name: string;
  model: string;
  /** base URL as the vendor's SDK takes it */
  baseUrl(url: string): string;
  create(options: ProviderOptions): Provider;
}

const MATERIAL = '<material id="m1" title="Agents and tools" url="https://example.org/a">Agents call tools to act on the world. A planner orders the steps of a task. Übersicht: naïve café 🚀 日本語 stays whole.</material>';
const QUESTION = `<input name="learning_goal">How agents plan and call tools</input>\n${MATERIAL}\n\nTask: Write a short note on agents, planners and the 🚀 overview.`;
const SEARCH: ToolDefinition = { name: 'search_library', description: 'Searches the library for material about a topic', parameters: { type: 'object', properties: { query: { type: 'string' } }, required: ['query'], additionalProperties: false } };
const SCHEMA = {
  type: 'object', additionalProperties: false, required: ['title', 'points', 'level'],
  properties: { title: { type: 'string', maxLength: 80 }, points: { type: 'array', minItems: 1, maxItems: 3, items: { type: 'string' } }, level: { type: 'string', enum: ['beginner', 'advanced'] } },
};
let number = 0;

/** A port that nobody listens on, and that `fetch` does not refuse by itself. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

export function describeConformance(subject: ConformanceSubject, endpoint: () => ConformanceEndpoint): void {
  const provider = (options: Partial<ProviderOptions> = {}) => subject.create({ apiKey: 'sk-conformance', baseUrl: subject.baseUrl(endpoint().url), ...options });
  const call = (more: Partial<CompletionCall> = {}): CompletionCall => ({
    model: subject.model, messages: [{ role: 'system', content: 'You tutor a learner.' }, { role: 'user', content: QUESTION }], maxOutputTokens: 400, requestId: `run/test/step/${(number += 1)}`, ...more,
  });
  const run = async (request = call(), options: Partial<ProviderOptions> = {}, signal = new AbortController().signal) => {
    let streamed = '';
    for await (const chunk of provider(options).stream(request, signal)) {
      if (chunk.type === 'end') return { answer: chunk.answer, streamed };
      streamed += chunk.text;
    }
    throw new Error('the stream ended without an end chunk');
  };
  const failure = async (fault: { kind: string } & Record<string, unknown>, options: Partial<ProviderOptions> = {}, request = call()) => {
    endpoint().addFaults({ fault });
    return run(request, options).then(() => { throw new Error('the call did not fail'); }, (error: unknown) => error);
  };
  const answered = async (request: CompletionCall): Promise<CompletionAnswer> => (await run(request)).answer;

  describe(`${subject.name}: answers`, () => {
    it('the streamed text is the final text, in every script', async () => {
      const { answer, streamed } = await run();
      expect(answer.text).toBe(streamed);
      expect(answer.text).toContain('🚀 日本語');
      expect(answer.text).toContain('[m1]');
      expect(answer).toMatchObject({ toolCalls: [], finishReason: { unified: 'stop' }, modelServed: subject.model });
    });

    it('usage is what the vendor reported', async () => {
      const { usage, text } = await answered(call());
      expect(usage.outputTokens).toBe(Math.ceil(text.length / 4));
      expect(usage.inputTokens).toBeGreaterThan(40);
      expect(usage.estimated).toBeUndefined();
    });

    it('an answer cut at the limit says length', async () => {
      const answer = await answered(call({ maxOutputTokens: 5 }));
      expect(answer.finishReason.unified).toBe('length');
      expect(answer.usage.outputTokens).toBeLessThanOrEqual(5);
    });

    it('a JSON answer fits its schema', async () => {
      const { answer, streamed } = await run(call({ answerSchema: { name: 'summary', schema: SCHEMA } }));
      const value = JSON.parse(answer.text) as { title: string; points: string[]; level: string };
      expect(answer.text).toBe(streamed);
      expect(Object.keys(value).sort()).toEqual(['level', 'points', 'title']);
      expect(value.points[0]).toEqual(expect.any(String));
      expect(['beginner', 'advanced']).toContain(value.level);
      expect(answer).toMatchObject({ toolCalls: [], finishReason: { unified: 'stop' } });
    });

    it('a JSON answer of the wrong form is handed over as it is, for the repair turn', async () => {
      endpoint().addFaults({ fault: { kind: 'wrong-schema' } });
      expect((await answered(call({ answerSchema: { name: 'summary', schema: SCHEMA } }))).text).toBe('{"unexpected":["shape"]}');
    });

    it('a tool is called, its result goes back, the answer uses it', async () => {
      const ask = call({ messages: [{ role: 'user', content: '<input name="topic">planning agents</input>\nTask: Search the library, then write a note.' }], tools: [SEARCH] });
      const first = await answered(ask);
      expect(first.finishReason.unified).toBe('tool_calls');
      const [toolCall] = first.toolCalls;
      expect(toolCall).toMatchObject({ name: 'search_library', id: expect.stringMatching(/.+/) });
      expect(JSON.parse(toolCall?.arguments ?? '')).toEqual({ query: 'planning agents' });
      const result = JSON.stringify({ items: [{ id: 'm7', title: 'Planning', text: 'A planning agent writes its steps down before it acts.' }] });
      const second = await answered({ ...ask, requestId: `${ask.requestId}-b`, messages: [...ask.messages, { role: 'assistant', content: first.text, toolCalls: first.toolCalls }, { role: 'tool', toolCallId: toolCall?.id ?? '', content: result }] });
      expect(second.text).toContain('writes its steps down before it acts. [m7]');
      expect(second.finishReason.unified).toBe('stop');
    });

    it('tools and a schema together: the tool first, then the JSON answer', async () => {
      const ask = call({ messages: [{ role: 'user', content: '<input name="topic">planning agents</input>\nTask: Search the library, then summarise.' }], tools: [SEARCH], answerSchema: { name: 'summary', schema: SCHEMA } });
      const first = await answered(ask);
      expect(first.toolCalls.map((tool) => tool.name)).toEqual(['search_library']);
      const second = await answered({ ...ask, messages: [...ask.messages, { role: 'assistant', content: '', toolCalls: first.toolCalls }, { role: 'tool', toolCallId: first.toolCalls[0]?.id ?? '', content: 'A planning agent writes its steps down before it acts.' }] });
      expect(second.toolCalls).toEqual([]);
      expect(JSON.parse(second.text)).toHaveProperty('points');
    });

    it('every request carries X-Client-Request-Id', async () => {
      const request = call();
      await run(request);
      expect(endpoint().counters().byRequestId[request.requestId]).toBe(1);
    });
  });

  describe(`${subject.name}: health`, () => {
    it('the list of models proves key and endpoint', async () => {
      const total = endpoint().counters().total;
      const health = await provider().checkHealth(new AbortController().signal);
      expect(health.models).toContain(subject.model);
      expect(health.latencyMs).toBeGreaterThanOrEqual(0);
      expect(endpoint().counters().total).toBe(total);
    });

    it.each<[string, string, ErrorCode]>([['a wrong key', 'bad-key', 'ProviderAuthentication'], ['a key without credit', 'quota-key', 'ProviderQuota']])('%s is told', async (_name, apiKey, code) => {
      const error: unknown = await provider({ apiKey }).checkHealth(new AbortController().signal).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code });
      expect(String(error)).not.toContain(apiKey);
      await expect(run(call(), { apiKey })).rejects.toMatchObject({ code });
    });

    it('a closed port is ProviderUnavailable', async () => {
      await expect(provider({ baseUrl: subject.baseUrl('http://127.0.0.1:1') }).checkHealth(new AbortController().signal)).rejects.toMatchObject({ code: 'ProviderUnavailable' });
    });
  });

  describe(`${subject.name}: errors`, () => {
    it.each<[string, { kind: string } & Record<string, unknown>, ErrorCode]>([
      ['401 in mid-run', { kind: 'status', status: 401 }, 'ProviderAuthentication'],
      ['403', { kind: 'status', status: 403 }, 'ProviderAuthentication'],
      ['429', { kind: 'status', status: 429 }, 'ProviderRateLimited'],
      ['a spending limit, though it is a 429', { kind: 'quota' }, 'ProviderQuota'],
      ['402', { kind: 'status', status: 402 }, 'ProviderQuota'],
      ['404, unknown model', { kind: 'status', status: 404 }, 'ProviderRejected'],
      ['400', { kind: 'status', status: 400 }, 'ProviderRejected'],
      ['422', { kind: 'status', status: 422 }, 'ProviderRejected'],
      ['a redirect', { kind: 'status', status: 307, headers: { location: 'http://127.0.0.1:1/' } }, 'ProviderRejected'],
      ['408', { kind: 'status', status: 408 }, 'ProviderUnavailable'],
      ['409', { kind: 'status', status: 409 }, 'ProviderUnavailable'],
      ['500', { kind: 'status', status: 500 }, 'ProviderUnavailable'],
      ['503', { kind: 'status', status: 503 }, 'ProviderUnavailable'],
      ['529 overloaded', { kind: 'status', status: 529 }, 'ProviderUnavailable'],
      ['413', { kind: 'status', status: 413 }, 'ContextTooLong'],
      ['500 that says not to retry', { kind: 'status', status: 500, headers: { 'x-should-retry': 'false' } }, 'ProviderRejected'],
      ['400 that says to retry', { kind: 'status', status: 400, headers: { 'x-should-retry': 'true' } }, 'ProviderUnavailable'],
      ['an error page without JSON', { kind: 'status', status: 502, body: 'upstream sk-conformance' }, 'ProviderUnavailable'],
      ['HTML with a 200', { kind: 'html' }, 'ProviderUnavailable'],
      ['malformed JSON in the stream', { kind: 'malformed-json' }, 'ProviderUnavailable'],
      ['a stream that ends before its stop', { kind: 'truncated' }, 'ProviderUnavailable'],
      ['a stream whose socket breaks', { kind: 'truncated', destroy: true }, 'ProviderUnavailable'],
      ['a connection that breaks before any byte', { kind: 'disconnect' }, 'ProviderUnavailable'],
      ['an overload event after a 200', { kind: 'error-event', status: 529 }, 'ProviderUnavailable'],
      ['a rate limit event after a 200', { kind: 'error-event', status: 429 }, 'ProviderRateLimited'],
      ['a refusal by the model', { kind: 'refusal', by: 'model' }, 'ProviderRefused'],
      ['an answer stopped by the filter', { kind: 'refusal', by: 'filter' }, 'ProviderRefused'],
    ])('%s', async (_name, fault, code) => {
      const error = await failure(fault);
      expect(error).toMatchObject({ name: 'ProviderError', code });
      expect(String(error)).not.toMatch(/simulated|sk-conformance|\[object/);
    });

    it.each<[string, { kind: string } & Record<string, unknown>, boolean]>([
      ['429', { kind: 'status', status: 429 }, true],
      ['500', { kind: 'status', status: 500 }, true],
      ['400', { kind: 'status', status: 400 }, true],
      ['a gateway that gave up waiting', { kind: 'status', status: 504 }, false],
      ['an overload event in place of the answer', { kind: 'error-event', afterFrames: 0, status: 529 }, true],
      ['an overload event in the middle of the answer', { kind: 'error-event', afterFrames: 3, status: 529 }, false],
      ['a stream that ends before its stop', { kind: 'truncated', afterFrames: 3 }, false],
      ['a stream whose socket breaks', { kind: 'truncated', afterFrames: 3, destroy: true }, false],
      ['a connection that breaks before any byte', { kind: 'disconnect' }, false],
      ['HTML with a 200', { kind: 'html' }, false],
      ['an answer stopped by the filter', { kind: 'refusal', by: 'filter' }, false],
    ])('%s: whether nothing can have been charged', async (_name, fault, uncharged) => {
      expect(await failure(fault)).toMatchObject({ name: 'ProviderError', uncharged });
    });

    it('a vendor that was never reached charges nothing; one that went silent may', async () => {
      await expect(run(call(), { baseUrl: subject.baseUrl(`http://127.0.0.1:${await closedPort()}`) })).rejects.toMatchObject({ code: 'ProviderUnavailable', uncharged: true });
      expect(await failure({ kind: 'hang' }, { limits: { firstByteMs: 80 } })).toMatchObject({ code: 'ProviderTimeout', uncharged: false });
    });

    it('a text that is longer than the context', async () => {
      const long = call({ messages: [{ role: 'user', content: 'word '.repeat(900_000) }] });
      expect(await failure({ kind: 'context-too-long' }, {}, long)).toMatchObject({ code: 'ContextTooLong' });
    });

    it('a body without end is cut at the cap', async () => {
      expect(await failure({ kind: 'huge-body', bytes: 50_000_000 }, { limits: { maxResponseBytes: 200_000 } })).toMatchObject({ code: 'ProviderUnavailable' });
    });

    it.each([['7', 7000], ['0', 0]])('Retry-After %s s', async (value, retryAfterMs) => {
      expect(await failure({ kind: 'status', status: 429, headers: { 'retry-after': value } })).toMatchObject({ code: 'ProviderRateLimited', retryAfterMs });
    });

    it('Retry-After as an HTTP date, retry-after-ms, and none', async () => {
      const dated = await failure({ kind: 'status', status: 429, headers: { 'retry-after': new Date(Date.now() + 90_000).toUTCString() } }) as { retryAfterMs: number };
      expect(dated.retryAfterMs).toBeGreaterThan(60_000);
      expect(dated.retryAfterMs).toBeLessThanOrEqual(90_000);
      expect(await failure({ kind: 'status', status: 429, headers: { 'retry-after-ms': '1500' } })).toMatchObject({ retryAfterMs: 1500 });
      expect(await failure({ kind: 'status', status: 429 })).toMatchObject({ retryAfterMs: undefined });
    });
  });

  describe(`${subject.name}: time and cancel`, () => {
    it.each<[string, { kind: string } & Record<string, unknown>]>([['no byte at all', { kind: 'hang' }], ['a stream that stalls', { kind: 'hang', afterFrames: 2 }]])('%s is ProviderTimeout and the socket is closed', async (_name, fault) => {
      const { aborted } = endpoint().counters();
      expect(await failure(fault, { limits: { firstByteMs: 80, idleMs: 80 } })).toMatchObject({ code: 'ProviderTimeout' });
      await endpoint().until((counters) => counters.aborted === aborted + 1 && counters.inFlight === 0);
    });

    it('the caller\'s total time is ProviderTimeout, even while bytes drip in', async () => {
      endpoint().addFaults({ fault: { kind: 'slow-drip', everyMs: 5 } });
      await expect(run(call(), {}, AbortSignal.timeout(120))).rejects.toMatchObject({ code: 'ProviderTimeout' });
    });

    it.each([['before the first byte', undefined], ['in the middle of the stream', 2]])('cancel %s closes the socket and hands the reason on', async (_name, afterFrames) => {
      const { aborted } = endpoint().counters();
      endpoint().addFaults({ fault: { kind: 'hang', afterFrames } });
      const controller = new AbortController();
      const reason = new Error('the person pressed cancel');
      const running = run(call(), {}, controller.signal).catch((error: unknown) => error);
      await endpoint().until((counters) => counters.inFlight === 1);
      controller.abort(reason);
      expect(await running).toBe(reason);
      await endpoint().until((counters) => counters.aborted === aborted + 1 && counters.inFlight === 0);
    });

    it('a call that is cancelled before it starts sends nothing', async () => {
      const { total } = endpoint().counters();
      await expect(run(call(), {}, AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late');
      expect(endpoint().counters().total).toBe(total);
    });

    it('a reader that stops early closes the socket', async () => {
      const { aborted } = endpoint().counters();
      endpoint().addFaults({ fault: { kind: 'hang', afterFrames: 6 } });
      const long = call({ messages: [{ role: 'user', content: `${QUESTION}\n<material id="m2" title="More">${'Agents plan their steps with care and check each result. '.repeat(3)} Tools extend what agents can do. A trace shows each call. Tests keep agents honest.</material>` }] });
      for await (const chunk of provider().stream(long, new AbortController().signal)) if (chunk.type === 'text') break;
      await endpoint().until((counters) => counters.aborted === aborted + 1 && counters.inFlight === 0);
    });
  });
}

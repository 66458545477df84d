import { fork } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { startSimulator, type Simulator, type SimulatorOptions } from './server.ts';

const running: Simulator[] = [];
const start = async (options: SimulatorOptions = {}) => { const simulator = await startSimulator({ delayMsPerChunk: 0, ...options }); running.push(simulator); return simulator; };
afterEach(async () => { for (const simulator of running.splice(0)) await simulator.stop(); });

const post = async (url: string, body: unknown, headers: Record<string, string> = { authorization: 'Bearer k' }) => {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: typeof body === 'string' ? body : JSON.stringify(body) });
  return { status: response.status, headers: response.headers, body: await response.json() as Record<string, never> };
};
const QUESTION = '<input name="goal">agents</input><material id="m1" title="Agents">Agents call tools to act on the world.</material>Task: Write a short note.';
const chat = { model: 'demo-extractive-1', max_tokens: 200, messages: [{ role: 'user', content: QUESTION }] };
const ANTHROPIC = { 'x-api-key': 'k', 'anthropic-version': '2023-06-01' };

describe('answers in one piece', () => {
  it('Chat Completions', async () => {
    const { url } = await start();
    expect((await post(`${url}/v1/chat/completions`, chat)).body).toMatchObject({ object: 'chat.completion', choices: [{ message: { role: 'assistant', content: 'Agents call tools to act on the world. [m1]' }, finish_reason: 'stop' }], usage: { prompt_tokens: expect.any(Number), completion_tokens: 11 } });
  });

  it('Messages, with and without a forced tool', async () => {
    const { url } = await start();
    const body = { model: 'claude', max_tokens: 200, messages: [{ role: 'user', content: QUESTION }] };
    expect((await post(`${url}/v1/messages`, body, ANTHROPIC)).body).toMatchObject({ type: 'message', content: [{ type: 'text', text: 'Agents call tools to act on the world. [m1]' }], stop_reason: 'end_turn' });
    const forced = { ...body, tools: [{ name: 'answer', input_schema: { type: 'object', properties: { note: { type: 'string' } }, required: ['note'] } }], tool_choice: { type: 'tool', name: 'answer' } };
    expect((await post(`${url}/v1/messages`, forced, ANTHROPIC)).body).toMatchObject({ content: [{ type: 'tool_use', name: 'answer', input: { note: 'Agents call tools to act on the world.' } }], stop_reason: 'tool_use' });
  });

  it('generateContent', async () => {
    const { url } = await start();
    const { body } = await post(`${url}/v1beta/models/gemini-2.0-flash:generateContent`, { contents: [{ role: 'user', parts: [{ text: QUESTION }] }] }, { 'x-goog-api-key': 'k' });
    expect(body).toMatchObject({ candidates: [{ content: { parts: [{ text: expect.stringContaining('[m1]') }] }, finishReason: 'STOP' }], usageMetadata: { candidatesTokenCount: 11 } });
  });
});

describe('what the real vendors refuse is refused', () => {
  const tool = { type: 'function', function: { name: 'f', parameters: {} } };
  it.each<[string, Record<string, unknown>]>([
    ['an unknown field', { ...chat, max_token: 1 }],
    ['stream_options without stream', { ...chat, stream_options: { include_usage: true } }],
    ['max_tokens with a reasoning model', { ...chat, model: 'gpt-5.2' }],
    ['json_object without the word', { ...chat, response_format: { type: 'json_object' } }],
    ['a strict schema that is open', { ...chat, response_format: { type: 'json_schema', json_schema: { name: 'x', strict: true, schema: { type: 'object', properties: { a: {} } } } } }],
    ['a root that is no object', { ...chat, response_format: { type: 'json_schema', json_schema: { name: 'x', schema: { type: 'array' } } } }],
    ['tool_choice without tools', { ...chat, tool_choice: 'auto' }],
    ['a tool result without its call', { ...chat, messages: [{ role: 'tool', tool_call_id: 'x', content: 'y' }] }],
    ['a call without its result', { ...chat, tools: [tool], messages: [{ role: 'assistant', content: null, tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } }] }] }],
  ])('Chat Completions: %s', async (_name, body) => {
    const { url } = await start();
    expect(await post(`${url}/v1/chat/completions`, body)).toMatchObject({ status: 400, body: { error: { type: 'invalid_request_error' } } });
  });

  it.each<[string, Record<string, unknown>, Record<string, string>]>([
    ['no version', { model: 'c', max_tokens: 5, messages: [{ role: 'user', content: 'x' }] }, { 'x-api-key': 'k' }],
    ['no max_tokens', { model: 'c', messages: [{ role: 'user', content: 'x' }] }, ANTHROPIC],
    ['the assistant first', { model: 'c', max_tokens: 5, messages: [{ role: 'assistant', content: 'x' }] }, ANTHROPIC],
    ['temperature in the later version', { model: 'c', max_tokens: 5, temperature: 0.5, messages: [{ role: 'user', content: 'x' }] }, { ...ANTHROPIC, 'anthropic-version': '2026-10-21' }],
    ['a tool result without its call', { model: 'c', max_tokens: 5, messages: [{ role: 'user', content: [{ type: 'tool_result', tool_use_id: 'x', content: 'y' }] }] }, ANTHROPIC],
    ['an unknown forced tool', { model: 'c', max_tokens: 5, messages: [{ role: 'user', content: 'x' }], tools: [], tool_choice: { type: 'tool', name: 'z' } }, ANTHROPIC],
  ])('Messages: %s', async (_name, body, headers) => {
    const { url } = await start();
    expect(await post(`${url}/v1/messages`, body, headers)).toMatchObject({ status: 400, body: { type: 'error', error: { type: 'invalid_request_error' } } });
  });

  it.each<[string, Record<string, unknown>]>([
    ['an unknown schema keyword', { contents: [{ parts: [{ text: 'x' }] }], generationConfig: { responseMimeType: 'application/json', responseSchema: { type: 'object', additionalProperties: false } } }],
    ['tools with a JSON answer', { contents: [{ parts: [{ text: 'x' }] }], generationConfig: { responseMimeType: 'application/json' }, tools: [{ functionDeclarations: [{ name: 'f', description: 'd' }] }] }],
    ['a call without its result', { contents: [{ role: 'model', parts: [{ functionCall: { name: 'f' } }] }] }],
  ])('generateContent: %s', async (_name, body) => {
    const { url } = await start();
    expect(await post(`${url}/v1beta/models/g:generateContent`, body, { 'x-goog-api-key': 'k' })).toMatchObject({ status: 400, body: { error: { status: 'INVALID_ARGUMENT' } } });
  });

  it('no key, wrong key, used-up key, unknown model, unknown path, broken JSON', async () => {
    const { url } = await start();
    const at = `${url}/v1/chat/completions`;
    expect((await post(at, chat, {})).status).toBe(401);
    expect((await post(at, chat, { authorization: 'Bearer bad-x' })).body).toMatchObject({ error: { code: 'invalid_api_key' } });
    expect((await post(at, chat, { authorization: 'Bearer quota-x' })).body).toMatchObject({ error: { code: 'insufficient_quota' } });
    expect((await post(at, { ...chat, model: 'unknown-model' })).body).toMatchObject({ error: { code: 'model_not_found' } });
    expect((await post(`${url}/v1/completions`, chat)).status).toBe(404);
    expect((await post(at, '{"model":')).status).toBe(400);
    expect((await post(`${url}/v1beta/models/g:generateContent`, { contents: [] }, { 'x-goog-api-key': 'bad-x' })).body).toMatchObject({ error: { details: [{ reason: 'API_KEY_INVALID' }] } });
  });
});

describe('control', () => {
  it('rules, counters, requests and reset over HTTP', async () => {
    const { url, until } = await start({ control: true });
    expect((await post(`${url}/__control/rules`, { fault: { kind: 'status', status: 429, headers: { 'retry-after': '7' } }, match: { requestId: 'run1/*' }, nth: 2 })).body).toEqual({ added: 1 });
    const ask = (id: string) => post(`${url}/v1/chat/completions`, chat, { authorization: 'Bearer k', 'x-client-request-id': id });
    expect([(await ask('run1/a')).status, (await ask('run2/a')).status, (await ask('run1/b')).status, (await ask('run1/b')).status]).toEqual([200, 200, 429, 200]);
    await until((counters) => counters.completed === 4);
    const counters = await (await fetch(`${url}/__control/counters`)).json() as Record<string, unknown>;
    expect(counters).toMatchObject({ total: 4, completed: 4, aborted: 0, inFlight: 0, byRequestId: { 'run1/a': 1, 'run2/a': 1, 'run1/b': 2 } });
    expect(await (await fetch(`${url}/__control/requests`)).json()).toHaveLength(4);
    await post(`${url}/__control/reset`, {});
    expect(await (await fetch(`${url}/__control/counters`)).json()).toMatchObject({ total: 0, byRequestId: {} });
    expect((await post(`${url}/__control/rules`, { fault: { kind: 'no-such' } })).status).toBe(400);
    expect((await fetch(`${url}/__control/nothing`)).status).toBe(404);
  });

  it('does not exist in the demo process, which keeps no request either', async () => {
    const simulator = await start();
    await post(`${simulator.url}/v1/chat/completions`, chat);
    expect((await fetch(`${simulator.url}/__control/counters`)).status).toBe(404);
    expect(simulator.requests()).toEqual([]);
    expect(simulator.counters()).toMatchObject({ total: 1, byRequestId: {} });
  });

  it('faults in one piece, without a stream', async () => {
    const { url, addFaults } = await start({ control: true, script: [{ fault: { kind: 'refusal' } }] });
    const at = `${url}/v1/chat/completions`;
    expect((await post(at, chat)).body).toMatchObject({ choices: [{ message: { content: null, refusal: expect.any(String) } }] });
    addFaults({ fault: { kind: 'tool-call', name: 'f', arguments: { a: 1 } } }, { fault: { kind: 'latency', ms: 5 } }, { fault: { kind: 'text', text: 'fixed' } });
    expect((await post(at, chat)).body).toMatchObject({ choices: [{ message: { tool_calls: [{ function: { name: 'f', arguments: '{"a":1}' } }] }, finish_reason: 'tool_calls' }] });
    expect((await post(at, chat)).status).toBe(200);
    expect((await post(at, chat)).body).toMatchObject({ choices: [{ message: { content: 'fixed' } }] });
    for (const kind of ['malformed-json', 'truncated'] as const) { addFaults({ fault: { kind } }); await expect(post(at, chat)).rejects.toThrow(SyntaxError); }
  });
});

describe('the process', () => {
  it('says where it listens and ends with its parent', async () => {
    const child = fork(new URL('./main.ts', import.meta.url), { env: { ...process.env, PORT: '0', SIMULATOR_DELAY_MS: '0' }, execArgv: [], stdio: 'ignore' });
    const [message] = await once(child, 'message') as [{ type: string; url: string }];
    expect(message.type).toBe('ready');
    expect((await post(`${message.url}/v1/chat/completions`, chat)).status).toBe(200);
    child.disconnect();
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});

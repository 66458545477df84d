import { describe, expect, it } from 'vitest';
import type { CompletionCall } from '#contracts/providers';
import { answerToolName, toRequest as toAnthropic } from './anthropic/to-request.ts';
import { toGeminiSchema } from './gemini/schema.ts';
import { toRequest as toGemini } from './gemini/to-request.ts';
import { finishAnswer, readChunk, startState } from './openai/from-response.ts';
import { isStrict, toRequest as toOpenAi } from './openai/to-request.ts';

const TOOL = { name: 'look_up', description: 'Looks a word up', parameters: { type: 'object', properties: { word: { type: 'string' } }, required: ['word'] } };
const call: CompletionCall = {
  model: 'm', maxOutputTokens: 50, temperature: 1.5, requestId: 'r',
  messages: [
    { role: 'system', content: 'one' }, { role: 'system', content: 'two' }, { role: 'user', content: 'a' }, { role: 'user', content: 'b' },
    { role: 'assistant', content: '', toolCalls: [{ id: 'c1', name: 'look_up', arguments: '{"word":"x"}' }, { id: 'c2', name: 'look_up', arguments: 'broken' }] },
    { role: 'tool', toolCallId: 'c1', content: 'found' }, { role: 'tool', toolCallId: 'c2', content: 'not found' }, { role: 'user', content: 'c' },
  ],
  tools: [TOOL],
};
const schema = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'], additionalProperties: false };

describe('requests', () => {
  it('Anthropic: system apart, neighbours joined, results in one user turn, no temperature', () => {
    const request = toAnthropic(call);
    expect(request).toMatchObject({ system: 'one\n\ntwo', max_tokens: 50, stream: true });
    expect(request).not.toHaveProperty('temperature');
    expect(request.messages.map((message) => [message.role, (message.content as { type: string }[]).map((block) => block.type)])).toEqual([
      ['user', ['text', 'text']], ['assistant', ['tool_use', 'tool_use']], ['user', ['tool_result', 'tool_result', 'text']],
    ]);
  });

  it('Anthropic: the answer tool is forced, any when other tools are offered, and never doubles a name', () => {
    const asked = { ...call, answerSchema: { name: 'look_up', schema } };
    expect(answerToolName(asked)).toBe('look_up_answer');
    expect(toAnthropic(asked).tool_choice).toEqual({ type: 'any' });
    expect(toAnthropic({ ...asked, tools: [] }).tool_choice).toEqual({ type: 'tool', name: 'look_up' });
  });

  it('Gemini: results carry the name of their call; schema and tools are not sent together', () => {
    const request = toGemini({ ...call, answerSchema: { name: 'x', schema } });
    expect(request.contents.map((content) => content.role)).toEqual(['user', 'model', 'user']);
    expect(request.contents[2]?.parts[0]).toEqual({ functionResponse: { name: 'look_up', response: { content: 'found' } } });
    expect(request.generationConfig).not.toHaveProperty('responseSchema');
    expect(JSON.stringify(request.systemInstruction)).toContain('json_schema');
    expect(toGemini({ ...call, tools: [], answerSchema: { name: 'x', schema } }).generationConfig).toMatchObject({ responseMimeType: 'application/json', responseSchema: { type: 'object', required: ['a'] } });
  });

  it('Gemini: a function without arguments has no parameters', () => {
    expect(toGemini({ ...call, tools: [{ name: 'now', description: 'Time', parameters: { type: 'object', properties: {} } }] }).tools).toEqual([{ functionDeclarations: [{ name: 'now', description: 'Time' }] }]);
  });

  it('OpenAI family: schema by capability', () => {
    const asked = { ...call, tools: undefined, answerSchema: { name: 'my answer', schema } };
    const dialect = { maxTokensField: 'max_tokens' as const };
    expect(toOpenAi(asked, dialect, 'json_schema')).toMatchObject({ max_tokens: 50, response_format: { type: 'json_schema', json_schema: { name: 'my_answer', strict: true } } });
    expect(toOpenAi(asked, dialect, 'json_object')).toMatchObject({ response_format: { type: 'json_object' }, messages: [{ role: 'system', content: expect.stringContaining('JSON') }, {}, {}, {}, {}, {}, {}, {}, {}] });
    expect(toOpenAi(asked, dialect, 'none')).not.toHaveProperty('response_format');
  });

  it('strict only where every object is closed and every property required', () => {
    expect(isStrict(schema)).toBe(true);
    expect(isStrict({ ...schema, required: [] })).toBe(false);
    expect(isStrict({ ...schema, additionalProperties: true })).toBe(false);
    expect(isStrict({ ...schema, properties: { a: { type: 'array', items: { type: 'object', properties: {} } } } })).toBe(false);
    expect(isStrict({ ...schema, properties: { a: { oneOf: [] } } })).toBe(false);
  });
});

describe('Gemini schemas', () => {
  it('references written out, const and null translated, unknown keywords away', () => {
    expect(toGeminiSchema({
      type: 'object', additionalProperties: false, $schema: 'x', required: ['kind', 'node', 'gone'],
      properties: { kind: { const: 'a' }, node: { $ref: '#/$defs/node' }, maybe: { anyOf: [{ type: 'integer' }, { type: 'null' }] }, either: { anyOf: [{ type: 'string' }, { type: 'number' }] }, both: { allOf: [{ type: 'string' }, { maxLength: 3 }] }, list: { type: ['array', 'null'], items: { enum: ['x', 'y'] } } },
      $defs: { node: { type: 'object', properties: { n: { type: 'number', exclusiveMinimum: 0 } } } },
    })).toEqual({
      type: 'object', required: ['kind', 'node'], propertyOrdering: ['kind', 'node', 'maybe', 'either', 'both', 'list'],
      properties: {
        kind: { type: 'string', enum: ['a'], format: 'enum' }, node: { type: 'object', properties: { n: { type: 'number' } }, propertyOrdering: ['n'] }, maybe: { type: 'integer', nullable: true },
        either: { anyOf: [{ type: 'string' }, { type: 'number' }] }, both: { type: 'string', maxLength: 3 }, list: { type: 'array', nullable: true, items: { type: 'string', enum: ['x', 'y'], format: 'enum' } },
      },
    });
  });

  it('a schema that refers to itself ends', () => {
    expect(JSON.stringify(toGeminiSchema({ $ref: '#/$defs/n', $defs: { n: { type: 'object', properties: { next: { $ref: '#/$defs/n' } } } } })).length).toBeLessThan(5000);
  });
});

describe('OpenAI family: streams of smaller endpoints', () => {
  it('tool calls without index, without id, and "stop" after a call', () => {
    const state = startState();
    for (const tool_calls of [[{ id: 'a', function: { name: 'f', arguments: '{"x"' } }], [{ function: { arguments: ':1}' } }], [{ id: 'b', function: { name: 'g', arguments: '{}' } }]]) readChunk(state, { choices: [{ delta: { tool_calls } }] });
    readChunk(state, { choices: [{ finish_reason: 'stop' }] });
    expect(finishAnswer('V', state, true, call)).toMatchObject({ finishReason: { unified: 'tool_calls', raw: 'stop' }, toolCalls: [{ id: 'a', name: 'f', arguments: '{"x":1}' }, { id: 'b', name: 'g', arguments: '{}' }], usage: { estimated: true } });
  });

  it('usage of DeepSeek and Groq; an answer broken off on the vendor\'s side', () => {
    const state = startState();
    readChunk(state, { choices: [{ delta: { content: 'x' }, finish_reason: 'stop' }], x_groq: { usage: { prompt_tokens: 9, completion_tokens: 4, prompt_cache_hit_tokens: 5, completion_tokens_details: { reasoning_tokens: 2 } } } });
    expect(finishAnswer('V', state, true, call).usage).toEqual({ inputTokens: 9, outputTokens: 4, cachedInputTokens: 5, reasoningTokens: 2 });
    expect(() => finishAnswer('V', { ...state, finish: 'insufficient_system_resource' }, true, call)).toThrowError(expect.objectContaining({ code: 'ProviderUnavailable' }));
    expect(() => finishAnswer('V', state, false, call)).toThrowError(expect.objectContaining({ code: 'ProviderUnavailable' }));
  });
});

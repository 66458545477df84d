import { expect, it } from 'vitest';
import { definitionTokens, extraTokens, type CallExtras } from './call-extras.ts';

const extras: CallExtras = { tools: { library_search: 120, fetch_url: 90 }, answers: { plan: 200 } };
const ask = (over: Partial<Parameters<typeof extraTokens>[1]> = {}) => extraTokens(extras, { messages: [{ role: 'user', content: 'x' }], tools: [], answer: undefined, ...over });

it('a call with words alone sends nothing beside them', () => {
  expect(ask()).toBe(0);
});

it('tools are counted by what was measured, with what vendors say before them; schemas too', () => {
  expect(ask({ tools: ['library_search'] })).toBe(530 + 120);
  expect(ask({ tools: ['library_search', 'fetch_url'], answer: 'plan' })).toBe(530 + 120 + 90 + 200);
});

it('what was not measured is counted as larger than any tool of ours', () => {
  expect(ask({ tools: ['mcp:new:tool'] })).toBe(530 + 600);
  expect(ask({ answer: 'unknown' })).toBe(600);
});

it('calls that the model made in earlier turns are sent again', () => {
  const toolCalls = [{ id: 'c1', name: 'library_search', arguments: JSON.stringify({ query: 'ä'.repeat(300) }) }];
  expect(ask({ messages: [{ role: 'assistant', content: '', toolCalls }] })).toBe(definitionTokens(toolCalls));
  expect(definitionTokens(toolCalls)).toBeGreaterThan(200);
});

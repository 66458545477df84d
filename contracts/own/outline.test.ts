import { describe, expect, it } from 'vitest';
import { inOrder, partInOrder } from './order.ts';
import { outlineOf, scopeAt, stepAt, usedNames, valueAtPointer } from './outline.ts';
import { sampleSchema, trialOf } from './trial.ts';

const document = {
  steps: [
    { key: 'a', type: 'prompt', prompt: '{{topic}}', output_variable: 'first' },
    { key: 'way', type: 'branch', when: 'x', do: [{ key: 'b', type: 'prompt', output_variable: 'both' }, { key: 'c', type: 'prompt', output_variable: 'only_yes' }], else: [{ key: 'd', type: 'transform', output_variable: 'both' }] },
    { key: 'each', type: 'map', over: 'list', item: 'part', steps: [{ key: 'e', type: 'prompt', prompt: '{{part.title}} {{first}}' }], output_variable: 'all' },
    { key: 'side', type: 'parallel', branches: [{ steps: [{ key: 'f', type: 'prompt' }] }, { steps: [{ key: 'g', type: 'ask' }] }] },
    { key: 'end', type: 'artifact', from: 'f_output' },
  ],
  slug: 's', name: 'S', inputs: { tabs: [{ key: 't', title: 'T', fields: ['topic', 'list'] }], schema: { properties: { list: { type: 'array' }, topic: { title: 'Topic', type: 'string' } }, type: 'object' } },
};
const names = (pointer: string): string[] => scopeAt(document, pointer).map(({ name }) => name);

describe('a definition while it is written', () => {
  it('lists every step where it stands', () => {
    expect(outlineOf(document).map(({ pointer, depth }) => `${depth} ${pointer}`)).toEqual(['0 #/steps/0', '0 #/steps/1', '1 #/steps/1/do/0', '1 #/steps/1/do/1', '1 #/steps/1/else/0', '0 #/steps/2', '1 #/steps/2/steps/0', '0 #/steps/3', '1 #/steps/3/branches/0/steps/0', '1 #/steps/3/branches/1/steps/0', '0 #/steps/4']);
    expect(stepAt(document, '#/steps/1/else/0')).toMatchObject({ key: 'd' });
    expect([outlineOf({ steps: 'no' }), outlineOf({ steps: [null, { type: 'branch', do: 3 }] }).length, stepAt(document, '#/steps/9'), valueAtPointer(document, '#/inputs/schema/properties/topic/title')]).toEqual([[], 2, null, 'Topic']);
  });

  it('knows what can be named where: the scopes of the checker', () => {
    expect(names('#/steps/0')).toEqual(['list', 'topic']);
    expect(names('#/steps/1/do/1')).toEqual(['list', 'topic', 'first', 'both']);
    expect(names('#/steps/1/else/0')).toEqual(['list', 'topic', 'first']);
    expect(names('#/steps/2/steps/0')).toEqual(['list', 'topic', 'first', 'both', 'part', 'part_index']);
    expect(names('#/steps/3/branches/1/steps/0')).toEqual(['list', 'topic', 'first', 'both', 'all']);
    expect(names('#')).toEqual(['list', 'topic', 'first', 'both', 'all', 'f_output', 'g_output']);
    expect(usedNames(document.steps[2] as object as Record<string, unknown>, scopeAt(document, '#/steps/2')).map(({ name }) => name)).toEqual(['list', 'first']);
  });

  it('makes a workflow of one step, with a schema that its samples fit', () => {
    expect(trialOf(document, '#/steps/2/steps/0', { first: 'x', part: { title: 'T' } })).toMatchObject({ name: 'S: e', steps: [{ key: 'e' }], inputs: { schema: { required: ['first', 'part'], properties: { first: { type: 'string' }, part: { type: 'object', properties: { title: { type: 'string' } } } } } } });
    expect(trialOf(document, '#/inputs', {})).toBeNull();
    expect(sampleSchema([{ a: 1 }, { b: 'x' }])).toEqual({ type: 'array', items: { type: 'object', properties: { a: { type: 'number' }, b: { type: 'string' } }, additionalProperties: true } });
    expect([sampleSchema([]), sampleSchema(null)]).toEqual([{ type: 'array', items: { type: 'string' } }, { type: 'null' }]);
  });

  it('is written in the order in which people write it, whatever order it came in', () => {
    const text = JSON.stringify(inOrder(document));
    expect(text.startsWith('{"slug":"s","name":"S","inputs":{"schema":{"type":"object","properties":{"topic":{"type":"string","title":"Topic"},"list"')).toBe(true);
    expect(text).toContain('{"type":"branch","key":"way","when":"x","do":[{"type":"prompt","key":"b"');
    expect(inOrder(document)).toEqual(document);
    expect(inOrder({ steps: 'no', inputs: 3, zebra: 1 })).toEqual({ steps: 'no', inputs: 3, zebra: 1 });
  });
});

it('a part by itself is in the order of its text', () => {
  expect(Object.keys(partInOrder({ prompt: 'x', output_variable: 'y', key: 'a', type: 'prompt' }) as object)).toEqual(['type', 'key', 'prompt', 'output_variable']);
  expect(Object.keys(partInOrder({ content: 'x', title: 'T', file_name: 'a.md' }) as object)).toEqual(['title', 'file_name', 'content']);
  expect(partInOrder(['b', 'a'])).toEqual(['b', 'a']);
});

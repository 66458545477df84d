import { describe, expect, it } from 'vitest';
import { STEP_TYPES } from '#contracts/own/definition';
import { outlineOf, scopeAt, type Node } from '#contracts/own/outline';
import { duplicateStep, insertStep, moveStep, newStep, removeStep, setAt } from './edits';
import { flowOf } from './flow';
import { begin, move } from './history';
import { markOf, moveTo, placeOver, placesOf, placeWords } from './places';
import { preview, samplesOf, typedValue } from './samples';
import { formOf, saidIn } from './step-fields';

const start: Node = { inputs: { schema: { properties: { topic: { type: 'string', default: 'rain' } } } }, steps: [{ type: 'prompt', key: 'a', output_variable: 'one' }, { type: 'branch', key: 'b', when: 'x', do: [{ type: 'prompt', key: 'c' }], else: [] }] };
const keys = (document: Node) => outlineOf(document).map(({ step }) => step['key']);

describe('edits of the builder', () => {
  it('add, move, copy and take out steps, in arms as well', () => {
    const added = insertStep(start, '#/steps', 1, newStep(start, 'prompt', 'topic'));
    expect([keys(added.document), added.at]).toEqual([['a', 'prompt', 'b', 'c'], '#/steps/1']);
    expect(moveStep(start, '#/steps/0', 1)).toMatchObject({ at: '#/steps/1' });
    // Past the end of an arm it comes out of it.
    const out = moveStep(start, '#/steps/1/do/0', 1);
    expect([keys(out.document), out.at]).toEqual([['a', 'b', 'c'], '#/steps/2']);
    expect(moveStep(start, '#/steps/0', -1).document).toBe(start);
    const copy = duplicateStep(start, '#/steps/1');
    expect([keys(copy.document), copy.at]).toEqual([['a', 'b', 'c', 'b_2', 'c_2'], '#/steps/2']);
    expect(duplicateStep(start, '#/steps/0').document['steps']).toMatchObject([{}, { key: 'a_2', output_variable: 'one_2' }, {}]);
    expect(removeStep(start, '#/steps/1/do/0')).toMatchObject({ at: '#/steps/1' });
    expect(keys(removeStep(start, '#/steps/1').document)).toEqual(['a']);
    expect(setAt(start, '#/policy/caps/seconds', 5)).toMatchObject({ policy: { caps: { seconds: 5 } } });
    expect(setAt(start, '#/steps/0/output_variable', undefined)['steps']).toMatchObject([{ type: 'prompt', key: 'a' }, {}]);
    expect(JSON.stringify(setAt(start, '#/steps/0/output_variable', undefined))).not.toContain('one');
  });

  it('every type can be added, has a form from its schema, and a place in the picture', () => {
    const whole = STEP_TYPES.reduce((document, type) => insertStep(document, '#/steps', 99, newStep(document, type, 'topic')).document, start);
    expect(new Set(keys(whole)).size).toBe(keys(whole).length);
    for (const type of STEP_TYPES) expect([formOf(type, whole, ['other']).fields.includes('title'), formOf(type, whole, ['other']).more.at(-1)]).toEqual([true, 'key']);
    // What a person writes first comes first; the rest is folded, and the fold says what was set in it.
    const { schema, uiSchema, fields, more } = formOf('prompt', { knowledge: [{ key: 'house' }] }, []);
    expect([fields, more]).toEqual([['prompt', 'title', 'knowledge', 'max_tokens', 'output_variable'], ['system_prompt', 'persona', 'answer_schema', 'provider', 'model', 'temperature', 'key']]);
    expect([formOf('prompt', {}, []).fields, formOf('agent', {}, []).fields[1], formOf('ask', {}, []).fields[0], formOf('validate', {}, []).fields[0]]).toEqual([['prompt', 'title', 'max_tokens', 'output_variable'], 'tools', 'title', 'source']);
    expect(saidIn({ key: 'a', provider: 'openai', temperature: 0.7, system_prompt: 'You are a careful editor of texts.' }, more, schema)).toBe('system text, provider openai');
    expect([uiSchema['prompt'], schema.required, formOf('parallel', {}, []).fields]).toMatchObject([{ 'ui:widget': 'template' }, ['prompt'], ['title']]);
    const { nodes, edges } = flowOf(start);
    expect(nodes.map(({ id }) => id)).toEqual(['#', '#/steps/0', '#/steps/1', '#/steps/1/do/0', '#/steps/1/else', 'end']);
    expect(edges).toEqual(expect.arrayContaining([{ from: '#/steps/1', to: '#/steps/1/else', label: 'Otherwise' }, { from: '#/steps/1/else', to: 'end', label: '' }]));
  });

  it('puts a step anywhere, and names every place once; never into itself', () => {
    const places = (pointer: string) => placesOf(start, { kind: 'step', pointer }).map(({ list, index }) => `${list}/${index}`);
    expect(placesOf(start, { kind: 'new', type: 'ask' }).map(({ list, index }) => `${list}/${index}`)).toEqual(['#/steps/0', '#/steps/1', '#/steps/1/do/0', '#/steps/1/do/1', '#/steps/1/else/0', '#/steps/2']);
    expect([places('#/steps/0'), places('#/steps/1'), places('#/steps/1/do/0')]).toEqual([['#/steps/0', '#/steps/1/do/0', '#/steps/1/do/1', '#/steps/1/else/0', '#/steps/2'], ['#/steps/0', '#/steps/1'], ['#/steps/0', '#/steps/1', '#/steps/1/do/0', '#/steps/1/else/0', '#/steps/2']]);
    // Into an arm that stands behind it: the arm moves up by one when the step is taken out.
    const into = moveTo(start, '#/steps/0', { list: '#/steps/1/else', index: 0 });
    expect([into.at, keys(into.document), outlineOf(into.document).at(-1)]).toMatchObject(['#/steps/0/else/0', ['b', 'c', 'a'], { list: '#/steps/0/else' }]);
    const out = moveTo(start, '#/steps/1/do/0', { list: '#/steps', index: 0 });
    expect([out.at, keys(out.document)]).toEqual(['#/steps/0', ['c', 'a', 'b']]);
    expect([keys(moveTo(start, '#/steps/0', { list: '#/steps', index: 2 }).document), moveTo(start, '#/steps/1', { list: '#/steps/1/do', index: 0 }).document, moveTo(start, '#/steps/0', { list: '#/steps', index: 1 }).document]).toEqual([['b', 'c', 'a'], start, start]);
    for (const place of placesOf(start, { kind: 'step', pointer: '#/steps/1/do/0' })) expect(keys(moveTo(start, '#/steps/1/do/0', place).document).toSorted()).toEqual(['a', 'b', 'c']);
    const over = (id: string, half: 'upper' | 'lower', pointer = '#/steps/0') => placeOver(start, { kind: 'step', pointer }, id, half);
    expect([over('#/steps/1', 'upper'), over('#/steps/1', 'lower'), over('#/steps/1/do/0', 'lower'), over('#', 'upper'), over('end', 'lower'), over('#/steps/1/do/0', 'upper', '#/steps/1')]).toEqual([{ list: '#/steps', index: 1 }, { list: '#/steps/1/do', index: 0 }, { list: '#/steps/1/do', index: 1 }, { list: '#/steps', index: 0 }, { list: '#/steps', index: 2 }, null]);
    expect([{ list: '#/steps', index: 0 }, { list: '#/steps/1/do', index: 1 }, { list: '#/steps/1/else', index: 0 }].map((place) => [markOf(start, place), placeWords(start, place)])).toEqual([
      [{ id: '#/steps/0', side: 'before' }, 'before a, at the top'], [{ id: '#/steps/1/do/0', side: 'after' }, 'after c, in "When it holds" of b'], [{ id: '#/steps/1/else', side: 'in' }, 'first in "Otherwise" of b'],
    ]);
  });

  it('goes back and forth; a word that is typed is one step', () => {
    let history = begin(start);
    for (const [index, name] of ['a', 'ab', 'abc'].entries()) history = move(history, { kind: 'edit', document: { ...start, name }, tag: 'name', at: 1000 + index });
    history = move(history, { kind: 'edit', document: { ...start, name: 'abc', tags: [] }, tag: '', at: 1010 });
    expect(history.past).toHaveLength(2);
    history = move(move(history, { kind: 'undo' }), { kind: 'undo' });
    expect(history.document).toBe(start);
    expect(move(history, { kind: 'undo' })).toBe(history);
    expect(move(move(history, { kind: 'redo' }), { kind: 'redo' }).document).toMatchObject({ name: 'abc', tags: [] });
  });

  it('shows a prompt with samples, and never evaluates anything', () => {
    const samples = samplesOf(start, scopeAt(start, '#/steps/1'), { one: { words: ['x', 'y'] } });
    expect(preview('{{topic}}: {{one.words}} {{one.none}} {{constructor.constructor("x")()}}', samples)).toBe('rain: x\ny ‹one.none› {{constructor.constructor("x")()}}');
    expect([typedValue('[1]'), typedValue('text'), typedValue('{broken'), typedValue('3')]).toEqual([[1], 'text', '{broken', 3]);
  });
});

import { describe, expect, it } from 'vitest';
import { STEP_TYPES } from '#contracts/own/definition';
import { outlineOf, scopeAt, type Node } from '#contracts/own/outline';
import { duplicateStep, insertStep, moveStep, newStep, removeStep, setAt } from './edits';
import { flowOf } from './flow';
import { begin, move } from './history';
import { preview, samplesOf, typedValue } from './samples';
import { formOf } from './step-fields';

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
    for (const type of STEP_TYPES) expect(formOf(type, whole, ['other']).fields).toEqual(expect.arrayContaining(['key', 'title']));
    const { schema, uiSchema, fields } = formOf('prompt', { knowledge: [{ key: 'house' }] }, []);
    expect(fields).toEqual(expect.arrayContaining(['prompt', 'system_prompt', 'persona', 'provider', 'model', 'temperature', 'max_tokens', 'output_variable', 'knowledge', 'answer_schema']));
    expect([uiSchema['prompt'], schema.required, formOf('parallel', {}, []).fields]).toMatchObject([{ 'ui:widget': 'template' }, ['prompt'], ['key', 'title']]);
    const { nodes, edges } = flowOf(start);
    expect(nodes.map(({ id }) => id)).toEqual(['#', '#/steps/0', '#/steps/1', '#/steps/1/do/0', 'end']);
    expect(edges).toContainEqual({ from: '#/steps/1', to: 'end', label: 'Otherwise' });
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

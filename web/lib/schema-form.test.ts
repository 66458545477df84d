import { describe, expect, it } from 'vitest';
import type { RJSFSchema } from '@rjsf/utils';
import { checkInputs, fieldTitle, inputRows, inputsToSend, isVisible, problemErrors, tabSchema, titled, toExtraErrors, uiSchemaOf, withDefaults } from './schema-form';

const schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema', type: 'object', additionalProperties: false, required: ['goal', 'minutes'],
  properties: {
    goal: { type: 'string', title: 'Goal', minLength: 10, maxLength: 500, 'x-ui': { widget: 'textarea', rows: 3 } },
    minutes: { type: 'integer', minimum: 15, maximum: 480, default: 60 },
    level: { type: 'string', enum: ['low', 'high'], default: 'low', 'x-enum-labels': { low: 'Low: new here', high: 'High' } },
    tools: { type: 'array', items: { type: 'string', enum: ['search', 'pdf'] }, uniqueItems: true, maxItems: 2, default: ['search'] },
    site: { type: 'string', format: 'uri', 'x-show-if': { field: 'tools', includes: 'search' } },
    detail: { type: 'string', minLength: 3, 'x-show-if': { field: 'level', equals: 'high' } },
    links: { type: 'array', items: { type: 'string' } },
    kind: { type: 'string', enum: ['a', 'b', 'c', 'd'] },
  },
} as unknown as RJSFSchema;

describe('errors of a form', () => {
  it('each field that needs a change gets one sentence', () => {
    expect(checkInputs(schema, { goal: 'short', minutes: 0, level: 'odd', tools: ['search', 'search'] })).toEqual({ goal: 'Write at least 10 characters', minutes: 'At least 15', level: 'Choose one of the options', tools: 'Each may be named once only' });
  });
  it('what is missing is named', () => expect(checkInputs(schema, {})).toEqual({ goal: 'This is needed', minutes: 'This is needed' }));
  it('a word where a number belongs is told so', () => expect(checkInputs(schema, { goal: 'long enough text', minutes: 'ten' })).toEqual({ minutes: 'Write a whole number' }));
  it('a wrong item is reported on its field', () => expect(checkInputs(schema, { goal: 'long enough text', minutes: 20, tools: ['magic'] })).toEqual({ tools: 'Choose one of the options' }));
  it('a wrong address is told so', () => expect(checkInputs(schema, { goal: 'long enough text', minutes: 20, tools: ['search'], site: 'not an address' })).toEqual({ site: 'This does not look like an address (https://…)' }));
  it('a field nobody sees cannot be wrong', () => expect(checkInputs(schema, { goal: 'long enough text', minutes: 20, level: 'low', detail: 'x' })).toEqual({}));
  it('an unknown key is refused, not swallowed', () => expect(checkInputs(schema, { goal: 'long enough text', minutes: 20, extra: 1 })).toEqual({ extra: 'This field is not known here' }));
  it('an error in a list or a table says where', () => {
    const rows = { type: 'object', properties: {
      models: { type: 'array', 'x-ui': { widget: 'table' }, items: { type: 'object', required: ['model'], properties: { model: { type: 'string', title: 'Model', minLength: 1 }, tries: { type: 'integer' } } } },
      pages: { type: 'array', 'x-ui': { widget: 'urls' }, items: { type: 'string', format: 'uri' } } } } as unknown as RJSFSchema;
    expect(checkInputs(rows, { models: [{ model: 'a' }, {}], pages: ['https://a.example', '  ', 'b'] })).toEqual({ models: 'Row 2, Model: This is needed', pages: 'Line 2: This does not look like an address (https://…)' });
    expect(checkInputs(rows, { models: [{ model: 'a', tries: 'two' }], pages: ['', ' '] })).toEqual({ models: 'Row 1, tries: Write a whole number' });
    const problem = { type: '', title: '', status: 400, code: 'InvalidInput' as const, errors: [{ pointer: '#/inputs/models/1/model', detail: 'is not known' }] };
    expect(problemErrors(problem, rows).fields).toEqual({ models: 'Row 2, Model: is not known' });
  });
  it('good inputs pass', () => expect(checkInputs(schema, { goal: 'long enough text', minutes: 20, level: 'high', detail: 'yes' })).toEqual({}));
});

describe("the API's errors", () => {
  it('land on the field of their pointer, the rest is kept as text', () => {
    const problem = { type: '/problems/invalid-input', title: 'Some inputs need a change', status: 400, code: 'InvalidInput' as const, errors: [
      { pointer: '#/inputs/goal', detail: 'too short' }, { pointer: '#/inputs/tools/0', detail: 'not an option' }, { pointer: '#/inputs/a~1b', detail: 'odd name' }, { pointer: '#/provider', detail: 'has no key' }, { pointer: '#', detail: 'not JSON' }] };
    expect(problemErrors(problem)).toEqual({ fields: { goal: 'too short', tools: 'not an option', 'a/b': 'odd name' }, other: ['provider: has no key', 'not JSON'] });
  });
  it('become errors beside the controls', () => expect(toExtraErrors({ goal: 'too short' })).toEqual({ goal: { __errors: ['too short'] } }));
});

describe('fields of a tab', () => {
  it('follow the order of the tab and leave out what is hidden', () => {
    const shown = tabSchema(schema, ['detail', 'minutes', 'goal'], { level: 'low' });
    expect(Object.keys(shown.properties ?? {})).toEqual(['minutes', 'goal']);
    expect(shown.required).toEqual(['goal', 'minutes']);
  });
  it.each([[{ level: 'high' }, true], [{ level: 'low' }, false], [{}, false]])('a condition is looked at with %j', (inputs, seen) => expect(isVisible(schema, 'detail', inputs)).toBe(seen));
  it('a list can be a condition', () => expect([isVisible(schema, 'site', { tools: ['search'] }), isVisible(schema, 'site', { tools: [] })]).toEqual([true, false]));
  it('a control is chosen from the type and from x-ui', () => {
    const ui = uiSchemaOf(schema);
    const widget = (field: string): unknown => (ui[field] as Record<string, unknown>)['ui:widget'];
    expect([widget('goal'), widget('level'), widget('tools'), widget('links'), widget('kind'), widget('minutes')]).toEqual(['textarea', 'radio', 'checkboxes', 'lines', 'select', undefined]);
    expect((ui.level as Record<string, unknown>)['ui:enumNames']).toEqual({ low: 'Low: new here', high: 'High' });
  });
  it('a field without a title gets its name in words', () => expect([fieldTitle(schema, 'goal'), fieldTitle(schema, 'time_box')]).toEqual(['Goal', 'time box']));
});

describe('values', () => {
  it('are listed in the order and the words of the form', () => expect(inputRows(schema, { other: 1, level: 'low', goal: 'A goal' })).toEqual([{ field: 'goal', title: 'Goal', text: 'A goal', uploads: [] }, { field: 'level', title: 'level', text: 'Low: new here', uploads: [] }, { field: 'other', title: 'other', text: '1', uploads: [] }]));
  it('defaults are filled in and keys of an older version dropped', () => {
    expect(withDefaults(schema, { goal: 'kept', removed_field: 1 })).toMatchObject({ goal: 'kept', minutes: 60, level: 'low', tools: ['search'] });
    expect(withDefaults(schema, { removed_field: 1 })).not.toHaveProperty('removed_field');
  });
  it('what is hidden or cleared is not sent', () => expect(inputsToSend(schema, { goal: 'kept', minutes: undefined, level: 'low', detail: 'old text' })).toEqual({ goal: 'kept', level: 'low' }));
});

it('a schema written for a model gets titles and the order in which its fields are required', () => {
  const read = titled({ type: 'object', required: ['starting_point', 'gaps'], properties: { gaps: { type: 'array', items: { type: 'string' } }, remark: { type: 'string', title: 'Your remark' }, starting_point: { type: 'string' } } });
  expect(Object.entries(read.properties ?? {}).map(([field, property]) => [field, (property as RJSFSchema).title])).toEqual([['starting_point', 'Starting point'], ['gaps', 'Gaps'], ['remark', 'Your remark']]);
});

describe('columns of a table', () => {
  const from = { 'x-options-from': { columns_of: ['file', 'rows'] } };
  const table = { type: 'object', properties: { file: { type: 'string' }, rows: { type: 'string' }, one: { type: 'string', ...from }, several: { type: 'array', items: { type: 'string' }, 'x-ui': { widget: 'column' }, ...from } } } as unknown as RJSFSchema;
  const id = '0199d5a0-1111-7000-8000-000000000001';
  it('that are not there are told at their fields', () => expect(checkInputs(table, { rows: 'a,b\n1,2', one: 'c', several: ['A', 'd'] })).toEqual({ one: 'The table has no column "c". It has a, b', several: 'Line 2: The table has no column "d". It has a, b' }));
  it('of an upload count as soon as they are known', () => expect([checkInputs(table, { file: id, one: 'c' }), checkInputs(table, { file: id, one: 'c' }, () => ['a'])]).toEqual([{}, { one: 'The table has no column "c". It has a' }]));
});

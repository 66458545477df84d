import { describe, expect, it } from 'vitest';
import { fieldText, fieldTitle } from './schema-form.ts';
import { shownBesides, shownSchema } from './shown-schema.ts';

const form = { type: 'object' as const, properties: { timebox_minutes: { type: 'integer' as const, title: 'Time you have', 'x-ui': { unit: 'minutes' } }, level: { type: 'string' as const, title: 'Level', 'x-enum-labels': { low: 'New here' } } } };

describe('what approvers are shown', () => {
  const schema = shownSchema('learn_agentic_ai', 'Learn Agentic AI', form);
  it('names the workflow by its title', () => {
    expect(fieldText(schema.properties?.['workflow'] as object, 'learn_agentic_ai')).toBe('Learn Agentic AI');
    expect(fieldText(shownSchema('mine', undefined, undefined).properties?.['workflow'] as object, 'mine')).toBe('mine');
  });
  it('names the inputs by the titles, labels and units of their form', () => {
    const inputs = schema.properties?.['inputs'] as typeof form;
    expect(fieldTitle(inputs, 'timebox_minutes')).toBe('Time you have');
    expect(fieldText(inputs.properties.timebox_minutes, 15)).toBe('15 minutes');
    expect(fieldText(inputs.properties.level, 'low')).toBe('New here');
  });
});

it('what is said above a question is not said again beside it', () => {
  expect(shownBesides({ question: 'Why Kafka?', number: '1 of 3' }, 'Why Kafka?')).toEqual({ number: '1 of 3' });
  expect(shownBesides({ question: 'A long one, of which the heading holds a part' }, 'A long one')).toEqual({ question: 'A long one, of which the heading holds a part' });
  expect(shownBesides('text', 'text')).toBe('text');
});

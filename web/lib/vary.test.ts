import type { RJSFSchema } from '@rjsf/utils';
import { describe, expect, it } from 'vitest';
import type { WorkflowEstimateWire } from '#contracts/api/estimates.schema';
import { priceOf, variableFields, variantsOf, type VariableField } from './vary.ts';

const schema: RJSFSchema = { type: 'object', properties: {
  goal: { type: 'string', title: 'Goal' }, level: { type: 'string', enum: ['easy', 'hard'], 'x-enum-labels': { easy: 'Easy' } } as RJSFSchema, minutes: { type: 'integer' }, quiz: { type: 'boolean' },
  tools: { type: 'array', items: { type: 'string' } }, paper: { type: 'string', 'x-ui': { widget: 'upload' } } as RJSFSchema, detail: { type: 'string', 'x-show-if': { field: 'level', equals: 'hard' } } as RJSFSchema,
} };

describe('variants of a run', () => {
  it('are of inputs that hold one value and are shown', () => {
    expect(variableFields(schema, { level: 'easy' }).map(({ field, kind }) => `${field} ${kind}`)).toEqual(['goal text', 'level choice', 'minutes number', 'quiz yes-no']);
    expect(variableFields(schema, {})[1]?.options).toEqual([{ value: 'easy', label: 'Easy' }, { value: 'hard', label: 'hard' }]);
  });
  it('leave out what is empty, no number, the same twice, or as it was', () => {
    const minutes: VariableField = { field: 'minutes', title: 'Minutes', kind: 'number', options: [] };
    expect(variantsOf(minutes, ['30', '30', 'soon', '', '60', '15'], { goal: 'x', minutes: 60 })).toEqual([{ goal: 'x', minutes: 30 }, { goal: 'x', minutes: 15 }]);
    expect(variantsOf({ field: 'quiz', title: 'Quiz', kind: 'yes-no', options: [] }, ['false'], { quiz: true })).toEqual([{ quiz: false }]);
  });
  it('are priced together, and unknown stays unknown', () => {
    const estimate = (cost: number | null) => ({ tokens: { low: 1, expected: 100, worst: 200 }, cost_usd_micros: cost === null ? null : { low: 0, expected: cost, worst: cost * 2 } }) as WorkflowEstimateWire;
    expect(priceOf([estimate(10), estimate(5)])).toEqual({ expected: 15, worst: 30, tokens: 200 });
    expect(priceOf([estimate(10), estimate(null)])).toEqual({ expected: null, worst: null, tokens: 200 });
    expect(priceOf([estimate(10), undefined])).toBeNull();
  });
});

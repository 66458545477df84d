import { expect, it } from 'vitest';
import { PatternWork } from '#contracts/own/patterns';
import type { TransformStep, ValidateRule } from '#contracts/own/definition';
import { broken, StepProblem, transformed } from './pure-steps.ts';
import { isTooBig, Values } from './values.ts';

const rule = (given: object): ValidateRule => ({ soft: false, ...given }) as ValidateRule;

it('a pattern that would hold the worker ends the step in words', () => {
  const step = { type: 'transform', key: 'find', title: 'Find', operation: 'regex', source: 'text', pattern: '(?:.{0,30}){0,30}[bc]', output_variable: 'found' } as TransformStep;
  const values = new Values({ text: 'a'.repeat(100_000) });
  expect(() => transformed(step, values, new PatternWork(1_000_000))).toThrow(StepProblem);
  expect(() => broken(rule({ rule: 'regex', pattern: '(?:.{0,30}){0,30}[bc]' }), 'a'.repeat(100_000), 'text', new PatternWork(1_000_000))).toThrow(/too much work/);
});

it('a long list is not compared item by item', () => {
  const schema = { type: 'array', items: { type: 'number' }, uniqueItems: true };
  const check = (list: unknown) => broken(rule({ rule: 'json_schema', schema }), list, 'list', new PatternWork());
  const begun = performance.now();
  expect(check(Array.from({ length: 500 }, (_, index) => index))).toBeNull();
  expect(check([1, 2, 1])).toMatch(/does not fit its schema/);
  expect(check(JSON.stringify(Array.from({ length: 60_000 }, (_, index) => index)))).toMatch(/too long to be compared/);
  expect(performance.now() - begun).toBeLessThan(2000);
});

it('what joins make does not grow without end', () => {
  const step = { type: 'transform', key: 'all', title: 'All', operation: 'join', source: 'texts', output_variable: 'all' } as TransformStep;
  const join = (texts: string[]) => transformed(step, new Values({ texts }), new PatternWork());
  expect(join(['a', 'b'])).toBe('a\n\nb');
  expect(() => join(Array.from({ length: 50 }, () => 'x'.repeat(10_000)))).toThrow(/500,100 characters together/);
});

it('a value is as big as it is written out, however much its parts share', () => {
  let value: unknown = 'a';
  for (let level = 0; level < 3; level += 1) value = Array.from({ length: 50 }, () => value);
  expect(isTooBig(value)).toBe(false);
  for (let level = 0; level < 6; level += 1) value = Array.from({ length: 50 }, () => value);
  expect(isTooBig(value)).toBe(true);
});

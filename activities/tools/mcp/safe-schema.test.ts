import { Validator } from '@cfworker/json-schema';
import { expect, it } from 'vitest';
import { safeSchema, SafeSchemaValidator } from './safe-schema.ts';

const HOSTILE = `${'a'.repeat(40)}!`;

it('a server\'s schema holds nobody still: no pattern, no reference that goes round, no comparison of all items', () => {
  const begun = performance.now();
  const hostile = {
    type: 'object', properties: { text: { type: 'string', pattern: '^(a+)+$' }, list: { type: 'array', uniqueItems: true, items: { anyOf: [{ type: 'string', pattern: '^(a|a)*$' }] } }, round: { $ref: '#' }, mail: { type: 'string', format: 'email' } },
    patternProperties: { '^(a+)+$': { type: 'string' } }, additionalProperties: false, allOf: [{ not: { properties: { text: { pattern: '^(a+)+b$' } }, required: ['never'] } }],
  };
  const value = { text: HOSTILE, list: [HOSTILE, ...Array.from({ length: 40_000 }, (_, index) => String(index))], round: { round: {} }, mail: HOSTILE, [HOSTILE]: 'x' };
  expect(new Validator(safeSchema(hostile), '2020-12', false).validate(value).valid).toBe(true);
  expect(new SafeSchemaValidator().getValidator(hostile)(value)).toMatchObject({ valid: true });
  expect(performance.now() - begun).toBeLessThan(2000);
});

it('still checks types, required fields, lists of values and closed objects, also of an argument that is called pattern', () => {
  const schema = safeSchema({ type: 'object', properties: { pattern: { type: 'string', minLength: 2 }, kind: { enum: ['a', 'b'] } }, required: ['pattern'], additionalProperties: false });
  const valid = (value: unknown) => new Validator(schema, '2020-12', false).validate(value).valid;
  expect([{ pattern: 'ab' }, { pattern: 'ab', kind: 'b' }, { pattern: 'a' }, { pattern: 3 }, {}, { pattern: 'ab', kind: 'c' }, { pattern: 'ab', more: 1 }].map(valid)).toEqual([true, true, false, false, false, false, false]);
});

it('is not brought down by depth', () => {
  let deep: unknown = { type: 'string', pattern: '^(a+)+$' };
  for (let level = 0; level < 5000; level += 1) deep = { items: deep };
  expect(JSON.stringify(safeSchema(deep)).length).toBeLessThan(1000);
});

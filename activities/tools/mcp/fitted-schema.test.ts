import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fittedSchema, MOST_SCHEMA_BYTES } from './fitted-schema.ts';

const many = (count: number, of: (index: number) => Record<string, unknown>) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`argument_${index}`, of(index)]));

it('a schema of ordinary size is sent as it came', () => {
  const schema = { type: 'object', properties: { title: { type: 'string', description: 'what to look for' } }, required: ['title'] };
  expect(fittedSchema(schema)).toEqual({ schema, left: null });
});

it('one that is too long loses its words first, and no argument that is called like one', () => {
  const schema = { type: 'object', title: 'x', properties: { ...many(40, () => ({ type: 'string', description: 'long '.repeat(60) })), title: { type: 'string', default: 'a'.repeat(400) }, description: { type: 'string' } }, required: ['title'] };
  const { schema: sent, left } = fittedSchema(schema);
  expect(left).toMatch('too long');
  expect(sent).toEqual({ type: 'object', properties: { ...many(40, () => ({ type: 'string' })), title: { type: 'string' }, description: { type: 'string' } }, required: ['title'] });
});

it('one that does not fit without words either is not sent', () => {
  const { schema, left } = fittedSchema({ type: 'object', properties: many(2_000, () => ({ type: 'string' })) });
  expect([schema, left]).toEqual([{ type: 'object' }, expect.stringMatching('too large') as string]);
});

it('is never larger than a call pays for, whatever a server says', () => {
  fc.assert(fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 6 }), { maxKeys: 60 }), fc.nat(400), (schema, times) => {
    const long = { ...schema, padding: 'é'.repeat(times * 30) };
    expect(Buffer.byteLength(JSON.stringify(fittedSchema(long).schema))).toBeLessThanOrEqual(MOST_SCHEMA_BYTES);
  }));
});

import { expect, it } from 'vitest';
import { jsonSafe } from './json-safe.ts';

it('drops U+0000 and mends halves of a surrogate pair, in keys and at every depth', () => {
  expect(jsonSafe({ 'a\0': ['x\0y', { b: 'half \uD83D, whole \u{1F600}' }], n: 1, no: null, not: undefined })).toEqual({ a: ['xy', { b: 'half \uFFFD, whole \u{1F600}' }], n: 1, no: null, not: undefined });
  expect(jsonSafe('\0\uDC00')).toBe('\uFFFD');
  // JSON.parse makes such a key an own one; it stays one.
  expect(JSON.stringify(jsonSafe(JSON.parse('{"__proto__":{"x":"\\u0000"}}')))).toBe('{"__proto__":{"x":""}}');
});

it('gives the same value back when nothing is to do', () => {
  const value = { list: ['whole \u{1F600}', 1, null, Number.NaN], deep: { when: new Date(0), text: '\\u0000' } };
  expect(jsonSafe(value)).toBe(value);
});

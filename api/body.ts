import { MAX_TEXT_LENGTH } from '#contracts/limits';
import { CodedError, invalidField } from '#platform/coded-error';

/** Reading JSON from strangers: UTF-8 only, no key that reaches a prototype, bounded depth and text length, no NUL, no half
 * surrogate; other control characters are dropped (tab and line breaks stay). Every refusal names its place. */
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);
const MAX_DEPTH = 32;
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const STRIPPED = /[\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;

const escapeKey = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1').slice(0, 100);

/** @param maxText  characters of one text; more only where a schema says what is in it
 * @throws CodedError InvalidInput */
export function parseJsonBody(bytes: Uint8Array, maxText = MAX_TEXT_LENGTH): unknown {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new CodedError('InvalidInput', 'The body is not valid UTF-8.');
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new CodedError('InvalidInput', 'The body is not valid JSON.');
  }
  return checked(value, '#', 0, maxText);
}

/** The same for what stands in an address: PostgreSQL takes no NUL either, wherever it came from.
 * @param place  `#/path` or `#/query` @throws CodedError InvalidInput */
export function checkAddress(values: Record<string, unknown>, place: string): unknown {
  return checked({ ...values }, place, 0, MAX_TEXT_LENGTH);
}

function checked(value: unknown, pointer: string, depth: number, maxText: number): unknown {
  if (typeof value === 'string') return checkedText(value, pointer, maxText);
  if (value === null || typeof value !== 'object') return value;
  if (depth >= MAX_DEPTH) throw invalidField(pointer, `is nested deeper than ${MAX_DEPTH} levels`);
  if (Array.isArray(value)) return value.map((item, index) => checked(item, `${pointer}/${index}`, depth + 1, maxText));
  const result: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    const place = `${pointer}/${escapeKey(key)}`;
    if (FORBIDDEN_KEYS.has(key)) throw invalidField(place, 'is a key that is never accepted');
    if (key.includes('\0') || !key.isWellFormed()) throw invalidField(place, 'is not a valid name');
    result[key] = checked(item, place, depth + 1, maxText);
  }
  return result;
}

function checkedText(text: string, pointer: string, maxText: number): string {
  if (text.includes('\0')) throw invalidField(pointer, 'holds a NUL character');
  if (!text.isWellFormed()) throw invalidField(pointer, 'holds half of a surrogate pair');
  if (text.length > maxText) throw invalidField(pointer, `is longer than ${maxText} characters`);
  return text.replaceAll(STRIPPED, '');
}

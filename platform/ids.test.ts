import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, digestOf, isUuid, sha256Hex, uuidv7 } from './ids.ts';

describe('uuidv7', () => {
  it('sorts by time of making', () => {
    fc.assert(fc.property(fc.nat(2 ** 40), fc.integer({ min: 1, max: 2 ** 30 }), (now, later) => uuidv7(now) < uuidv7(now + later)));
  });

  it('has version 7 and the RFC variant, and never repeats', () => {
    const ids = Array.from({ length: 2000 }, () => uuidv7());
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('is told from anything else', () => {
    expect(isUuid(uuidv7())).toBe(true);
    for (const text of ['', 'learn_agentic_ai', `${uuidv7()}x`, `${uuidv7()}\n`, uuidv7().replaceAll('-', '')]) expect(isUuid(text), JSON.stringify(text)).toBe(false);
  });
});

/** The same value with its keys in the opposite order. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned);
  if (value === null || typeof value !== 'object') return value;
  const copy: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [key, item] of Object.entries(value).reverse()) copy[key] = turned(item);
  return copy;
}

describe('canonical JSON', () => {
  it('is JSON of the same value', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => { expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value))); }));
  });

  it('does not depend on the order of keys', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => canonicalJson(turned(value)) === canonicalJson(value) && digestOf(turned(value)) === digestOf(value)));
  });

  it('leaves out what JSON leaves out', () => {
    expect(canonicalJson({ b: undefined, a: [undefined, 1] })).toBe('{"a":[null,1]}');
    expect(canonicalJson({ z: 1, a: { y: 2, b: 3 } })).toBe('{"a":{"b":3,"y":2},"z":1}');
  });

  it('digests are SHA-256 in hex', () => {
    expect(sha256Hex('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(digestOf({ a: 1 })).toBe(sha256Hex('{"a":1}'));
    expect(digestOf({ a: 1 })).not.toBe(digestOf({ a: '1' }));
  });
});

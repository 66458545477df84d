import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJsonBody } from '#api/body';
import { CodedError } from '#platform/coded-error';
import { redact } from '#platform/redact';
import { openSecret, sealSecret, SecretUnreadable } from '#platform/secrets/envelope';
import { createKeyRing } from '#platform/secrets/key-ring';
import { safeJoin } from '#platform/storage/safe-join';

/** What strangers can send to the five places that everything passes. The URL guard's own 20,000 are in
 * activities/tools/net/url-guard.test.ts and run each time. */
const RUNS = { numRuns: process.env['SECURITY'] === 'full' ? 20_000 : 10_000 };
const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));

describe('the parser of bodies', () => {
  it('any bytes at all are a value or InvalidInput, never another error', () => {
    fc.assert(fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.json().map(bytes), fc.string().map(bytes)), (content) => {
      try { parseJsonBody(content); return true; } catch (error) { return error instanceof CodedError && error.code === 'InvalidInput'; }
    }), RUNS);
  });

  it('what it lets through has no prototype key, NUL, control character or half surrogate, however deep', () => {
    const key = fc.oneof(fc.constantFrom('__proto__', 'constructor', 'prototype', 'a', 'b\0', '\ud800'), fc.string({ maxLength: 4 }));
    const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 8 }), fc.constantFrom('\0', '\ud800', 'a\u0007b', '\u001b[31m', 'tab\tand\nline'));
    const { tree } = fc.letrec((tie) => ({ tree: fc.oneof({ maxDepth: 5 }, text, fc.integer(), fc.array(tie('tree'), { maxLength: 3 }), fc.array(fc.tuple(key, tie('tree')), { maxLength: 3 }).map((entries) => ({ entries }))) }));
    // Built as text: an object literal could not hold the forbidden keys.
    const write = (value: unknown): string => (typeof value === 'object' && value !== null ? (Array.isArray(value) ? `[${value.map(write).join(',')}]` : `{${(value as { entries: [string, unknown][] }).entries.map(([name, inner]) => `${JSON.stringify(name)}:${write(inner)}`).join(',')}}`) : JSON.stringify(value));
    fc.assert(fc.property(tree, (value) => {
      let parsed: unknown;
      try { parsed = parseJsonBody(bytes(write(value))); } catch { return true; }
      const clean = (part: unknown): boolean => {
        // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
        if (typeof part === 'string') return part.isWellFormed() && !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(part);
        if (typeof part !== 'object' || part === null) return true;
        return Object.entries(part).every(([name, inner]) => !['__proto__', 'constructor', 'prototype'].includes(name) && !name.includes('\0') && clean(inner)) && [Object.prototype, Array.prototype].includes(Object.getPrototypeOf(part) as never);
      };
      return clean(parsed);
    }), RUNS);
  });
});

it('safeJoin: any string stays under its folder or is refused', () => {
  const piece = fc.oneof(fc.constantFrom('..', '.', '/', '\\', '\0', '%2e', '%2f', '~', 'a', '.tmp', '\u2024', '\uff0e'), fc.string({ maxLength: 5 }));
  fc.assert(fc.property(fc.array(piece, { maxLength: 8 }), (parts) => {
    let joined: string;
    try { joined = safeJoin('/srv/artifacts', parts.join('')); } catch (error) { return error instanceof CodedError; }
    return joined.startsWith('/srv/artifacts/') && !joined.split('/').includes('..');
  }), RUNS);
});

it('the redactor: no key of six vendors, and no token of ours, survives in any text or under any name', () => {
  const chars = (alphabet: string, length: number) => fc.array(fc.constantFrom(...alphabet.split('')), { minLength: length, maxLength: length + 20 }).map((list) => list.join(''));
  const WORD = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
  const body = chars(WORD, 24);
  const key = fc.oneof(...['sk-', 'sk-proj-', 'sk-ant-api03-', 'sk-or-v1-', 'gsk_', 'AIza'].map((prefix) => body.map((rest) => prefix + rest)), body.map((rest) => `awp_ab12cd34_${rest}`), body.map((rest) => `Bearer ${rest}`));
  const around = fc.constantFrom('', ' ', '\n', '"', '{"error":"', 'key=', '(', ',');
  fc.assert(fc.property(key, around, around, (secret, before, after) => {
    const shown = JSON.stringify(redact({ detail: [{ message: `${before}${secret}${after}` }], authorization: secret, nested: { api_key: secret } }));
    return !shown.includes(secret.replace('Bearer ', ''));
  }), RUNS);
});

it('the envelope: every secret comes back, and no changed byte, row or key opens it', () => {
  const ring = createKeyRing([randomBytes(32)]);
  const binding = { ownerId: 'owner', provider: 'openai', rowId: 'row' };
  const FIELDS = ['dek', 'dekIv', 'dekTag', 'iv', 'tag', 'data'] as const;
  fc.assert(fc.property(fc.string({ minLength: 1, maxLength: 80, unit: 'binary' }), fc.constantFrom(...FIELDS), fc.nat(), fc.integer({ min: 1, max: 255 }), (secret, field, at, flip) => {
    const sealed = sealSecret(ring, secret, binding);
    if (openSecret(ring, sealed, binding) !== secret) return false;
    const changed = Buffer.from(sealed[field], 'base64url');
    changed[at % changed.length] = (changed[at % changed.length] as number) ^ flip;
    const attempts: (() => string)[] = [
      () => openSecret(ring, { ...sealed, [field]: changed.toString('base64url') }, binding), () => openSecret(ring, sealed, { ...binding, rowId: 'other' }), () => openSecret(createKeyRing([randomBytes(32)]), sealed, binding),
    ];
    for (const attempt of attempts) expect(attempt).toThrow(SecretUnreadable);
    return true;
  }), { numRuns: RUNS.numRuns / 4 });
});

import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openSecret, rewrapSecret, sealSecret, SecretUnreadable, type SecretEnvelope } from './envelope.ts';
import { createKeyRing } from './key-ring.ts';

const master = randomBytes(32);
const ring = createKeyRing([master]);
const binding = { ownerId: 'owner-a', provider: 'openai', rowId: 'row-1' };
const secret = 'sk-canary-0123456789';

describe('secret envelope', () => {
  it('gives the secret back and never holds it in clear', () => {
    const envelope = sealSecret(ring, secret, binding);
    expect(JSON.stringify(envelope)).not.toContain('canary');
    expect(openSecret(ring, envelope, binding)).toBe(secret);
  });

  it('refuses a row that was given to another owner, provider or id', () => {
    const envelope = sealSecret(ring, secret, binding);
    for (const moved of [{ ownerId: 'owner-b' }, { provider: 'groq' }, { rowId: 'row-2' }]) {
      expect(() => openSecret(ring, envelope, { ...binding, ...moved })).toThrow(SecretUnreadable);
    }
  });

  it('is wrapped anew by the next master key: the secret stays, the old key is not needed any more', () => {
    const next = randomBytes(32);
    const both = createKeyRing([next, master]);
    const envelope = sealSecret(ring, secret, binding);
    const fresh = rewrapSecret(both, envelope, binding) as SecretEnvelope;
    expect([fresh.data, fresh.iv, fresh.tag]).toEqual([envelope.data, envelope.iv, envelope.tag]);
    expect(openSecret(createKeyRing([next]), fresh, binding)).toBe(secret);
    expect(rewrapSecret(both, fresh, binding)).toBeNull();
    expect(() => rewrapSecret(both, envelope, { ...binding, ownerId: 'owner-b' })).toThrow(SecretUnreadable);
    expect(() => rewrapSecret(createKeyRing([next]), envelope, binding)).toThrow(/not loaded/);
  });

  it('refuses every changed byte', () => {
    const envelope = sealSecret(ring, secret, binding);
    for (const field of ['dek', 'dekIv', 'dekTag', 'iv', 'tag', 'data'] as const) {
      const bytes = Buffer.from(envelope[field], 'base64url');
      for (let index = 0; index < bytes.length; index += 1) {
        const changed = Buffer.from(bytes);
        changed[index] = (changed[index] as number) ^ 1;
        expect(() => openSecret(ring, { ...envelope, [field]: changed.toString('base64url') }, binding), `${field}[${index}]`).toThrow(SecretUnreadable);
      }
    }
  });

  it('refuses another master key, and reads old rows while the old key is still loaded', () => {
    const envelope = sealSecret(ring, secret, binding);
    const next = randomBytes(32);
    expect(() => openSecret(createKeyRing([next]), envelope, binding)).toThrow(/not loaded/);
    expect(openSecret(createKeyRing([next, master]), envelope, binding)).toBe(secret);
    expect(() => openSecret(createKeyRing([next]), { ...envelope, kid: createKeyRing([next]).current().kid }, binding)).toThrow(SecretUnreadable);
    expect(() => openSecret(ring, { ...envelope, v: 2 } as unknown as SecretEnvelope, binding)).toThrow(/version/);
  });

  it('never uses an IV twice', () => {
    const ivs = new Set(Array.from({ length: 5000 }, () => sealSecret(ring, secret, binding)).flatMap((envelope) => [envelope.iv, envelope.dekIv]));
    expect(ivs.size).toBe(10_000);
  });
});

import { describe, expect, it } from 'vitest';
import type { Principal } from './endpoint.ts';
import { AUTH_EVERY_MS } from './follow-events.ts';
import { createPrincipalCache, PRINCIPAL_TTL_MS } from './principal-cache.ts';

const principal = (credentialId: string, expiresAt: Date | null = null): Principal => ({ userId: 'u', name: 'Ada', email: 'a@example.test', role: 'student', kind: 'api_token', credentialId, permissions: new Set(), expiresAt });

describe('the principal cache', () => {
  it('asks once within its time, however many ask at once, and again after it', async () => {
    let now = 0;
    let asked = 0;
    const cache = createPrincipalCache(() => now);
    const find = async () => { asked += 1; return principal('t1'); };
    await Promise.all(Array.from({ length: 20 }, () => cache.resolve('a', find)));
    now = PRINCIPAL_TTL_MS - 1;
    await cache.resolve('a', find);
    expect(asked).toBe(1);
    now = PRINCIPAL_TTL_MS;
    await cache.resolve('a', find);
    expect(asked).toBe(2);
  });

  it('is bounded below the 5 s within which a revoked token has to stop everywhere', () => {
    expect(PRINCIPAL_TTL_MS).toBeLessThanOrEqual(3000);
    // A stream asks again only so often, and may then hear what was kept.
    expect(PRINCIPAL_TTL_MS + AUTH_EVERY_MS).toBeLessThan(5000);
  });

  it('forgets one credential and keeps the others', async () => {
    const cache = createPrincipalCache(() => 0);
    await cache.resolve('a', async () => principal('t1'));
    await cache.resolve('b', async () => principal('t2'));
    cache.forget('t1');
    expect(await cache.resolve('a', async () => null)).toBeNull();
    expect((await cache.resolve('b', async () => null))?.credentialId).toBe('t2');
  });

  it('keeps no answer of a question that was asked before the change', async () => {
    const cache = createPrincipalCache(() => 0);
    const answer = Promise.withResolvers<Principal | null>();
    const early = cache.resolve('a', () => answer.promise);
    cache.forget('t1');
    answer.resolve(principal('t1'));
    await early;
    expect(await cache.resolve('a', async () => null)).toBeNull();
  });

  it('keeps neither refusals nor failures, and nothing past its own end', async () => {
    const cache = createPrincipalCache(() => 0);
    expect(await cache.resolve('a', async () => null)).toBeNull();
    await expect(cache.resolve('a', async () => { throw new Error('away'); })).rejects.toThrow('away');
    expect(await cache.resolve('a', async () => principal('t1', new Date(Date.now() - 1)))).toBeNull();
    expect((await cache.resolve('b', async () => principal('t2')))?.credentialId).toBe('t2');
  });

  it('holds a thousand credentials at most', async () => {
    const cache = createPrincipalCache(() => 0);
    for (let index = 0; index <= 1000; index += 1) await cache.resolve(`token-${index}`, async () => principal(`t${index}`));
    let asked = 0;
    const find = async () => { asked += 1; return principal('again'); };
    await cache.resolve('token-1000', find);
    expect(asked).toBe(0);
    await cache.resolve('token-0', find);
    expect(asked).toBe(1);
  });
});

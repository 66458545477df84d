import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { allowedOrigins, temporalWebOrigins } from '#api/origins';
import { securityHeaders } from '#api/middleware/security';
import { sessionLimits, setSessionCookie } from '#api/session-cookie';
import { loadConfig, masterKey } from '#platform/config';

/** Production mode with nothing set but its name: what the page for administrators (docs/security/README.md) says of each control. */
const PAGE = readFileSync(join(import.meta.dirname, '../docs/security/README.md'), 'utf8');
const ROWS = PAGE.split('\n').filter((line) => /^\| (?:C\d|crash drill)/.test(line)).map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()));
const SWITCHES = ROWS.flatMap(([control = '', , cell = '']) => [...cell.matchAll(/`([A-Z_]+)`(?: = (\S+?)|( empty))(?:[,\s]|$)/g)].map(([, name = '', value]) => ({ control, name, value: value ?? '' })));
const MINUTE = 60_000;
const config = loadConfig({ AWP_ENV: 'production' });

describe('the page for administrators', () => {
  it('takes five minutes: at most 1,200 words', () => {
    expect(PAGE.match(/\S+/g)?.length).toBeLessThanOrEqual(1200);
  });
  it('has each of the 39 controls, with its switch or the word that there is none', () => {
    const ids = new Set(ROWS.flatMap(([control = '']) => control.match(/\bC\d+\b/g) ?? []));
    expect(Array.from({ length: 39 }, (_, index) => `C${index + 1}`).filter((id) => !ids.has(id))).toEqual([]);
    expect(ROWS.filter(([control = '', , cell = '']) => cell !== 'none' && !SWITCHES.some((row) => row.control === control)).map(([control]) => control)).toEqual([]);
  });
  it.each(SWITCHES)('$control: $name is $value without any setting', ({ name, value }) => {
    const held = (config as unknown as Record<string, unknown>)[name];
    expect(held).not.toBeUndefined();
    expect(Array.isArray(held) ? held.join(',') : String(held)).toBe(value);
  });
});

describe('a production start without any setting', () => {
  it('ends sessions after half an hour idle and twelve hours in all, on loopback too', () => {
    expect(sessionLimits(config)).toEqual({ idleMs: 30 * MINUTE, absoluteMs: 720 * MINUTE });
  });
  it('gives a cookie that is bound to this host and to TLS, and that no script reads', () => {
    const cookie = vi.fn();
    setSessionCookie({ cookie } as never, config, 'token', new Date(0));
    expect(cookie).toHaveBeenCalledWith('__Host-awp_session', 'token', expect.objectContaining({ secure: true, httpOnly: true, sameSite: 'lax', path: '/' }));
  });
  it('tells browsers to come by TLS, and allows no other origin', () => {
    const headers: Record<string, unknown> = {};
    const res = { setHeader: (name: string, value: unknown) => { headers[name.toLowerCase()] = value; }, removeHeader: vi.fn(), set: vi.fn() };
    for (const handler of securityHeaders(config)) void handler({} as never, res as never, () => {});
    expect(headers['strict-transport-security']).toBe('max-age=31536000; includeSubDomains');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    const served = loadConfig({ AWP_ENV: 'production', WEB_ORIGIN: 'https://awp.example' });
    expect([...allowedOrigins(served, 8000)]).toEqual(['https://awp.example']);
    expect(temporalWebOrigins(served)).toEqual([]);
  });
  it('has no key, token or provider of its own', () => {
    expect([config.AWP_BOOTSTRAP_API_KEY, config.AWP_SIGN_IN_TOKEN, config.AWP_MASTER_KEY, ...Object.values(config.providers).map(({ apiKey }) => apiKey)].filter(Boolean)).toEqual([]);
    expect(() => masterKey(config)).toThrow('AWP_MASTER_KEY is missing');
  });
  it.each([
    ['AWP_PAYLOAD_ENCRYPTION', 'off'], ['AWP_BOOTSTRAP_API_KEY', 'aaaaaaaaaaaaaaaaaaaaaaaa'], ['AWP_BOOTSTRAP_API_KEY', 'short-7Hq'], ['AWP_BOOTSTRAP_API_KEY', 'change-me-in-production-0123'], ['AWP_SIGN_IN_TOKEN', 'my-sample-token-0123456789'], ['AWP_SIGN_IN_TOKEN', '1'],
    ['DATABASE_URL', 'postgresql://awp:postgres@db/awp'], ['DATABASE_URL', 'postgresql://awp:awp@db/awp'],
  ])('refuses %s=%s by its name, without showing it; a local start takes it', (name, value) => {
    expect(() => loadConfig({ AWP_ENV: 'production', [name]: value })).toThrow(name);
    if (value.length > 8) expect(() => loadConfig({ AWP_ENV: 'production', [name]: value })).not.toThrow(new RegExp(value.slice(0, 20).replaceAll(/[/?]/g, '.')));
    expect(() => loadConfig({ [name]: value })).not.toThrow();
  });
  it('takes strong values', () => {
    expect(() => loadConfig({ AWP_ENV: 'production', AWP_BOOTSTRAP_API_KEY: 'Zq0mS4v9rT2xL7cK1bN8', AWP_SIGN_IN_TOKEN: 'uW3eR5tY7uI9oP1aS3dF', DATABASE_URL: 'postgresql://awp:pR6kQ2w9@db/awp', AWP_MAX_CONCURRENT_RUNS: '0' })).not.toThrow();
  });
});

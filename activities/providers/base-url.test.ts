import type { lookup, LookupAddress } from 'node:dns';
import { describe, expect, it } from 'vitest';
import { isPrivateHost, resolveBaseUrl, type EndpointConfig } from './base-url.ts';
import { guardedFetch, guardedLookup } from './guarded-fetch.ts';

const config = (baseUrl: string, more: Partial<EndpointConfig> = {}): EndpointConfig => ({ AWP_ENV: 'production', AWP_ALLOWED_PRIVATE_HOSTS: [], providers: { compatible: { baseUrl } }, ...more });

describe('the base URL of the admin', () => {
  it('none given means the vendor\'s own', () => {
    expect(resolveBaseUrl('openai', config('https://example.com'))).toBeUndefined();
  });

  it.each(['https://api.example.com/v1', 'https://93.184.215.14/v1'])('%s is taken in production', (url) => {
    expect(resolveBaseUrl('compatible', config(`${url}/`))).toBe(url);
  });

  it.each([
    'http://127.0.0.1:8080/v1', 'https://10.0.0.5', 'https://192.168.1.1', 'https://172.16.3.4', 'https://169.254.169.254/latest', 'https://168.63.129.16', 'https://100.64.0.1', 'https://0.0.0.0', 'https://[::1]', 'https://[::ffff:10.0.0.1]',
    'https://[fd00::1]', 'https://[fe80::1]', 'https://[64:ff9b::a00:1]', 'https://2130706433', 'https://0x7f000001', 'https://017700000001', 'https://127.1', 'https://localhost', 'https://LOCALHOST.', 'https://ollama', 'https://a.localhost', 'https://vllm.internal',
    'http://api.example.com/v1',
  ])('%s is refused in production', (url) => {
    expect(() => resolveBaseUrl('compatible', config(url))).toThrowError(expect.objectContaining({ code: 'ProviderRejected', detail: expect.stringContaining('COMPATIBLE_BASE_URL') }));
  });

  it('a listed host is allowed, and only that one; in local mode all are', () => {
    const listed = { AWP_ALLOWED_PRIVATE_HOSTS: ['ollama', '127.0.0.1', '::1'] };
    expect(resolveBaseUrl('compatible', config('http://ollama:11434/v1', listed))).toBe('http://ollama:11434/v1');
    expect(resolveBaseUrl('compatible', config('http://[::1]:1/v1', listed))).toBe('http://[::1]:1/v1');
    expect(() => resolveBaseUrl('compatible', config('http://127.0.0.2/v1', listed))).toThrow('AWP_ALLOWED_PRIVATE_HOSTS');
    expect(resolveBaseUrl('compatible', config('http://127.0.0.1:9/v1', { AWP_ENV: 'local' }))).toBe('http://127.0.0.1:9/v1');
  });

  it.each(['ftp://example.com', 'not a url', 'https://user:pw@example.com', 'https://example.com?x=1', 'https://example.com#a', 'file:///etc/passwd'])('%s is never a base URL', (url) => {
    expect(() => resolveBaseUrl('compatible', config(url, { AWP_ENV: 'local' }))).toThrowError(expect.objectContaining({ code: 'ProviderRejected' }));
  });

  it('public names are not private', () => {
    expect(['api.openai.com', '8.8.8.8', '[2606:4700:4700::1111]'].filter(isPrivateHost)).toEqual([]);
  });
});

describe('names at the moment of the connection', () => {
  const resolveTo = (...addresses: string[]) => ((_host: string, _options: unknown, done: (error: null, found: LookupAddress[]) => void) => { done(null, addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))); }) as unknown as typeof lookup;
  const look = (addresses: string[], allowed = false, all = true) => new Promise((resolve) => {
    guardedLookup(() => allowed, resolveTo(...addresses))('api.example.com', { all }, (error, found) => { resolve(error ? error.code : found); });
  });

  it('private addresses are dropped, none left is an error', async () => {
    expect(await look(['10.0.0.1', '93.184.215.14'])).toEqual([{ address: '93.184.215.14', family: 4 }]);
    expect(await look(['127.0.0.1', '::ffff:10.0.0.1'])).toBe('EPRIVATEADDRESS');
    expect(await look(['127.0.0.1'], true)).toEqual([{ address: '127.0.0.1', family: 4 }]);
    expect(await look(['93.184.215.14'], false, false)).toBe('93.184.215.14');
  });

  it('in production the fetch does not connect to a name that is private', async () => {
    const error: unknown = await guardedFetch({ AWP_ENV: 'production', AWP_ALLOWED_PRIVATE_HOSTS: [] })('http://localhost:45999/').catch((reason: unknown) => reason);
    expect((error as { cause: { code: string } }).cause.code).toBe('EPRIVATEADDRESS');
  });
});

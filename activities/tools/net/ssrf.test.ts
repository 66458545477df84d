import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HOSTILE } from '#test/support/security/hostile-addresses';
import { createTools } from '../registry.ts';
import { config, context, noLibrary, pages, serve, type TestServer } from '../test-support.ts';
import { runTool, type Tool } from '../tool.ts';
import type { Resolve } from './url-guard.ts';

/** Canaries listen on IPv4 and IPv6 loopback: a guard that fails is seen as a request that arrived. The allow-listed
 * front stands for "the public internet" that redirects inwards. */
let canary: TestServer;
let canarySix: TestServer | null;
let front: TestServer;
let fetchUrl: Tool;
let lookups: string[];
let resolution: Record<string, string[][]>;

const resolve: Resolve = (host, done) => {
  lookups.push(host);
  const answers = resolution[host] ?? [['127.0.0.1']];
  const now = answers.length > 1 ? answers.shift() : answers[0];
  done(null, (now ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 })));
};

beforeAll(async () => {
  const secret = pages({ '/': { type: 'text/plain', body: 'secret' } });
  canary = await serve(secret);
  canarySix = await serve(secret, '::1').catch(() => null);
  front = await serve((request, response) => {
    const url = new URL(request.url ?? '/', 'http://x');
    if (url.pathname === '/robots.txt') { response.writeHead(404).end(); return; }
    if (url.pathname === '/to') { response.writeHead(Number(url.searchParams.get('status') ?? 302), { location: Buffer.from(url.searchParams.get('at') ?? '').toString('latin1') }).end(); return; }
    if (url.pathname === '/count') { const left = Number(url.searchParams.get('n')); if (left > 0) { response.writeHead(302, { location: `/count?n=${left - 1}` }).end(); return; } }
    response.writeHead(200, { 'content-type': 'text/plain' }).end('public text');
  });
  const tools = createTools(config({ AWP_ALLOWED_PRIVATE_HOSTS: [front.host] }), { resolve, library: noLibrary });
  fetchUrl = tools.fetch_url as Tool;
});
beforeEach(() => { lookups = []; resolution = {}; });
afterAll(async () => { await Promise.all([canary.close(), canarySix?.close(), front.close()]); });

const port = (): string => canary.host.split(':')[1] ?? '';
const untouched = (): void => { expect([canary.requests, canarySix?.requests ?? []]).toEqual([[], []]); };
const fetchAt = (url: string) => runTool(fetchUrl, { url }, context());

describe('fetch_url', { timeout: 30_000 }, () => {
  it('none of the hostile addresses reaches a canary', async () => {
    expect(HOSTILE.length).toBeGreaterThanOrEqual(28);
    for (const hostile of HOSTILE) {
      const url = hostile(port());
      expect({ url, outcome: (await fetchAt(url)).outcome }).toEqual({ url, outcome: 'failed' });
      untouched();
    }
  });

  it('no redirect leads inwards', async () => {
    for (const hostile of HOSTILE) {
      const at = hostile(port());
      const result = await fetchAt(`${front.url}/to?status=${[301, 302, 303, 307, 308][at.length % 5]}&at=${encodeURIComponent(at)}`);
      // "//host" and "http:/path" are relative to the front here: what counts is that the canary stays untouched.
      expect(result.items.filter((item) => item.text.includes('secret'))).toEqual([]);
      untouched();
    }
  });

  it('each connection resolves once and connects only to what was checked', async () => {
    expect(await fetchAt('http://rebind.example.org/')).toMatchObject({ outcome: 'failed', summary: 'This address is not on the public internet.' });
    expect(lookups).toEqual(['rebind.example.org']);
    untouched();
  });

  it('a name with one public and one private address is refused', async () => {
    resolution['both.example.org'] = [['93.184.215.14', '127.0.0.1']];
    expect(await fetchAt('http://both.example.org/')).toMatchObject({ outcome: 'failed' });
    untouched();
  });

  it('follows three redirects, not four', async () => {
    expect((await fetchAt(`${front.url}/count?n=3`)).items[0]?.text).toBe('public text');
    expect(await fetchAt(`${front.url}/count?n=4`)).toMatchObject({ outcome: 'failed', summary: '127.0.0.1 redirects more than 3 times.' });
  });

  it('the good host still works', async () => {
    expect(await fetchAt(`${front.url}/`)).toMatchObject({ outcome: 'ok', items: [{ text: 'public text' }] });
  });
});

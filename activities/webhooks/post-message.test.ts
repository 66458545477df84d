import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WEBHOOK_ANSWER_CHARACTERS } from '#contracts/webhooks';
import { pages, serve, type TestServer } from '../tools/test-support.ts';
import type { Resolve } from '../tools/net/url-guard.ts';
import { postMessage, type PostOptions } from './post-message.ts';

/** A canary on loopback that nothing may reach: a guard that fails is seen as a request that arrived. */
let canary: TestServer;
let front: TestServer;
let lookups: string[];
beforeAll(async () => {
  canary = await serve(pages({ '/': { type: 'text/plain', body: 'secret' } }));
  front = await serve((request, response) => {
    const url = new URL(request.url ?? '/', 'http://x');
    if (url.pathname === '/to') { response.writeHead(302, { location: `http://${canary.host}/` }).end(); return; }
    if (url.pathname === '/endless') { response.writeHead(200); const push = (): void => { if (!response.destroyed && response.write('x'.repeat(65_536))) setImmediate(push); else response.once('drain', push); }; push(); return; }
    if (url.pathname === '/slow') return;
    response.writeHead(Number(url.searchParams.get('status') ?? 204), { 'retry-after': url.searchParams.get('wait') ?? '' }).end();
  });
});
beforeEach(() => { lookups = []; canary.requests.length = 0; });
afterAll(async () => { await Promise.all([canary.close(), front.close()]); });

const options = (more: Partial<PostOptions> = {}): PostOptions => ({ allowedPrivateHosts: [front.host], timeoutMs: 5_000, signal: new AbortController().signal, ...more });
const send = (address: string, more: Partial<PostOptions> = {}) => postMessage(address, { 'content-type': 'application/json' }, '{}', options(more));
const resolvesTo = (...addresses: string[]): Resolve => (host, done) => { lookups.push(host); done(null, addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))); };

describe('what may be reached', () => {
  const port = (): string => canary.host.split(':')[1] ?? '';
  it.each([
    'http://127.0.0.1:PORT/', 'https://127.0.0.1:PORT/', 'https://localhost:PORT/', 'https://[::1]:PORT/', 'https://2130706433/', 'https://0x7f000001/', 'https://127.1/', 'https://[::ffff:7f00:1]/', 'https://169.254.169.254/', 'https://10.0.0.1/', 'https://192.168.1.1/', 'https://100.64.0.1/', 'https://[fd00::1]/',
    'https://user@example.org/', 'http://example.org/', 'ftp://127.0.0.1/', 'https://metadata.google.internal/',
  ])('%s is refused before anything is sent, and nothing is looked up', async (hostile) => {
    const posted = await send(hostile.replace('PORT', port()), { resolve: resolvesTo('127.0.0.1') });
    expect(posted.status).toBeNull();
    expect(posted.problem).toMatch(/^The address /);
    expect([lookups, canary.requests]).toEqual([[], []]);
  });

  it('a public name that resolves to a private address, alone or beside a public one, is refused at the connection', async () => {
    for (const addresses of [['127.0.0.1'], ['93.184.215.14', '127.0.0.1'], ['::ffff:169.254.169.254']]) {
      expect(await send('https://rebind.example.org/', { resolve: resolvesTo(...addresses) })).toMatchObject({ status: null, problem: 'This address is not on the public internet.' });
    }
    expect(lookups).toEqual(['rebind.example.org', 'rebind.example.org', 'rebind.example.org']);
    expect(canary.requests).toEqual([]);
  });

  it('a name that changes its answer is judged by the answer that is used', async () => {
    const answers = [['93.184.215.14'], ['127.0.0.1']];
    const changing: Resolve = (host, done) => { lookups.push(host); done(null, (answers.shift() ?? []).map((address) => ({ address, family: 4 }))); };
    await send('https://rebind.example.org/', { resolve: changing, timeoutMs: 300 });
    expect(await send('https://rebind.example.org/', { resolve: changing })).toMatchObject({ problem: 'This address is not on the public internet.' });
    expect(canary.requests).toEqual([]);
  });

  it('a redirect inwards is an answer and no address', async () => {
    expect(await send(`${front.url}/to`)).toMatchObject({ status: 302, problem: '127.0.0.1 redirects, which is not followed: save the address that it leads to.' });
    expect(canary.requests).toEqual([]);
  });
});

describe('what is answered', () => {
  it('any 2xx is a success, anything else is none and says its number', async () => {
    for (const status of [200, 202, 299]) expect(await send(`${front.url}/?status=${status}`)).toMatchObject({ status, problem: null });
    for (const status of [400, 410, 500]) expect(await send(`${front.url}/?status=${status}`)).toMatchObject({ status, problem: `127.0.0.1 answered ${status}.` });
  });

  it('an endless answer is read a little and cut', async () => {
    const posted = await send(`${front.url}/endless`);
    expect(posted).toMatchObject({ status: 200, problem: null });
    expect(posted.answer).toBe('x'.repeat(WEBHOOK_ANSWER_CHARACTERS));
  });

  it('no answer in time, no server and no HTTP each have their sentence', async () => {
    expect(await send(`${front.url}/slow`, { timeoutMs: 100 })).toMatchObject({ status: null, problem: '127.0.0.1 gave no answer within 0.1 s.' });
    const noise = createTcpServer((socket) => { socket.resume().end('not http\r\n\r\n'); });
    await new Promise<void>((resolve) => { noise.listen(0, '127.0.0.1', resolve); });
    const host = `127.0.0.1:${(noise.address() as AddressInfo).port}`;
    expect(await send(`http://${host}/`, { allowedPrivateHosts: [host] })).toMatchObject({ status: null, problem: '127.0.0.1 gave an answer that cannot be read.' });
    await new Promise((resolve) => { noise.close(resolve); });
    expect(await send(`http://${host}/`, { allowedPrivateHosts: [host] })).toMatchObject({ status: null, problem: '127.0.0.1 cannot be reached from here.' });
  });

  it('Retry-After is read as seconds or as a date; nonsense is nothing', async () => {
    const asked = async (wait: string) => (await send(`${front.url}/?status=503&wait=${encodeURIComponent(wait)}`)).retryAfterMs;
    expect(await asked('7')).toBe(7_000);
    expect(await asked(new Date(Date.now() + 60_000).toUTCString())).toBeGreaterThan(50_000);
    for (const nonsense of ['', 'soon', '-5', 'Thu, 01 Jan 1970 00:00:00 GMT']) expect(await asked(nonsense)).toBe(0);
  });

  it('the caller\'s cancel is thrown and is no outcome', async () => {
    const stop = new AbortController();
    const sending = send(`${front.url}/slow`, { signal: stop.signal });
    stop.abort(new Error('stopped'));
    await expect(sending).rejects.toThrow('stopped');
  });
});

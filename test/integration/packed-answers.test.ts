import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BOOTSTRAP_KEY, GOAL, startApi, type ApiUnderTest, type Reply } from '../support/api.ts';

/** What travels packed: what is read as JSON, where the client takes it; nothing else. */
let api: ApiUnderTest;
beforeAll(async () => { api = await startApi(); });
afterAll(() => api.close());

const GZIP = { 'Accept-Encoding': 'br, gzip;q=0.8' };
const PLAIN = { 'Accept-Encoding': 'identity' };
const encodingOf = (reply: Reply) => reply.headers.get('content-encoding');
const lengthOf = (reply: Reply) => Number(reply.headers.get('content-length'));

describe('packed answers', () => {
  it.each(['/openapi.json', '/api/v1/workflows?limit=200', '/api/v1/workflows/learn_agentic_ai'])('%s takes less than half, and says the same', async (address) => {
    const [packed, plain] = [await api.call('GET', address, { headers: GZIP }), await api.call('GET', address, { headers: PLAIN })];
    expect([encodingOf(packed), encodingOf(plain)]).toEqual(['gzip', null]);
    expect(lengthOf(packed)).toBeLessThan(lengthOf(plain) / 2);
    expect(packed.text).toBe(plain.text);
    for (const reply of [packed, plain]) expect(reply.headers.get('vary')).toMatch(/accept-encoding/i);
  });

  it('a page that is known is known in either form', async () => {
    const etag = (await api.call('GET', '/api/v1/workflows/learn_agentic_ai', { headers: GZIP })).headers.get('etag') ?? '';
    for (const headers of [GZIP, PLAIN]) for (const known of [etag, etag.replace('W/', '')]) expect((await api.call('GET', '/api/v1/workflows/learn_agentic_ai', { headers: { ...headers, 'If-None-Match': known } })).status).toBe(304);
  });

  it('small answers, refusals and clients that do not take it get them plain', async () => {
    const replies = [await api.call('GET', '/health', { headers: GZIP }), await api.call('GET', '/api/v1/nothing', { headers: GZIP }), await api.call('GET', '/openapi.json', { headers: { 'Accept-Encoding': 'gzip;q=0, identity' } })];
    expect(replies.map((reply) => [reply.status, encodingOf(reply)])).toEqual([[200, null], [404, null], [200, null]]);
  });

  it('what a POST answers is never packed, however long: tokens and links are told there', async () => {
    const reply = await api.call('POST', '/api/v1/runs', { headers: GZIP, json: { workflow_id: 'learn_agentic_ai', inputs: { learning_goal: GOAL.repeat(5) } } });
    expect(reply.text.length).toBeGreaterThan(1024);
    expect([reply.status, encodingOf(reply)]).toEqual([201, null]);
  });

  it('a live stream is never packed', async () => {
    const { id } = (await api.call('POST', '/api/v1/runs', { json: { workflow_id: 'learn_agentic_ai', inputs: { learning_goal: GOAL } } })).body as { id: string };
    const left = new AbortController();
    const reply = await fetch(`${api.url}/api/v1/runs/${id}/stream`, { headers: { ...GZIP, Authorization: `Bearer ${BOOTSTRAP_KEY}` }, signal: left.signal });
    expect([reply.status, reply.headers.get('content-encoding'), reply.headers.get('content-type')]).toEqual([200, null, expect.stringContaining('text/event-stream')]);
    left.abort();
  });
});

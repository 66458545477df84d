import type { RequestListener } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { createTools } from './registry.ts';
import { brave, searxng, tavily } from './search/engines.ts';
import type { SearchEngine } from './search/engine.ts';
import { config, context, noLibrary, serve, type TestServer } from './test-support.ts';
import { runTool, type Tool, type ToolContext } from './tool.ts';
import { canonicalAddress, exactAddress, webId } from './web-address.ts';
import { createWebSearch } from './web-search.ts';

const servers: TestServer[] = [];
afterEach(async () => { await Promise.all(servers.splice(0).map((server) => server.close())); });
const start = async (listener: RequestListener): Promise<TestServer> => { const server = await serve(listener); servers.push(server); return server; };
const json = (value: unknown, status = 200): RequestListener => (_, response) => { response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value)); };
const reply = (status: number, body: string, headers: Record<string, string> = {}): RequestListener => (_, response) => { response.writeHead(status, headers).end(body); };
const CLOSED = 'http://127.0.0.1:1';
const search = (tool: Tool, query = 'agent loop', limit = 5, overrides: Partial<ToolContext> = {}) => runTool(tool, { query, limit }, context(overrides));
const only = (primary: SearchEngine | null, open: SearchEngine[] = []): Tool => createWebSearch({ primary, open });

const WIKIPEDIA = { query: { pages: [
  { title: 'Second', index: 2, extract: 'Second extract.', fullurl: 'https://en.wikipedia.org/wiki/Second' },
  { title: 'Intelligent agent', index: 1, extract: 'An intelligent agent perceives and acts.', fullurl: 'https://en.wikipedia.org/wiki/Intelligent_agent' },
] } };
const ATOM = `<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>q</title>
<entry><id>http://arxiv.org/abs/2210.03629v3</id><published>2022-10-06T01:00:32Z</published><title>ReAct: Synergizing Reasoning
 and Acting</title><summary> Language models &amp; actions. </summary><author><name>A One</name></author><author><name>B Two</name></author><author><name>C Three</name></author><author><name>D Four</name></author></entry></feed>`;

describe('web_search with a configured engine', () => {
  it('SearXNG: one result shape, one item per page, only web addresses', async () => {
    const server = await start(json({ results: [
      { title: 'A <b>page</b>', url: 'https://www.example.org/a/?utm_source=x', content: 'About <em>agents</em>' }, { title: 'The same', url: 'http://example.org/a', content: 'again' },
      { title: 'Bad', url: 'javascript:alert(1)', content: '' }, { title: null, url: 'https://example.org/b', content: null },
    ] }));
    const tool = createTools(config({ SEARXNG_URL: `${server.url}/searxng`, TAVILY_API_KEY: 'unused' }), { library: noLibrary }).web_search as Tool;
    const result = await search(tool);
    expect(server.requests[0]).toMatch(/^\/searxng\/search\?q=agent\+loop&format=json/);
    expect(result.outcome).toBe('ok');
    expect(result.items).toEqual([
      { id: webId('https://example.org/a'), title: 'A page', url: 'https://www.example.org/a/?utm_source=x', source: 'example.org', snippet: 'About agents', text: 'About agents' },
      { id: webId('https://example.org/b'), title: 'https://example.org/b', url: 'https://example.org/b', source: 'example.org', snippet: '', text: '' },
    ]);
    expect(tool.availability()).toMatchObject({ available: true, remedy: null });
  });

  it('Tavily and Brave: the key travels in a header, never in the result', async () => {
    const seen: unknown[] = [];
    const tavilyServer = await start((request, response) => { seen.push(request.headers.authorization); json({ results: [{ title: 'T', url: 'https://t.org', content: 'c' }] })(request, response); });
    const braveServer = await start((request, response) => { seen.push(request.headers['x-subscription-token']); json({ web: { results: [{ title: 'B', url: 'https://b.org', description: 'd', extra_snippets: ['more'] }] } })(request, response); });
    const first = await search(only(tavily('tvly-key', tavilyServer.url)));
    const second = await search(only(brave('brave-key', braveServer.url)));
    expect(seen).toEqual(['Bearer tvly-key', 'brave-key']);
    expect(first.items[0]?.title).toBe('T');
    expect(second.items[0]?.text).toBe('d\n\nmore');
    expect(JSON.stringify([first, second])).not.toMatch(/tvly-key|brave-key/);
  });

  it.each([
    ['refuses the key', json({}, 401), /refused the request \(401\)/], ['is over its limit', json({}, 429), /slow down/], ['breaks', json({}, 500), /cannot answer now \(500\)/],
    ['sends a page', reply(200, '<html>'), /not JSON/], ['sends another form', json({ results: 'none' }), /form that is not known/],
    ['redirects', reply(302, '', { location: 'http://127.0.0.1:1/' }), /cannot answer now \(302\)/],
  ])('when it %s, the open sources answer and the sentence says so', async (_, listener, reason) => {
    const server = await start(listener);
    const wiki = await start(json(WIKIPEDIA));
    const tools = createTools(config({ SEARXNG_URL: server.url, WIKIPEDIA_BASE_URL: wiki.url, ARXIV_BASE_URL: CLOSED }), { library: noLibrary });
    const result = await search(tools.web_search as Tool);
    expect(result.outcome).toBe('ok');
    expect(result.summary).toMatch(reason);
    expect(result.summary).toMatch(/Found 2 pages on Wikipedia/);
  });
});

describe('web_search without an engine', () => {
  it('asks Wikipedia and arXiv and mixes them', async () => {
    const wiki = await start(json(WIKIPEDIA));
    const arxiv = await start((_, response) => { response.writeHead(200, { 'content-type': 'application/atom+xml' }).end(ATOM); });
    const tool = createTools(config({ WIKIPEDIA_BASE_URL: wiki.url, ARXIV_BASE_URL: arxiv.url }), { library: noLibrary }).web_search as Tool;
    const result = await search(tool, 'agents: "reasoning" & acting');
    expect(result.items.map((item) => [item.source, item.title])).toEqual([['Wikipedia', 'Intelligent agent'], ['arXiv', 'ReAct: Synergizing Reasoning and Acting'], ['Wikipedia', 'Second']]);
    expect(result.items[1]).toMatchObject({ url: 'https://arxiv.org/abs/2210.03629v3', text: 'Language models & actions.\n\nBy A One, B Two, C Three and others, 2022-10-06.' });
    expect(decodeURIComponent(arxiv.requests[0] ?? '')).toContain('search_query=all:agents+AND+all:reasoning+AND+all:acting');
    expect(tool.availability()).toMatchObject({ available: true, detail: expect.stringContaining('No search engine is configured') });
    expect((await search(tool, 'x', 1)).items).toHaveLength(1);
  });

  it('nobody reachable: unavailable, in words that let the run go on', async () => {
    const tool = createTools(config({ WIKIPEDIA_BASE_URL: CLOSED, ARXIV_BASE_URL: CLOSED }), { library: noLibrary }).web_search as Tool;
    const result = await search(tool);
    expect(result).toMatchObject({ outcome: 'unavailable', items: [] });
    expect(result.summary).toMatch(/^No search engine is configured\. .*cannot be reached from here\. The run goes on without it\.$/);
    expect(await tool.probe?.(new AbortController().signal)).toMatchObject({ available: false, remedy: expect.stringContaining('SEARXNG_URL') });
  });

  it('nothing found is empty, not an error; a probe sees who is there', async () => {
    const wiki = await start(json({ batchcomplete: true }));
    const arxiv = await start((_, response) => { response.writeHead(200).end('<feed></feed>'); });
    const tool = createTools(config({ WIKIPEDIA_BASE_URL: wiki.url, ARXIV_BASE_URL: arxiv.url }), { library: noLibrary }).web_search as Tool;
    expect((await search(tool)).outcome).toBe('empty');
    expect(await tool.probe?.(new AbortController().signal)).toMatchObject({ available: true });
  });

  it('a cancelled run stops a search that hangs', async () => {
    const hanging = await start(() => {});
    const controller = new AbortController();
    const running = search(only(searxng(hanging.url)), 'x', 5, { signal: controller.signal });
    await expect.poll(() => hanging.requests.length).toBe(1);
    controller.abort(new Error('cancelled'));
    await expect(running).rejects.toThrow('cancelled');
  });
});

describe('exactAddress', () => {
  it('leaves nothing out that is sent', () => {
    const named = exactAddress('https://Example.org:443/a?q=1#part');
    expect(named).toBe('https://example.org/a?q=1');
    for (const other of ['https://example.org/a?q=1&utm_source=x', 'https://example.org/a?q=1&gclid=x', 'https://www.example.org/a?q=1', 'http://example.org/a?q=1', 'https://example.org/a/?q=1']) expect(exactAddress(other)).not.toBe(named);
    expect(exactAddress('not an address')).toBe('not an address');
  });
});

describe('canonicalAddress', () => {
  it('one page has one id', () => {
    const same = ['https://example.org/a?b=1&a=2', 'http://www.example.org/a/?a=2&b=1&utm_campaign=x#part', 'HTTPS://EXAMPLE.ORG:443/a?a=2&b=1'];
    expect(new Set(same.map(canonicalAddress)).size).toBe(1);
    expect(webId('https://example.org/a')).not.toBe(webId('https://example.org/b'));
    expect(canonicalAddress('not an address')).toBe('not an address');
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_CSV_CHARACTERS, type FetchTableData } from '#contracts/data-tools';
import { createTools } from './registry.ts';
import { config, context, noLibrary, pages, serve, type TestServer } from './test-support.ts';
import { runTool, type Tool } from './tool.ts';

const LONG = `id,note\n${Array.from({ length: 9_000 }, (_, index) => `${index},row number ${index}`).join('\n')}\n`;
let site: TestServer;
let tool: Tool;
beforeAll(async () => {
  site = await serve(pages({
    '/small.csv': { type: 'text/csv; charset=utf-8', body: '\uFEFFregion,amount\r\nNorth,10\r\nSouth,12\r\n' }, '/latin.csv': { type: 'text/csv; charset=iso-8859-1', body: Buffer.from('name\nCaf\u00e9\n', 'latin1') },
    '/long.csv': { type: 'text/plain', body: LONG }, '/huge.csv': { type: 'text/csv', body: Buffer.alloc(2_200_000, 97) }, '/header.csv': { type: 'text/csv', body: 'a,b\n' },
    '/page': { type: 'text/plain', body: '<!doctype html><html></html>' }, '/image': { type: 'image/png', body: 'x' }, '/binary': { type: 'application/octet-stream', body: Buffer.from([80, 0, 65, 10, 66]) }, '/gone': { status: 404 },
  }));
  tool = createTools(config({ AWP_ALLOWED_PRIVATE_HOSTS: [site.host] }), { library: noLibrary })['fetch_table'] as Tool;
});
afterAll(() => site.close());
const read = (url: string) => runTool(tool, { url: url.startsWith('/') ? `${site.url}${url}` : url }, context({ capabilities: { tools: ['fetch_table'], hosts: null } }));

describe('fetch_table', { timeout: 30_000 }, () => {
  it('gives the rows for the data tools, in any encoding, with one line end', async () => {
    const result = await read('/small.csv');
    expect(result).toMatchObject({ outcome: 'ok', summary: 'Read 2 rows from 127.0.0.1.', data: { csv: 'region,amount\nNorth,10\nSouth,12', lines: 3, truncated: false } });
    expect((await read('/latin.csv')).data).toMatchObject({ csv: 'name\nCafé' });
  });

  it('a long table is cut between rows, and that is said', async () => {
    const { data, summary } = await read('/long.csv');
    const { csv, truncated } = data as FetchTableData;
    expect(truncated).toBe(true);
    expect(csv.length).toBeLessThanOrEqual(MAX_CSV_CHARACTERS);
    expect(LONG.startsWith(`${csv}\n`)).toBe(true);
    expect(summary).toContain('the rest was left out');
  });

  it.each(['/huge.csv', '/header.csv', '/page', '/image', '/binary', '/gone', 'http://169.254.169.254/latest', 'http://127.0.0.1:1/a.csv', 'file:///etc/passwd'])('%s is an outcome with a sentence, never a table', async (address) => {
    const result = await read(address);
    expect(result.outcome).not.toBe('ok');
    expect(result.data).toBeUndefined();
    expect(result.summary).toMatch(/\.$/);
  });
});

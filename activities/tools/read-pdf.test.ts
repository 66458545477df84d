import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { extractDocument } from './extract/extract.ts';
import { createTools } from './registry.ts';
import { config, context, noLibrary, makePdf, pages, serve, type TestServer } from './test-support.ts';
import { runTool, type Tool } from './tool.ts';

const encrypted = Buffer.from(makePdf(['secret']).toString('latin1').replace('/Root 1 0 R', '/Root 1 0 R /Encrypt << /Filter /Standard /V 1 /R 2 /Length 40 /P -4 /O <00000000000000000000000000000000000000000000000000000000000000AA> /U <00000000000000000000000000000000000000000000000000000000000000BB> >> /ID [<00> <00>]'), 'latin1');
let site: TestServer;
let readPdf: Tool;

beforeAll(async () => {
  site = await serve(pages({
    '/small.pdf': { type: 'application/pdf', body: makePdf(['Page one on agents.', 'Page two on tools.', '', 'Page four on memory.']) },
    '/long.pdf': { type: 'application/pdf', body: makePdf(Array.from({ length: 260 }, (_, index) => `Page ${index + 1}. ${'word '.repeat(300)}`)) },
    '/scan.pdf': { type: 'application/pdf', body: makePdf(['', '']) },
    '/encrypted.pdf': { type: 'application/pdf', body: encrypted },
    '/torn.pdf': { type: 'application/octet-stream', body: Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(5_000, 0xff)]) },
    '/page': { type: 'text/html', body: '<p>hi</p>' },
  }));
  readPdf = createTools(config({ AWP_ALLOWED_PRIVATE_HOSTS: [site.host] }), { library: noLibrary }).read_pdf as Tool;
});
afterAll(() => site.close());
const read = (name: string) => runTool(readPdf, { url: `${site.url}/${name}` }, context());

describe('read_pdf', { timeout: 30_000 }, () => {
  it('gives the text in groups of pages that can be cited', async () => {
    const result = await read('small.pdf');
    expect(result).toMatchObject({ outcome: 'ok', summary: 'Read a PDF of 4 pages.' });
    expect(result.items).toHaveLength(1);
    expect(result.items[0]).toMatchObject({ title: 'A small paper, pages 1-4', text: 'Page one on agents.\n\nPage two on tools.\n\nPage four on memory.' });
    expect(result.items[0]?.id).toMatch(/^web-[\da-f]{10}#p1-4$/);
  });

  it('reads a long one within its limits and says how far', async () => {
    const result = await read('long.pdf');
    expect(result.outcome).toBe('ok');
    expect(result.summary).toMatch(/^Read a PDF of 260 pages, up to page \d+\.$/);
    expect(result.items.length).toBeLessThanOrEqual(8);
    expect(Buffer.byteLength(JSON.stringify(result))).toBeLessThan(200_000);
  });

  it.each([['scan.pdf', 'empty', /may be a scan/], ['encrypted.pdf', 'failed', /password/], ['torn.pdf', 'failed', /damaged/], ['page', 'failed', /only a PDF can be read/]] as const)('%s ends in a plain sentence', async (name, outcome, summary) => {
    const result = await read(name);
    expect(result.outcome).toBe(outcome);
    expect(result.summary).toMatch(summary);
  });
});

describe('the reading process', { timeout: 30_000 }, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'awp-extract-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const script = (code: string): string => { const file = path.join(folder, `${Math.abs(code.length * 7919)}.mjs`); writeFileSync(file, code); return file; };
  const bytes = makePdf(['x']);
  const signal = new AbortController().signal;

  it('dies of too much memory or time alone; the next document is read', async () => {
    await expect(extractDocument({ kind: 'pdf', bytes }, signal, { main: script('const a = []; for (;;) a.push(new Array(1e5).fill(Math.random()));'), heapMb: 32, fsRead: folder })).rejects.toThrow(/too large or too complex/);
    await expect(extractDocument({ kind: 'pdf', bytes }, signal, { main: script('const b = []; setInterval(() => b.push(Buffer.alloc(2e7, 1)), 5);'), residentMb: 200, fsRead: folder })).rejects.toThrow(/too large or too complex/);
    await expect(extractDocument({ kind: 'pdf', bytes }, signal, { main: script('for (;;);'), timeMs: 300, fsRead: folder })).rejects.toThrow(/longer than 0.3 s/);
    await expect(extractDocument({ kind: 'pdf', bytes }, signal, { main: script('for (;;) process.stdout.write("x".repeat(1e6));'), fsRead: folder })).rejects.toThrow(/too large or too complex/);
    expect(await extractDocument({ kind: 'pdf', bytes }, signal)).toMatchObject({ kind: 'pdf', pageCount: 1, pages: ['x'] });
  }, 60_000);

  it('sees no environment, writes no file, starts no process, runs no code from strings', async () => {
    const main = script(`
      const refused = async (work) => { try { await work(); return false; } catch { return true; } };
      const fs = await import('node:fs'); const { spawnSync } = await import('node:child_process');
      const all = [Object.keys(process.env).length === 0, await refused(() => fs.writeFileSync('${folder}/x', 'x')), await refused(() => fs.readFileSync('/etc/passwd')), await refused(() => { const r = spawnSync('true'); if (r.error) throw r.error; }), await refused(() => new Function('return 1')())];
      console.log(JSON.stringify({ kind: 'page', title: '', byline: null, text: all.join() }));`);
    expect(await extractDocument({ kind: 'pdf', bytes }, signal, { main, fsRead: folder })).toMatchObject({ text: 'true,true,true,true,true' });
  });

  it('ends at once when the run is cancelled', async () => {
    const controller = new AbortController();
    const reading = extractDocument({ kind: 'pdf', bytes }, controller.signal, { main: script('setInterval(() => {}, 1000);//'), fsRead: folder });
    controller.abort(new Error('cancelled'));
    await expect(reading).rejects.toThrow('cancelled');
  });
});

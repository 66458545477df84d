import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import yazl from 'yazl';
import type { ReadUploadData } from '#contracts/data-tools';
import type { UploadKind } from '#contracts/uploads';
import { createReadUpload } from './read-upload.ts';
import { makePdf } from './test-support.ts';
import { runTool } from './tool.ts';

const ID = '01890000-0000-7000-8000-000000000001';
const owner = { userId: 'u', runId: 'r' };
async function read(bytes: Buffer, kind: UploadKind, more: object = {}, who: typeof owner | undefined = owner) {
  const find = ({ userId }: { userId: string }, id: string) => Promise.resolve(userId === 'u' && id === ID ? { id, fileName: `paper.${kind}`, kind, sha256: 'abc', sizeBytes: bytes.length, open: () => Promise.resolve(Readable.from([bytes])) } : null);
  return runTool(createReadUpload({ find }), { upload: ID, ...more }, { ...(who ? { owner: who } : {}), signal: new AbortController().signal, capabilities: { tools: ['read_upload'], hosts: null } });
}

async function makeDocx(body: string, extra: Record<string, string> = {}): Promise<Buffer> {
  const archive = new yazl.ZipFile();
  const parts: Record<string, string> = {
    '[Content_Types].xml': '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
    '_rels/.rels': '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
    'word/document.xml': `<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${body}</w:body></w:document>`, ...extra,
  };
  for (const [name, content] of Object.entries(parts)) archive.addBuffer(Buffer.from(content), name);
  archive.end();
  return buffer(archive.outputStream);
}
const paragraph = (text: string, style = '') => `<w:p>${style ? `<w:pPr><w:pStyle w:val="${style}"/></w:pPr>` : ''}<w:r><w:t>${text}</w:t></w:r></w:p>`;

describe('read_upload', { timeout: 60_000 }, () => {
  it('a PDF comes page by page, with ids to cite and headings where pages have them', async () => {
    const result = await read(makePdf(['1 Introduction', 'Page two speaks of tools.', '', 'Page four.']), 'pdf', { label: 'u2' });
    expect(result).toMatchObject({ outcome: 'ok', summary: 'Read paper.pdf of 4 pages.' });
    expect(result.items.map(({ id, title }) => [id, title])).toEqual([['u2-p1', 'paper.pdf: Page 1: 1 Introduction'], ['u2-p2', 'paper.pdf: Page 2'], ['u2-p4', 'paper.pdf: Page 4']]);
    expect(result.data).toMatchObject({ page_count: 4, section_count: 3, next: null, cut: false, sections: [{ page: 1 }, { page: 2 }, { page: 4 }] });
  });

  it('a long document is read on from where it stopped; one of 10,000 pages is cut, and says so', async () => {
    const first = await read(makePdf(Array.from({ length: 30 }, (_, index) => `Text of page ${index + 1}.`)), 'pdf', { sections: 20 });
    expect(first.data).toMatchObject({ next: 21, section_count: 30 });
    const rest = await read(makePdf(Array.from({ length: 30 }, (_, index) => `Text of page ${index + 1}.`)), 'pdf', { from: 21, sections: 20 });
    expect((rest.data as ReadUploadData).sections.map(({ page }) => page)).toEqual([21, 22, 23, 24, 25, 26, 27, 28, 29, 30]);
    const endless = await read(makePdf(Array.from({ length: 10_000 }, (_, index) => `p${index + 1}`)), 'pdf', { from: 200 });
    expect(endless).toMatchObject({ outcome: 'ok', data: { page_count: 10_000, section_count: 200, cut: true } });
    expect(endless.summary).toMatch(/left out/);
    expect((await read(makePdf(['x']), 'pdf', { from: 9 })).summary).toMatch(/none from 9 on/);
  });

  it('Word, HTML, Markdown, text and CSV', async () => {
    const docx = await makeDocx(`${paragraph('My report', 'Heading1')}${paragraph('First words.')}${paragraph('Costs', 'Heading2')}${paragraph('They rise.')}<w:tbl><w:tr><w:tc>${paragraph('a')}</w:tc><w:tc>${paragraph('b')}</w:tc></w:tr></w:tbl>`);
    expect((await read(docx, 'docx')).items.map(({ id, title, text }) => [id, title, text.replace(/\s+/g, ' ')])).toEqual([['u1-s1', 'paper.docx: My report', 'First words.'], ['u1-s2', 'paper.docx: Costs', 'They rise. a | b |']]);
    expect((await read(Buffer.from('<title>T</title><body><h1>One</h1><p>text</p><script>x()</script>'), 'html')).items[0]).toMatchObject({ title: 'paper.html: One', text: 'text' });
    expect((await read(Buffer.from('# A\nx\n```\n# no heading\n```\n## B\ny'), 'markdown')).items.map(({ title }) => title)).toEqual(['paper.markdown: A', 'paper.markdown: B']);
    expect((await read(Buffer.from('caf\u00e9\n# 1\n', 'latin1'), 'text')).items.map(({ text }) => text)).toEqual(['café\n\\# 1']);
    const long = await read(Buffer.from(`id,v\n${'1,2\n'.repeat(500_000)}`), 'csv', { sections: 2 });
    expect(long).toMatchObject({ outcome: 'ok', data: { cut: true, next: 3 } });
    expect(long.items[0]?.text.startsWith('id,v\n1,2\n')).toBe(true);
  });

  it.each([
    ['not a PDF', () => Buffer.from('hello'), 'pdf', 'failed', /paper.pdf: The document says it is a PDF but is not one/],
    ['a torn PDF', () => Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(5_000, 0xff)]), 'pdf', 'failed', /damaged/],
    ['a scan', () => makePdf(['', '']), 'pdf', 'empty', /may be a scan/],
    ['a protected Word file', () => Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(2_000)]), 'docx', 'failed', /password/],
    ['a torn Word file', () => Buffer.concat([Buffer.from('PK\u0003\u0004'), Buffer.alloc(500, 7)]), 'docx', 'failed', /damaged/],
    ['an empty text', () => Buffer.from('  \n'), 'text', 'empty', /holds no text/],
  ] as const)('%s ends in a plain sentence', async (_name, make, kind, outcome, summary) => {
    expect(await read(make(), kind)).toMatchObject({ outcome, summary: expect.stringMatching(summary), items: [] });
  });

  it('a Word file that unpacks to more than 50 MB is not unpacked', async () => {
    expect((await read(await makeDocx(paragraph('x'), { 'word/big.xml': ' '.repeat(60_000_000) }), 'docx')).summary).toMatch(/more than 50 MB/);
  });

  it('reads nothing of another person, and nothing without a run', async () => {
    expect((await read(makePdf(['x']), 'pdf', {}, { userId: 'v', runId: 'r' })).summary).toMatch(/^There is no such upload/);
    const alone = await runTool(createReadUpload({ find: () => { throw new Error('must not be asked'); } }), { upload: ID }, { signal: new AbortController().signal, capabilities: { tools: ['read_upload'], hosts: null } });
    expect(alone).toMatchObject({ outcome: 'unavailable', summary: 'Uploads cannot be read here.' });
  });
});

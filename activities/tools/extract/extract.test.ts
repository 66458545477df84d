import { describe, expect, it } from 'vitest';
import { makePdf } from '../test-support.ts';
import { extractHtml } from './html.ts';
import { extractPdf } from './pdf.ts';

const html = (source: string, charset = 'utf-8') => extractHtml(Buffer.from(source), charset, 'https://example.org/page');

describe('extractHtml', () => {
  it('keeps headings, lists, tables and code, drops menus and what is hidden', () => {
    const page = html(`<!DOCTYPE html><html><head><title>Loops – Site</title></head><body><nav>Home Login</nav><main><h2>Loops</h2><p>${'An agent loops until it is done. '.repeat(12)}</p>
      <table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table><pre><code>if x &lt; y:\n  z()</code></pre><ol><li>one</li><li>two</li></ol><div aria-hidden="true">SECRET</div><span style="font-size:0">TINY</span></main></body></html>`);
    expect(page).toMatchObject({ kind: 'page', title: expect.stringContaining('Loops') });
    const text = page.kind === 'page' ? page.text : '';
    expect(text).toContain('```\nif x < y:\n  z()\n```');
    expect(text).toMatch(/a \| b \|\s+1 \| 2 \|/);
    expect(text).toContain('- one\n- two');
    expect(text).not.toMatch(/SECRET|TINY|Login/);
  });

  it('takes fragments, broken tags, wrong charsets and pages without an article', () => {
    expect(html('<p>only <b>this')).toEqual({ kind: 'page', title: 'https://example.org/page', byline: null, text: 'only this' });
    expect(html('<title>T</title>plain text', 'no-such-charset')).toMatchObject({ title: 'T', text: 'plain text' });
    expect(html('')).toMatchObject({ text: '' });
    expect(html(`${'<div>'.repeat(2_000)}deep${'</div>'.repeat(2_000)}`)).toMatchObject({ text: 'deep' });
  });
});

describe('extractPdf', () => {
  it('reads pages, title and count', async () => {
    expect(await extractPdf(makePdf(['First page (one).', 'Second \\ page.'], 'Paper'))).toEqual({ kind: 'pdf', title: 'Paper', pageCount: 2, pages: ['First page (one).', 'Second \\ page.'] });
  });

  it('says what is wrong with what is not one', async () => {
    expect(await extractPdf(Buffer.from('hello'))).toEqual({ kind: 'problem', problem: 'not-a-pdf' });
    expect(await extractPdf(Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(500, 1)]))).toEqual({ kind: 'problem', problem: 'unreadable' });
  });
});

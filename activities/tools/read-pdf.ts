import { z } from 'zod';
import { hostOf } from '#platform/public-address';
import { documentItems } from './document-items.ts';
import { extractDocument, type ExtractDocument } from './extract/extract.ts';
import type { ReadDocument } from './read-document.ts';
import type { Tool } from './tool.ts';

const Args = z.strictObject({ url: z.string().trim().min(1).max(2_048).describe('The public http or https address of a PDF') });

/** Reads a PDF by address, page by page, up to 10 MB: papers are larger than web pages. */
export function createReadPdf({ readDocument, extract = extractDocument }: { readDocument: ReadDocument; extract?: ExtractDocument }): Tool<z.infer<typeof Args>> {
  return {
    name: 'read_pdf', title: 'PDF reader', networked: true, timeoutMs: 45_000, args: Args, addresses: ({ url }) => [url],
    description: 'Reads a PDF from a public address (up to 10 MB, the first 200 pages) and returns its text in groups of pages, each with an id to cite.',
    availability: () => ({ available: true, detail: 'Reads public PDFs in a process of its own; private addresses are refused.', remedy: null }),
    async run({ url }, context) {
      const document = await readDocument(url, { maxBytes: 10 * 1_048_576, timeoutMs: 20_000, accept: 'application/pdf', types: ['application/pdf', 'application/x-pdf', 'application/octet-stream'], wanted: 'only a PDF' }, context);
      const read = await extract({ kind: 'pdf', bytes: document.bytes }, context.signal);
      const items = documentItems(read, { url: document.url, bytes: document.bytes, source: hostOf(new URL(document.url)) });
      const pageCount = read.kind === 'pdf' ? read.pageCount : 0;
      const last = items.at(-1)?.id.replace(/^.*#p(?:\d+-)?/, '');
      return { outcome: 'ok', summary: `Read a PDF of ${pageCount} ${pageCount === 1 ? 'page' : 'pages'}${Number(last) < pageCount ? `, up to page ${last}` : ''}.`, items };
    },
  };
}

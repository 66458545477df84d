import { z } from 'zod';
import { hostOf } from '#platform/public-address';
import { documentItems } from './document-items.ts';
import { extractDocument, type ExtractDocument } from './extract/extract.ts';
import type { Extracted } from './extract/extracted.ts';
import type { FetchedDocument } from './net/guarded-fetch.ts';
import type { ReadDocument } from './read-document.ts';
import type { Tool } from './tool.ts';

const Args = z.strictObject({ url: z.string().trim().min(1).max(2_048).describe('A public http or https address') });
const HTML = new Set(['text/html', 'application/xhtml+xml']);
const TYPES = ['text/html', 'application/xhtml+xml', 'text/plain', 'text/markdown', 'text/x-markdown', 'application/json', 'application/pdf'];

/** Reads one public web page, text, JSON or PDF. */
export function createFetchUrl({ readDocument, extract = extractDocument }: { readDocument: ReadDocument; extract?: ExtractDocument }): Tool<z.infer<typeof Args>> {
  return {
    name: 'fetch_url', title: 'Web page reader', networked: true, timeoutMs: 32_000, args: Args, addresses: ({ url }) => [url],
    description: 'Reads one public web page (HTML, text, Markdown, JSON or PDF, up to 2 MB) and returns its readable text with an id to cite. Give an address that a search returned.',
    availability: () => ({ available: true, detail: 'Reads public pages over http and https; private addresses are refused.', remedy: null }),
    async run({ url }, context) {
      const document = await readDocument(url, { maxBytes: 2 * 1_048_576, timeoutMs: 10_000, accept: 'text/html, text/markdown, text/plain, application/json, application/pdf;q=0.8', types: TYPES, wanted: 'HTML, text, Markdown, JSON and PDF' }, context);
      const read = await extracted(document, extract, context.signal);
      const host = hostOf(new URL(document.url));
      const items = documentItems(read, { url: document.url, bytes: document.bytes, source: host });
      return { outcome: 'ok', summary: `Read "${items[0]?.title ?? document.url}" from ${host}.`, items };
    },
  };
}

async function extracted({ bytes, contentType, charset, url }: FetchedDocument, extract: ExtractDocument, signal: AbortSignal): Promise<Extracted> {
  if (contentType === 'application/pdf') return extract({ kind: 'pdf', bytes }, signal);
  if (HTML.has(contentType)) return extract({ kind: 'html', bytes, charset, url }, signal);
  const text = decode(bytes, charset);
  const heading = contentType === 'application/json' ? null : /^#\s+(.+)$/m.exec(text)?.[1];
  return { kind: 'page', title: heading ?? url, byline: null, text };
}

function decode(bytes: Buffer, charset: string | null): string {
  try { return new TextDecoder(charset ?? 'utf-8').decode(bytes); } catch { return bytes.toString('utf8'); }
}

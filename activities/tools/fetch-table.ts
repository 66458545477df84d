import { z } from 'zod';
import { clip } from '#contracts/material';
import { MAX_CSV_CHARACTERS, type FetchTableData } from '#contracts/data-tools';
import { hostOf } from '#platform/public-address';
import type { ReadDocument } from './read-document.ts';
import { ToolProblem, type Tool } from './tool.ts';
import { webId } from './web-address.ts';

const Args = z.strictObject({ url: z.string().trim().min(1).max(2_048).describe('A public http or https address of a CSV or TSV file') });
const TYPES = ['text/csv', 'application/csv', 'application/vnd.ms-excel', 'text/tab-separated-values', 'text/plain', 'application/octet-stream'];
const SHOWN_CHARACTERS = 2_000;

/** Reads one public table as text, whole lines only, behind the same guard as the page reader. */
export function createFetchTable({ readDocument }: { readDocument: ReadDocument }): Tool<z.infer<typeof Args>> {
  return {
    name: 'fetch_table', title: 'Table from the web', networked: true, timeoutMs: 32_000, args: Args, addresses: ({ url }) => [url],
    description: `Reads one public CSV or TSV file (up to 2 MB) and returns its first lines, ${MAX_CSV_CHARACTERS} characters at most, for the data tools.`,
    availability: () => ({ available: true, detail: 'Reads public tables over http and https; private addresses are refused.', remedy: null }),
    async run({ url }, context) {
      const document = await readDocument(url, { maxBytes: 2 * 1_048_576, timeoutMs: 10_000, accept: 'text/csv, text/tab-separated-values, text/plain;q=0.8', types: TYPES, wanted: 'CSV, TSV and plain text' }, context);
      const host = hostOf(new URL(document.url));
      const text = decoded(document.bytes, document.charset);
      if (text.includes('\0')) throw new ToolProblem('failed', `${host} sent a binary file; CSV, TSV and plain text can be read.`);
      if (/^\s*<(?:!doctype|html)/i.test(text)) throw new ToolProblem('failed', `${host} sent a web page in place of a table.`);
      const { csv, lines, truncated } = wholeLines(text);
      if (lines < 2) throw new ToolProblem('empty', `${host} sent no line below the header.`);
      const summary = `Read ${lines - 1} ${lines === 2 ? 'row' : 'rows'} from ${host}${truncated ? '; the file is longer, and the rest was left out' : ''}.`;
      const data: FetchTableData = { url: document.url, csv, lines, truncated };
      return { outcome: 'ok', summary, items: [{ id: webId(document.url), title: document.url, url: document.url, source: host, snippet: summary, text: clip(csv, SHOWN_CHARACTERS) }], data };
    },
  };
}

function decoded(bytes: Buffer, charset: string | null): string {
  try { return new TextDecoder(charset ?? 'utf-8').decode(bytes); } catch { return bytes.toString('utf8'); }
}

/** A line that does not fit is left out whole: half a row would be a wrong row. */
function wholeLines(text: string): { csv: string; lines: number; truncated: boolean } {
  const clean = text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n').trimEnd();
  const truncated = clean.length > MAX_CSV_CHARACTERS;
  const csv = truncated ? clean.slice(0, clean.lastIndexOf('\n', MAX_CSV_CHARACTERS) + 1 || 0).trimEnd() : clean;
  return { csv, lines: csv === '' ? 0 : csv.split('\n').length, truncated };
}

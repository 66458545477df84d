import { writeSync } from 'node:fs';
import { extractHtml } from './html.ts';
import { extractPdf } from './pdf.ts';
import type { Extracted } from './extracted.ts';

/** A process of its own for one document: bytes on stdin, one JSON line on stdout, then the end. What a hostile document
 * does to its parser (memory, endless loops, crashes) happens here and not in the worker. */
const chunks: Buffer[] = [];
for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
const bytes = Buffer.concat(chunks);
let result: Extracted;
try {
  result = process.argv[2] === 'pdf' ? await extractPdf(bytes) : extractHtml(bytes, process.argv[3] ?? 'utf-8', process.argv[4] ?? 'about:blank');
} catch {
  result = { kind: 'problem', problem: 'unreadable' };
}
// A pipe takes what it can; write on until all is out, then leave without waiting for a parser's timers.
const line = Buffer.from(`${JSON.stringify(result)}\n`);
for (let at = 0; at < line.length;) {
  try { at += writeSync(1, line, at); } catch (error) { if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error; }
}
process.exit(0);

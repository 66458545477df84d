import { answer, readInput } from '../child/answer.ts';
import { extractDocx } from './docx.ts';
import { extractHtml } from './html.ts';
import { extractPdf } from './pdf.ts';
import type { Extracted } from './extracted.ts';

/** A process of its own for one document: bytes on stdin, one JSON line on stdout, then the end. What a hostile document
 * does to its parser (memory, endless loops, crashes) happens here and not in the worker. */
const [, , kind, charset = 'utf-8', url = 'about:blank'] = process.argv;
const bytes = await readInput();
let result: Extracted;
try {
  result = kind === 'pdf' ? await extractPdf(bytes) : kind === 'docx' ? await extractDocx(bytes) : extractHtml(bytes, charset, url);
} catch {
  result = { kind: 'problem', problem: 'unreadable' };
}
answer(result);

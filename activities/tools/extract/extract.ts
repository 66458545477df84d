import { fileURLToPath } from 'node:url';
import { runChild } from '../child/run-child.ts';
import { ToolProblem } from '../tool.ts';
import type { Extracted, ExtractKind } from './extracted.ts';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
const HEAP_MB = 256;
/** the heap plus what Node itself takes */
const RESIDENT_MB = HEAP_MB + 160;
const TIME_MS: Record<ExtractKind, number> = { html: 10_000, pdf: 20_000, docx: 20_000 };

export interface ExtractInput { kind: ExtractKind; bytes: Buffer; charset?: string | null; url?: string }
export type ExtractDocument = (input: ExtractInput, signal: AbortSignal) => Promise<Extracted>;
export interface ExtractLimits { heapMb: number; residentMb: number; timeMs: number; /** the file the process runs, and the folder it may read; for tests */ main: string; fsRead: string }

/** Reads a document in a process of its own: 256 MB of heap, 20 s (a page: 10 s), and the limits of runChild.
 * @throws ToolProblem `failed` when the document is too heavy; the signal's reason on cancel */
export async function extractDocument(input: ExtractInput, signal: AbortSignal, limits: Partial<ExtractLimits> = {}): Promise<Extracted> {
  const { fsRead: project, ...task } = { heapMb: HEAP_MB, residentMb: RESIDENT_MB, timeMs: TIME_MS[input.kind], main: MAIN, ...limits };
  const end = await runChild({ ...task, ...(project === undefined ? {} : { project }), args: [input.kind, input.charset ?? '', input.url ?? ''], stdin: input.bytes }, signal);
  if (end.ended === 'time') throw new ToolProblem('failed', `The document took longer than ${task.timeMs / 1000} s to read.`);
  if (end.ended !== 'done') throw new ToolProblem('failed', 'The document is too large or too complex to read.');
  return JSON.parse(end.output) as Extracted;
}

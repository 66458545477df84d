import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ToolProblem } from '../tool.ts';
import type { Extracted, ExtractKind } from './extracted.ts';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
const PROJECT = fileURLToPath(new URL('../../../', import.meta.url));
const HEAP_MB = 256;
/** the heap plus what Node itself takes */
const RESIDENT_MB = HEAP_MB + 160;
const TIME_MS = { html: 10_000, pdf: 20_000 } as const;
const MAX_OUTPUT_BYTES = 4 * 1024 * 1024;

export interface ExtractInput { kind: ExtractKind; bytes: Buffer; charset?: string | null; url?: string }
export type ExtractDocument = (input: ExtractInput, signal: AbortSignal) => Promise<Extracted>;
export interface ExtractLimits { heapMb: number; residentMb: number; timeMs: number; /** the file the process runs, and the folder it may read; for tests */ main: string; fsRead: string }

/** Reads a document in a process of its own: 256 MB of heap, 20 s (a page: 10 s), no environment (so no secrets), files only of this
 * project and only for reading, no code from strings. The process dies with its document; the worker lives on.
 * @throws ToolProblem `failed` when the document is too heavy; the signal's reason on cancel */
export async function extractDocument(input: ExtractInput, signal: AbortSignal, limits: Partial<ExtractLimits> = {}): Promise<Extracted> {
  signal.throwIfAborted();
  const { heapMb, residentMb, timeMs, main, fsRead } = { heapMb: HEAP_MB, residentMb: RESIDENT_MB, timeMs: TIME_MS[input.kind], main: MAIN, fsRead: PROJECT, ...limits };
  const child = spawn(process.execPath, ['--permission', `--allow-fs-read=${fsRead}*`, '--disallow-code-generation-from-strings', `--max-old-space-size=${heapMb}`, '--no-warnings', main, input.kind, input.charset ?? '', input.url ?? ''], { stdio: ['pipe', 'pipe', 'ignore'], env: {} });
  let ended: 'time' | 'memory' | 'output' | null = null;
  const kill = (why: typeof ended): void => { ended ??= why; child.kill('SIGKILL'); };
  const abort = (): void => { child.kill('SIGKILL'); };
  const timer = setTimeout(() => { kill('time'); }, timeMs);
  const watch = setInterval(() => { if (residentMemoryMb(child) > residentMb) kill('memory'); }, 100);
  signal.addEventListener('abort', abort, { once: true });
  try {
    const output = await outputOf(child, input.bytes, () => { kill('output'); });
    signal.throwIfAborted();
    if (ended === 'time') throw new ToolProblem('failed', `The document took longer than ${timeMs / 1000} s to read.`);
    if (ended !== null || output === '') throw new ToolProblem('failed', 'The document is too large or too complex to read.');
    return JSON.parse(output) as Extracted;
  } finally {
    clearTimeout(timer);
    clearInterval(watch);
    signal.removeEventListener('abort', abort);
  }
}

function outputOf(child: ChildProcess, bytes: Buffer, onTooMuch: () => void): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    child.stdout?.on('data', (chunk: Buffer) => { size += chunk.length; if (size > MAX_OUTPUT_BYTES) onTooMuch(); else chunks.push(chunk); });
    child.once('error', reject);
    child.once('close', (code) => { resolve(code === 0 ? Buffer.concat(chunks).toString('utf8') : ''); });
    // The reader may die before it has taken everything; its exit tells, not the broken pipe.
    child.stdin?.on('error', () => {});
    child.stdin?.end(bytes);
  });
}

/** Memory outside V8's heap (buffers) has no flag; Linux tells it. Elsewhere the heap limit stands alone. */
function residentMemoryMb(child: ChildProcess): number {
  try { return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024; } catch { return 0; }
}

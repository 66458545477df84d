import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

const PROJECT = fileURLToPath(new URL('../../../', import.meta.url));
const MAX_OUTPUT_BYTES = 4 * 1024 * 1024;

export interface ChildLimits { heapMb: number; /** the heap and all that lies beside it: buffers, native memory */ residentMb: number; timeMs: number }
export interface ChildTask extends ChildLimits {
  /** the file the process runs */
  main: string;
  args?: readonly string[];
  stdin: Buffer | string;
  /** folders and files it may read besides this project */
  reads?: readonly string[];
  /** instead of the project; for tests */
  project?: string;
  /** loads a native library (DuckDB), which its own settings bind, not Node's */
  addons?: boolean;
}
/** How the process ended; `dead` = it crashed, or was too large. */
export type ChildEnd = { ended: 'done'; output: string } | { ended: 'time' | 'memory' | 'output' | 'dead' };

/** Runs one job in a process of its own: limits on memory and time, no environment (so no secrets), files only of this project
 * and only for reading, no code from strings. The process dies with its job; the worker lives on.
 * @throws the signal's reason on cancel */
export async function runChild(task: ChildTask, signal: AbortSignal): Promise<ChildEnd> {
  const release = await slot(signal);
  try {
    return await runNow(task, signal);
  } finally {
    release();
  }
}

/** As many jobs at once as there are processors: each may want a gigabyte. The others wait their turn, first come first. */
let free = Math.max(2, availableParallelism());
const waiting: (() => void)[] = [];
async function slot(signal: AbortSignal): Promise<() => void> {
  signal.throwIfAborted();
  const release = (): void => { const next = waiting.shift(); if (next) next(); else free += 1; };
  if (free > 0) { free -= 1; return release; }
  await new Promise<void>((resolve, reject) => {
    const abort = (): void => { waiting.splice(waiting.indexOf(turn), 1); reject(signal.reason as Error); };
    const turn = (): void => { signal.removeEventListener('abort', abort); resolve(); };
    waiting.push(turn);
    signal.addEventListener('abort', abort, { once: true });
  });
  return release;
}

async function runNow(task: ChildTask, signal: AbortSignal): Promise<ChildEnd> {
  signal.throwIfAborted();
  const reads = [`${task.project ?? PROJECT}*`, ...(task.reads ?? [])].map((path) => `--allow-fs-read=${path}`);
  const child = spawn(process.execPath, ['--permission', ...reads, ...(task.addons ? ['--allow-addons'] : []), '--disallow-code-generation-from-strings', `--max-old-space-size=${task.heapMb}`, '--no-warnings', task.main, ...(task.args ?? [])], { stdio: ['pipe', 'pipe', 'ignore'], env: {} });
  let ended: 'time' | 'memory' | 'output' | null = null;
  const kill = (why: typeof ended): void => { ended ??= why; child.kill('SIGKILL'); };
  const abort = (): void => { child.kill('SIGKILL'); };
  const timer = setTimeout(() => { kill('time'); }, task.timeMs);
  const watch = setInterval(() => { if (residentMemoryMb(child) > task.residentMb) kill('memory'); }, 100);
  signal.addEventListener('abort', abort, { once: true });
  try {
    const output = await outputOf(child, task.stdin, () => { kill('output'); });
    signal.throwIfAborted();
    if (ended !== null) return { ended };
    return output === '' ? { ended: 'dead' } : { ended: 'done', output };
  } finally {
    clearTimeout(timer);
    clearInterval(watch);
    signal.removeEventListener('abort', abort);
  }
}

function outputOf(child: ChildProcess, input: Buffer | string, onTooMuch: () => void): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    child.stdout?.on('data', (chunk: Buffer) => { size += chunk.length; if (size > MAX_OUTPUT_BYTES) onTooMuch(); else chunks.push(chunk); });
    child.once('error', reject);
    child.once('close', (code) => { resolve(code === 0 ? Buffer.concat(chunks).toString('utf8') : ''); });
    // The reader may die before it has taken everything; its exit tells, not the broken pipe.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}

/** Memory outside V8's heap (buffers) has no flag; Linux tells it. Elsewhere the heap limit stands alone. */
function residentMemoryMb(child: ChildProcess): number {
  try { return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024; } catch { return 0; }
}

import variant from '@jitl/quickjs-wasmfile-release-sync';
import { newQuickJSWASMModuleFromVariant, type QuickJSContext, type QuickJSHandle } from 'quickjs-emscripten-core';
import type { RunJavascriptData } from '#contracts/data-tools';
import { JobProblem, serveJob } from '../child/answer.ts';
import type { ScriptJob, ScriptProblem } from './job.ts';

/** A process of its own for one script, and in it QuickJS, which has no I/O to take away. */
const MEMORY_BYTES = 48 * 1024 * 1024;
/** below what the process itself has, or a deep recursion would end it without words */
const STACK_BYTES = 128 * 1024;
const SCRIPT_MS = 3_000;
const MAX_RESULT = 100_000;
const MAX_CONSOLE_LINES = 100;

/** Time stands still and chance is seeded: the same script on the same input gives the same result. */
const prelude = (seed: number): string => `'use strict'; (() => {
  let state = ${seed} >>> 0;
  Math.random = () => { state = (state + 0x6d2b79f5) >>> 0; let m = Math.imul(state ^ (state >>> 15), state | 1); m ^= m + Math.imul(m ^ (m >>> 7), m | 61); return ((m ^ (m >>> 14)) >>> 0) / 4294967296; };
  const Clock = Date;
  globalThis.Date = class Date extends Clock { constructor(...given) { if (given.length === 0) super(0); else super(...given); } static now() { return 0; } };
})();`;

async function open(): Promise<QuickJSContext> {
  const quickjs = await newQuickJSWASMModuleFromVariant(variant as never);
  const runtime = quickjs.newRuntime();
  runtime.setMemoryLimit(MEMORY_BYTES);
  runtime.setMaxStackSize(STACK_BYTES);
  const deadline = Date.now() + SCRIPT_MS;
  runtime.setInterruptHandler(() => Date.now() > deadline);
  return runtime.newContext();
}

/** @throws JobProblem with the script's own error and its line */
function unwrap(context: QuickJSContext, result: { error?: QuickJSHandle; value?: QuickJSHandle }): QuickJSHandle {
  if (!result.error) return result.value as QuickJSHandle;
  throw new JobProblem(sentence(problemOf(context, result.error)));
}

const sentence = ({ line, message }: ScriptProblem): string => (/interrupted/.test(message) ? `The script took longer than ${SCRIPT_MS / 1000} s.` : /out of memory/.test(message) ? 'The script needs more than 48 MB of memory.' : `The script failed${line > 0 ? ` in line ${line}` : ''}: ${message}`);

function problemOf(context: QuickJSContext, error: QuickJSHandle): ScriptProblem {
  const thrown = context.dump(error) as { name?: string; message?: string; stack?: string; lineNumber?: number; columnNumber?: number } | string;
  if (typeof thrown !== 'object' || thrown === null) return { line: 0, column: 0, message: thrown.slice(0, 500) };
  const place = /script\.js:(\d+)(?::(\d+))?/.exec(thrown.stack ?? '');
  return { line: Number(thrown.lineNumber ?? place?.[1] ?? 0), column: Number(thrown.columnNumber ?? place?.[2] ?? 1), message: `${thrown.name ?? 'Error'}: ${thrown.message ?? ''}`.slice(0, 500) };
}

async function run({ code, input, seed }: Extract<ScriptJob, { operation: 'run' }>): Promise<RunJavascriptData> {
  const context = await open();
  const lines: string[] = [];
  const log = context.newFunction('log', (...given) => {
    if (lines.length < MAX_CONSOLE_LINES) lines.push(given.map((value) => { const plain: unknown = context.dump(value); return typeof plain === 'string' ? plain : JSON.stringify(plain) ?? String(plain); }).join(' ').slice(0, 500));
  });
  const console = context.newObject();
  for (const method of ['log', 'info', 'warn', 'error', 'debug']) context.setProp(console, method, log);
  context.setProp(context.global, 'console', console);
  unwrap(context, context.evalCode(prelude(seed), 'prelude.js'));
  // The script may replace JSON; the result is read with the one it was given.
  const stringify = unwrap(context, context.evalCode('JSON.stringify', 'prelude.js'));
  const text = context.newString(JSON.stringify(input ?? null));
  const parse = unwrap(context, context.evalCode('JSON.parse', 'prelude.js'));
  context.setProp(context.global, 'input', unwrap(context, context.callFunction(parse, context.undefined, text)));
  let value = unwrap(context, context.evalCode(code, 'script.js', { type: 'global' }));
  const settled = context.runtime.executePendingJobs(100_000);
  if (settled.error) throw new JobProblem(sentence(problemOf(context, settled.error)));
  const state = context.getPromiseState(value);
  if (state.type === 'pending') throw new JobProblem('The script waits for something that never comes: there are no timers and no network.');
  if (state.type === 'rejected') throw new JobProblem(sentence(problemOf(context, state.error)));
  value = state.value;
  const written = context.dump(unwrap(context, context.callFunction(stringify, context.undefined, value))) as string | undefined;
  if (written !== undefined && Buffer.byteLength(written) > MAX_RESULT) throw new JobProblem(`The result has ${Math.round(Buffer.byteLength(written) / 1000)} kB; at most ${MAX_RESULT / 1000} kB fit.`);
  return { result: written === undefined ? null : (JSON.parse(written) as unknown), console: lines };
}

/** Parses a module without running a word of it. */
async function check({ code }: Extract<ScriptJob, { operation: 'check' }>): Promise<ScriptProblem[]> {
  const context = await open();
  const result = context.evalCode(code, 'script.js', { type: 'module', compileOnly: true });
  // The whole text is parsed before its imports are looked for, and of those there are none here.
  return result.error ? [problemOf(context, result.error)].filter(({ message }) => !message.includes('could not load module')) : [];
}

await serveJob<ScriptJob>((job) => (job.operation === 'run' ? run(job) : check(job)));

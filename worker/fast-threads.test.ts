import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { leaveOutStackTraces, watchOnlyWorkflowCode } from './fast-threads.ts';

/** A thread by address, as the SDK's is: one from a text would not load what `--import` names. */
const THREAD = `new (require('node:worker_threads').Worker)(new URL('data:text/javascript,' + encodeURIComponent("import v8 from 'node:v8'; try { v8.promiseHooks.createHook({ init() {} })(); console.log('hooks') } catch (error) { console.log(error.message) }")))`;
const preload = fileURLToPath(new URL('fast-threads.ts', import.meta.url));
const inThread = async (env: Record<string, string>) => (await promisify(execFile)(process.execPath, ['--import', preload, '-e', THREAD], { env: { ...process.env, ...env } })).stdout.trim();

it('a thread that runs workflows writes down no stack of each promise, unless it is asked to', async () => {
  expect(await inThread({ WORKER_STACK_TRACES: 'off' })).toBe('WORKER_STACK_TRACES is off');
  expect(await inThread({ WORKER_STACK_TRACES: 'on' })).toBe('hooks');
});

it('keeps the one warning that follows, and no other', () => {
  const seen: unknown[] = [];
  const [hooks, log] = [{ createHook: (): unknown => undefined }, { warn: (...args: unknown[]) => { seen.push(...args); } }];
  leaveOutStackTraces(hooks, log);
  expect(() => hooks.createHook()).toThrow('WORKER_STACK_TRACES is off');
  log.warn('of the SDK');
  log.warn('of somebody else');
  expect(seen).toEqual(['of somebody else']);
});

it('limits the calls into the sandbox that run workflow code, and only those', () => {
  const limits: unknown[] = [];
  const prototype = { runInContext: (_context: unknown, options?: { timeout?: number } | string) => { limits.push(typeof options === 'object' ? options.timeout : options); } };
  watchOnlyWorkflowCode(prototype);
  const call = (name: string | undefined, waitsFor = 0) => prototype.runInContext({ ...(name ? { __temporal_args: [{}, name, []] } : {}), __TEMPORAL_ACTIVATOR__: { blockedConditions: new Map(Array.from({ length: waitsFor }, (_, index) => [index, {}])) } }, { timeout: 5_000 });
  for (const name of ['initRuntime', 'initialize', 'activate', undefined]) call(name);
  call('tryUnblockConditions', 1);
  expect(limits.splice(0)).toEqual([5_000, 5_000, 5_000, 5_000, 5_000]);
  call('tryUnblockConditions');
  call('concludeActivation');
  expect(limits).toEqual([undefined, undefined]);
});

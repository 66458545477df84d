import v8 from 'node:v8';
import { isMainThread } from 'node:worker_threads';

/** Loaded before everything (`node --import`), which also puts it into the threads that run workflows: the SDK writes down the stack
 * of every promise a workflow makes, for the query `__stack_trace` alone. That is nearly half of the processor time of the thread
 * (docs/benchmarks.md), so it is off unless WORKER_STACK_TRACES=on; a worker without it answers the query with an error that says
 * so. What a run waits for is told by its events.
 *
 * The SDK asks for hooks once in each thread and goes on without them when there are none, as in Bun; its warning of that is ours to
 * keep, for a line that every start prints is read by nobody. */
export function leaveOutStackTraces(hooks: { createHook: unknown }, log: { warn: (...args: unknown[]) => void }): void {
  hooks.createHook = () => {
    const { warn } = log;
    log.warn = () => { log.warn = warn; };
    throw new Error('WORKER_STACK_TRACES is off');
  };
}

if (!isMainThread && process.env['WORKER_STACK_TRACES'] !== 'on') leaveOutStackTraces(v8.promiseHooks, console);

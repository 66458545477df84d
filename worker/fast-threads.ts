import v8 from 'node:v8';
import { Script, type Context } from 'node:vm';
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

/** What the SDK puts on the context that workflows run in before it calls into it, and where the run keeps what it waits for. */
interface SdkContext extends Context { __temporal_args?: [holder: unknown, called: string, ...unknown[]]; __TEMPORAL_ACTIVATOR__?: { blockedConditions?: Map<unknown, unknown> } }
type RunInContext = Script['runInContext'];

/** The SDK's limit on a workflow that never gives back (5 s) is a thread that Node starts and ends around every call into the sandbox:
 * 140 us of processor time where the call itself takes 2. Of the three calls of an activation only the one that resumes the workflow
 * runs code of ours; asking conditions when there are none, and collecting what was scheduled, cannot go on for ever. */
export function watchOnlyWorkflowCode(prototype: { runInContext: RunInContext }): void {
  const { runInContext } = prototype;
  prototype.runInContext = function run(this: Script, context: SdkContext, options?: Parameters<RunInContext>[1]): unknown {
    const called = context.__temporal_args?.[1];
    const isSdkOnly = called === 'concludeActivation' || (called === 'tryUnblockConditions' && context.__TEMPORAL_ACTIVATOR__?.blockedConditions?.size === 0);
    if (!isSdkOnly || typeof options !== 'object') return runInContext.call(this, context, options) as unknown;
    const { timeout: _limit, ...rest } = options;
    return runInContext.call(this, context, rest) as unknown;
  };
}

if (!isMainThread) watchOnlyWorkflowCode(Script.prototype);
if (!isMainThread && process.env['WORKER_STACK_TRACES'] !== 'on') leaveOutStackTraces(v8.promiseHooks, console);

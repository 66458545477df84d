import fc from 'fast-check';
import type { NewRunEvent } from '#contracts/run-events';
import { isTerminal, type RunStatus, type TerminalStatus } from '#contracts/runs';
import { ended, queued, started } from './run-log.ts';

/** A model of a run's life, simpler than the product: what status may follow which event. The commands are what API, workflow,
 * reconciler and a person can do to a run, in any order and at any time, also too late or twice. */
export const MODEL_EVENTS = {
  start: started,
  validate: { type: 'stage-start', stage: 'validate', data: { stages: ['validate', 'test'] } },
  test: { type: 'stage-start', stage: 'test', data: { stages: ['validate', 'test'] } },
  full: { type: 'stage-start', stage: 'full', data: { stages: ['validate', 'test', 'full'] } },
  pass: { type: 'stage-end', stage: 'test', data: { outcome: 'passed', cap: null, remark: null } },
  step: { type: 'step-start', stage: 'test', step: 'note-1', data: { title: 'Note', index: 1, total: 1 } },
  cancelWish: { type: 'cancel-request', data: { by: 'Alice' } },
  log: { type: 'log-write', data: { level: 'info', message: 'a line' } },
  complete: ended('completed'), fail: ended('failed'), cancel: ended('cancelled'), timeOut: ended('timed_out'),
} as const satisfies Record<string, NewRunEvent>;
export type ModelStep = keyof typeof MODEL_EVENTS;

const END: Partial<Record<ModelStep, TerminalStatus>> = { complete: 'completed', fail: 'failed', cancel: 'cancelled', timeOut: 'timed_out' };
/** where a live run goes; what is not listed changes no status */
const MOVES: Partial<Record<ModelStep, { to: RunStatus; from: readonly RunStatus[] }>> = {
  start: { to: 'validating', from: ['queued', 'running', 'validating'] },
  validate: { to: 'validating', from: ['queued', 'running', 'validating'] },
  test: { to: 'running', from: ['validating', 'running'] },
  full: { to: 'running', from: ['validating', 'running'] },
};

/** @returns the status after the step; an ended run never leaves its end */
export function modelStatus(status: RunStatus, step: ModelStep): RunStatus {
  if (isTerminal(status)) return status;
  const end = END[step];
  if (end) return end;
  const move = MOVES[step];
  return move?.from.includes(status) ? move.to : status;
}

const everyday = fc.constantFrom<ModelStep>('start', 'validate', 'test', 'full', 'pass', 'step', 'cancelWish', 'log');
const any = fc.constantFrom(...(Object.keys(MODEL_EVENTS) as ModelStep[]));
/** Fifty steps, most of them before an end. */
export const lives: fc.Arbitrary<ModelStep[]> = fc.tuple(fc.array(everyday, { minLength: 25, maxLength: 25 }), fc.array(any, { minLength: 25, maxLength: 25 })).map(([first, rest]) => [...first, ...rest]);
export { queued };

import { expect, it } from 'vitest';
import { mainThread } from './long-tasks.ts';

it('counts the tasks of the page\'s main thread alone, the longest first', () => {
  const task = (tid: number, dur: number, name = 'RunTask') => ({ name, ph: 'X', pid: 7, tid, ts: 0, dur, tdur: dur / 2 });
  const trace = JSON.stringify({ traceEvents: [
    { name: 'thread_name', ph: 'M', pid: 7, tid: 1, ts: 0, args: { name: 'CrRendererMain' } }, { name: 'thread_name', ph: 'M', pid: 7, tid: 2, ts: 0, args: { name: 'Compositor' } },
    task(1, 12_000), task(2, 900_000), task(1, 250_500), task(1, 999_000, 'FunctionCall'),
  ] });
  expect(mainThread(trace)).toEqual({ tasks: [250.5, 12], longestMs: 250.5, longestCpuMs: 125.25 });
  expect(mainThread('{"traceEvents":[]}')).toEqual({ tasks: [], longestMs: 0, longestCpuMs: null });
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { stored } from '#test/support/run-log';
import { lives, MODEL_EVENTS, modelStatus, queued } from '#test/support/run-model';
import { EMPTY_RUN_VIEW, reduceRun, type RunView } from './run-reducer.ts';
import { isTerminal, type RunStatus } from './runs.ts';

it('the reducer agrees with the model of a run through 1,000 lives of 50 steps', () => {
  fc.assert(fc.property(lives, fc.array(fc.nat(49), { maxLength: 5 }), (steps, again) => {
    const events = stored([queued, ...steps.map((step) => MODEL_EVENTS[step])]);
    let status: RunStatus = 'queued';
    let view: RunView = reduceRun(EMPTY_RUN_VIEW, events[0] as never);
    for (const [index, step] of steps.entries()) {
      status = modelStatus(status, step);
      const event = events[index + 1] as never;
      const end = isTerminal(view.status) ? { headline: view.headline, error: view.error, completedAt: view.completedAt } : null;
      view = reduceRun(view, event);
      expect(view.status).toBe(status);
      if (end) expect(view).toMatchObject(end);
      if (again.includes(index)) expect(reduceRun(view, event)).toBe(view);
    }
  }), { numRuns: 1000 });
}, 120_000);

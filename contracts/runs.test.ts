import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canMove, isTerminal, MODE_WORDS, RUN_MODES, RUN_STATUSES, stagesOf, TERMINAL_STATUSES, type RunStatus } from './runs.ts';

const status = fc.constantFrom<RunStatus>(...RUN_STATUSES);

describe('the transitions of a run', () => {
  it('a terminal status never leaves', () => {
    fc.assert(fc.property(fc.constantFrom(...TERMINAL_STATUSES), status, (from, to) => !canMove(from, to)));
  });

  it('nothing returns to the queue and nothing moves onto itself', () => {
    for (const from of RUN_STATUSES) {
      expect(canMove(from, 'queued'), `${from} → queued`).toBe(false);
      expect(canMove(from, from), `${from} → ${from}`).toBe(false);
    }
  });

  it('every live status can end in each of the four ways', () => {
    for (const from of RUN_STATUSES.filter((each) => !isTerminal(each))) {
      for (const to of TERMINAL_STATUSES) expect(canMove(from, to), `${from} → ${to}`).toBe(true);
    }
  });

  it('work and waiting come only after the checks have begun', () => {
    expect(canMove('queued', 'running')).toBe(false);
    expect(canMove('queued', 'waiting')).toBe(false);
    expect(canMove('queued', 'validating')).toBe(true);
  });

  it('whatever way is walked, once terminal it stays where it is', () => {
    fc.assert(fc.property(fc.array(status, { maxLength: 30 }), (wishes) => {
      let now: RunStatus = 'queued';
      let final: RunStatus | null = null;
      for (const wish of wishes) {
        if (canMove(now, wish)) now = wish;
        if (final !== null && now !== final) return false;
        if (isTerminal(now)) final = now;
      }
      return true;
    }));
  });
});

describe('modes', () => {
  it('each walks through the stages before its own, in order', () => {
    expect(RUN_MODES.map(stagesOf)).toEqual([['validate'], ['validate', 'test'], ['validate', 'test', 'full']]);
  });

  it('each has words for a person', () => {
    for (const mode of RUN_MODES) expect(Object.values(MODE_WORDS[mode]).every((words) => words.length > 3)).toBe(true);
  });
});

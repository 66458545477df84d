import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fisherExact, gainOf, guardrailStanding, levelFor, recommend, smallestExpected, standingOf, type Effect, type Rule } from './effects.ts';
import type { Arm } from './queries.ts';
import { inOrder, wrongCounts } from './queries.ts';
import { brokenBy, scepticChecks, type Evidence } from './sceptic.ts';

const arm = (name: string, successes: number, measured: number): Arm => ({ name, segment: '', people: measured, measured, successes, mean: successes / measured, sd: 0, skewness: null });
const effect = (difference: number, low: number, high: number, pHolm: number, treatment = 'new'): Effect => ({ treatment, segment: '', control: arm('old', 100, 1000), arm: arm(treatment, 120, 1000), method: 'a test', difference, low, high, relative: difference / 0.1, p: pHolm, pHolm });
const rule: Rule = { level: 0.05, smallest: 0.005, better: 'higher' };

describe('Fisher’s exact test', () => {
  it('gives the textbook values', () => {
    // Fisher's tea tasting (3 of 4 against 1 of 4), and R's fisher.test(matrix(c(1, 9, 11, 3), 2)).
    expect(fisherExact(3, 4, 1, 4)).toBeCloseTo(0.4857142857, 9);
    expect(fisherExact(1, 10, 11, 14)).toBeCloseTo(0.002759456, 8);
  });

  it('is the sum of the tables that are no more likely, for any small table', () => {
    const choose = (n: number, k: number): number => (k < 0 || k > n ? 0 : Array.from({ length: k }, (_, index) => (n - index) / (index + 1)).reduce((product, factor) => product * factor, 1));
    fc.assert(fc.property(fc.integer({ min: 1, max: 25 }), fc.integer({ min: 1, max: 25 }), fc.nat(), fc.nat(), (nA, nB, x, y) => {
      const [a, b] = [x % (nA + 1), y % (nB + 1)];
      const chance = (k: number): number => (choose(nA, k) * choose(nB, a + b - k)) / choose(nA + nB, a + b);
      const expected = Array.from({ length: nA + 1 }, (_, k) => chance(k)).filter((p) => p > 0 && p <= chance(a) * (1 + 1e-7)).reduce((sum, p) => sum + p, 0);
      expect(fisherExact(a, nA, b, nB)).toBeCloseTo(Math.min(1, expected), 8);
    }));
  });

  it('the same for both orders of the groups', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 400 }), fc.nat(), fc.nat(), (nA, nB, x, y) => {
      const [a, b] = [x % (nA + 1), y % (nB + 1)];
      expect(fisherExact(a, nA, b, nB)).toBeCloseTo(fisherExact(b, nB, a, nA), 8);
    }));
  });
});

describe('standing and recommendation', () => {
  it('a gain counts as enough only when the whole interval does', () => {
    expect(standingOf(effect(0.02, 0.006, 0.034, 0.001), rule)).toBe('clear_win');
    expect(standingOf(effect(0.02, 0.002, 0.038, 0.01), rule)).toBe('win');
    expect(standingOf(effect(0.002, 0.001, 0.003, 0.01), rule)).toBe('too_small');
    expect(standingOf(effect(0.001, -0.002, 0.004, 0.5), rule)).toBe('too_small');
    expect(standingOf(effect(0.01, -0.01, 0.03, 0.3), rule)).toBe('open');
    expect(standingOf(effect(-0.02, -0.03, -0.01, 0.001), rule)).toBe('harm');
  });

  it('reads the same experiment alike when lower is better', () => {
    fc.assert(fc.property(fc.double({ min: -1, max: 1, noNaN: true }), fc.double({ min: 0, max: 0.5, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (difference, reach, p) => {
      const up = effect(difference, difference - reach, difference + reach, p);
      const down = effect(-difference, -difference - reach, -difference + reach, p);
      expect(standingOf(down, { ...rule, better: 'lower' })).toBe(standingOf(up, rule));
      expect(gainOf(down, 'lower').gain).toBeCloseTo(gainOf(up, 'higher').gain, 12);
    }));
  });

  it('what is broken goes before any effect, a breached guardrail before a gain', () => {
    const win = effect(0.02, 0.006, 0.034, 0.001);
    const breached = { column: 'refunds', treatment: 'new', share: false, control: 1, value: 2, worse: 1, low: 0.5, high: 1.5, limit: 0.1, p: 0.001, standing: 'breached' as const };
    expect(recommend([win], rule, [], ['The split is wrong.'])).toMatchObject({ decision: 'repair', because: 'The split is wrong.' });
    expect(recommend([win], rule, [breached], [])).toMatchObject({ decision: 'do_not_ship', because: expect.stringContaining('refunds') as string });
    expect(recommend([win, effect(0.03, 0.01, 0.05, 0.001, 'bold')], rule, [], [])).toMatchObject({ decision: 'ship', treatment: 'bold' });
    expect(recommend([effect(0.01, -0.01, 0.03, 0.3)], rule, [], []).decision).toBe('keep_running');
    expect(recommend([], rule, [], []).decision).toBe('repair');
  });

  it('a guardrail holds only when the bad end of its interval keeps the limit', () => {
    expect(guardrailStanding(0.2, 0.4, 0.1, 0.001, 0.05)).toBe('breached');
    expect(guardrailStanding(0.02, 0.2, 0.1, 0.4, 0.05)).toBe('open');
    expect(guardrailStanding(-0.02, 0.05, 0.1, 0.4, 0.05)).toBe('safe');
  });

  it('looks share the level', () => {
    expect(levelFor(0.05, 1)).toBe(0.05);
    expect(levelFor(0.05, 5)).toBeCloseTo(0.01, 12);
  });
});

describe('reading the table', () => {
  it('takes the named control, else the one that is called so, else the first by name', () => {
    const arms = [arm('b', 1, 10), arm('control', 1, 20), arm('a2', 1, 30)];
    expect(inOrder(arms, 'B').arms.map(({ name }) => name)).toEqual(['b', 'a2', 'control']);
    expect(inOrder(arms, undefined)).toMatchObject({ assumed: true, arms: [{ name: 'control' }, { name: 'a2' }, { name: 'b' }] });
    expect(inOrder([arm('z', 1, 5), arm('x', 1, 5)], undefined).arms[0]?.name).toBe('x');
    expect(inOrder([], 'b').arms).toEqual([]);
  });

  it('refuses counts that cannot be', () => {
    expect(wrongCounts([arm('a', 11, 10)], 'totals')).toContain('a has 11 outcomes for 10 people');
    expect(wrongCounts([arm('a', 10, 10), arm('b', 0, 10)], 'totals')).toBeNull();
    expect(smallestExpected(arm('a', 1, 10), arm('b', 1, 30))).toBeCloseTo(0.5, 12);
  });
});

describe('the sceptic', () => {
  const evidence: Evidence = { arms: [arm('old', 100, 1000), arm('new', 140, 1000)], ratio: { p: 0.5, mismatch: false }, crossover: null, effects: [effect(0.04, 0.01, 0.07, 0.004)], segments: [], balance: [], needed: 500, second: [{ treatment: 'new', method: 'Fisher’s exact test', p: 0.005 }], daysRun: 14, looks: 1 };
  const outcomes = (change: Partial<Evidence>) => Object.fromEntries(scepticChecks({ ...evidence, ...change }, rule).map(({ check, outcome }) => [check, outcome]));

  it('lets a sound experiment pass, but for an effect that is too good', () => {
    expect(outcomes({})).toEqual({ 'Sample ratio': 'holds', 'Whole weeks': 'holds', 'Looks at the result': 'holds', 'Enough people': 'holds', 'Second way for new': 'holds', 'Size of new': 'doubt' });
  });

  it('breaks the read-out on a wrong split, on people in two variants and on rows that are not people', () => {
    expect(brokenBy(scepticChecks({ ...evidence, ratio: { p: 1e-6, mismatch: true } }, rule))).toHaveLength(1);
    expect(outcomes({ crossover: { crossed: 30, units: 1000, rows: 1000 } })['One variant a person']).toBe('fails');
    expect(outcomes({ crossover: { crossed: 0, units: 900, rows: 1000 } })['One row a person']).toBe('fails');
    expect(outcomes({ balance: [{ column: 'device', p: 1e-5 }] })['Balance by device']).toBe('fails');
  });

  it('doubts part weeks, many looks, few people, a second way that differs and a segment that turns round', () => {
    expect(outcomes({ daysRun: 10, looks: 3, needed: 5000, second: [{ treatment: 'new', method: 'Fisher’s exact test', p: 0.2 }], segments: [{ ...effect(-0.05, -0.07, -0.03, 0.001), segment: 'device tablet' }] })).toMatchObject({ 'Whole weeks': 'doubt', 'Looks at the result': 'doubt', 'Enough people': 'doubt', 'Second way for new': 'doubt', 'Segments of new': 'doubt' });
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holm, isRight, mcnemar, spread, wilson } from './scoring.ts';

describe('scoring', () => {
  it('decides what is right by code', () => {
    expect(isRight('contains', 'It is INV-7 [case1].', 'inv-7')).toBe(true);
    expect(isRight('exact', ' “INV-7” [m1]. ', 'INV-7')).toBe(true);
    expect(isRight('exact', 'It is INV-7', 'INV-7')).toBe(false);
    expect(isRight('number', 'About 12,050 euro [case2]', '12000')).toBe(true);
    expect(isRight('number', 'minus: -5', '5')).toBe(false);
    expect(isRight('number', 'none', '5')).toBe(false);
  });

  it('McNemar is the two-sided binomial test, counted here outcome by outcome', () => {
    fc.assert(fc.property(fc.nat(6), fc.nat(6), (a, b) => {
      const n = a + b;
      let extreme = 0;
      for (let bits = 0; bits < 2 ** n; bits += 1) {
        const ones = bits.toString(2).replaceAll('0', '').length;
        if (Math.abs(ones - n / 2) >= Math.abs(a - n / 2)) extreme += 1;
      }
      expect(mcnemar(a, b)).toBeCloseTo(extreme / 2 ** n, 12);
    }));
  });

  it('Wilson and Holm give the textbook figures', () => {
    expect(wilson(8, 10).map((x) => x.toFixed(4))).toEqual(['0.4902', '0.9433']);
    expect(wilson(0, 0)).toEqual([0, 1]);
    expect(holm([0.04, 0.01, 0.03]).map((x) => x.toFixed(2))).toEqual(['0.06', '0.03', '0.06']);
  });

  it('a sample is spread evenly, without repeats', () => {
    expect(spread(10, 4)).toEqual([0, 3, 6, 9]);
    fc.assert(fc.property(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 20 }), (length, count) => { expect(new Set(spread(length, count)).size).toBe(Math.min(length, count)); }));
  });
});

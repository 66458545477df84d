import { describe, expect, it } from 'vitest';
import { parseDollars, proposedDollars } from './budget';

describe('a budget that a person types', () => {
  it('is dollars, with or without the sign', () => expect([parseDollars('1.50'), parseDollars(' $2 '), parseDollars('0.000001')]).toEqual([1_500_000, 2_000_000, 1]));
  it('is nothing else', () => expect(['', '0', '-1', '1,5', '1e3', 'ten', '0.0000001'].map(parseDollars)).toEqual([null, null, null, null, null, null, null]));
  it('is proposed so that the next call fits', () => {
    expect(proposedDollars(500_000, 510_000)).toBe('1.00');
    expect(parseDollars(proposedDollars(8_000, 31_234))).toBeGreaterThan(31_234);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callCost } from './cost.ts';

const price = fc.record({ input: fc.nat(20_000_000), output: fc.nat(80_000_000) });

describe('the cost of a call', () => {
  it('is whole micro-dollars, rounded up', () => {
    expect(callCost({ input: 150_000, output: 600_000 }, 1000, 500)).toBe(450);
    expect(callCost({ input: 1, output: 1 }, 1, 1)).toBe(1);
    expect(callCost({ input: 0, output: 0 }, 1000, 1000)).toBe(0);
  });

  it('is unknown, never 0, when the price is', () => {
    expect(callCost(null, 1000, 1000)).toBeNull();
  });

  it('never falls when more tokens are used', () => {
    fc.assert(fc.property(price, fc.nat(1e6), fc.nat(1e6), fc.nat(1e6), fc.nat(1e6), (each, input, output, moreInput, moreOutput) =>
      (callCost(each, input, output) ?? 0) <= (callCost(each, input + moreInput, output + moreOutput) ?? 0)));
  });
});

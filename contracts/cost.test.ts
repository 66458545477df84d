import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PlannedCall } from './catalog.schema.ts';
import { callCost, estimateRun } from './cost.ts';

const price = fc.record({ input: fc.nat(20_000_000), output: fc.nat(80_000_000) });
const planned: fc.Arbitrary<PlannedCall> = fc.record({ step: fc.constant('s'), title: fc.constant('S'), kind: fc.constantFrom('model', 'tool'), inputTokens: fc.nat(100_000), maxOutputTokens: fc.nat(20_000), repeat: fc.nat(10) });
const plan = fc.array(planned, { maxLength: 12 });

describe('the cost of a call', () => {
  it('is whole micro-dollars, rounded up', () => {
    expect(callCost({ input: 150_000, output: 600_000 }, 1000, 500)).toBe(450);
    expect(callCost({ input: 1, output: 1 }, 1, 1)).toBe(1);
    expect(callCost({ input: 0, output: 0 }, 1000, 1000)).toBe(0);
  });

  it('is unknown, never 0, when the price is', () => {
    expect(callCost(null, 1000, 1000)).toBeNull();
    expect(estimateRun([], null, '2026-11-01').cost_usd_micros).toBeNull();
  });

  it('never falls when more tokens are used', () => {
    fc.assert(fc.property(price, fc.nat(1e6), fc.nat(1e6), fc.nat(1e6), fc.nat(1e6), (each, input, output, moreInput, moreOutput) =>
      (callCost(each, input, output) ?? 0) <= (callCost(each, input + moreInput, output + moreOutput) ?? 0)));
  });
});

describe('the estimate', () => {
  it('is never below the one before: low, expected, worst', () => {
    fc.assert(fc.property(plan, price, (calls, each) => {
      const { tokens, seconds, cost_usd_micros: cost } = estimateRun(calls, each, '2026-11-01');
      for (const range of [tokens, seconds, cost]) {
        expect(range?.low).toBeLessThanOrEqual(range?.expected ?? -1);
        expect(range?.expected).toBeLessThanOrEqual(range?.worst ?? -1);
      }
    }));
  });

  it('worst covers every planned call at its cap', () => {
    fc.assert(fc.property(plan, price, (calls, each) => {
      const models = calls.filter((call) => call.kind === 'model');
      const output = models.reduce((sum, call) => sum + call.maxOutputTokens * call.repeat, 0);
      const input = models.reduce((sum, call) => sum + call.inputTokens * call.repeat, 0);
      const estimate = estimateRun(calls, each, '2026-11-01');
      expect(estimate.tokens.worst).toBeGreaterThanOrEqual(input + output);
      expect(estimate.cost_usd_micros?.worst).toBeGreaterThanOrEqual(callCost(each, input, output) ?? 0);
    }));
  });

  it('tools take time and no tokens', () => {
    expect(estimateRun([{ step: 'find', title: 'Find', kind: 'tool', inputTokens: 999, maxOutputTokens: 999, repeat: 3 }], null, '2026-11-01')).toMatchObject({ tokens: { worst: 0 }, seconds: { low: 6, worst: 6 } });
  });
});

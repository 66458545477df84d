import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PlannedCall } from './catalog.schema.ts';
import { callCost } from './cost.ts';
import type { Caps } from './workflow.ts';
import { actualOf, beyondCaps, estimateRun, planSizes, type PastStage } from './estimate.ts';

const price = fc.record({ input: fc.nat(20_000_000), output: fc.nat(80_000_000) });
const planned: fc.Arbitrary<PlannedCall> = fc.record({ step: fc.constant('s'), title: fc.constant('S'), kind: fc.constantFrom('model', 'tool'), inputTokens: fc.nat(100_000), maxOutputTokens: fc.nat(20_000), repeat: fc.nat(10) });
const plan = fc.array(planned, { maxLength: 12 });
const size = fc.record({ input: fc.nat(1e6), output: fc.nat(1e5), seconds: fc.nat(5000) });
const past: fc.Arbitrary<PastStage[]> = fc.array(fc.record({ planned: size, used: size }), { maxLength: 8 });
const WIDE: Caps = { outputTokens: 1e9, inputTokens: 1e9, seconds: 1e9, iterations: 100, costUsdMicros: null };
const DATE = '2026-11-01';
const full = (calls: readonly PlannedCall[], runs: readonly PastStage[] = [], caps = WIDE) => ({ stage: 'full' as const, plan: calls, caps, past: runs });
const call: PlannedCall = { step: 'a', title: 'A', kind: 'model', inputTokens: 1000, maxOutputTokens: 1000, repeat: 1 };

describe('the estimate', () => {
  it('is never below the one before: low, expected, worst, in sum and in every stage, by plan and by past runs', () => {
    fc.assert(fc.property(plan, past, price, fc.nat(20_000), (calls, runs, each, cap) => {
      const estimate = estimateRun([full(calls, runs), { ...full(calls, runs), stage: 'test', caps: { ...WIDE, outputTokens: cap } }], each, DATE);
      for (const range of [estimate, ...estimate.stages].flatMap((part) => [part.tokens, part.seconds, part.cost_usd_micros])) {
        expect(range?.low).toBeLessThanOrEqual(range?.expected ?? -1);
        expect(range?.expected).toBeLessThanOrEqual(range?.worst ?? -1);
      }
    }));
  });

  it('worst covers every planned call at its cap, whatever past runs used', () => {
    fc.assert(fc.property(plan, past, price, (calls, runs, each) => {
      const models = calls.filter((planned) => planned.kind === 'model');
      const output = models.reduce((sum, planned) => sum + planned.maxOutputTokens * planned.repeat, 0);
      const input = models.reduce((sum, planned) => sum + planned.inputTokens * planned.repeat, 0);
      const estimate = estimateRun([full(calls, runs)], each, DATE);
      expect(estimate.tokens.worst).toBeGreaterThanOrEqual(input + output);
      expect(estimate.cost_usd_micros?.worst).toBeGreaterThanOrEqual(callCost(each, input, output) ?? 0);
    }));
  });

  it('is unknown in money, never 0, when the price is', () => {
    expect(estimateRun([full([call])], null, DATE)).toMatchObject({ cost_usd_micros: null, stages: [{ cost_usd_micros: null }], basis: 'plan' });
  });

  it('never exceeds the caps that end the stage', () => {
    const estimate = estimateRun([full([{ ...call, repeat: 50 }], [], { ...WIDE, outputTokens: 1000, inputTokens: 8000, seconds: 60 })], null, DATE);
    expect([estimate.tokens.worst, estimate.seconds.worst]).toEqual([9000, 60]);
  });

  it('tells where the plan asks for more than a cap allows: prompts as planned, answers at their cap, money of all stages together', () => {
    const caps = { outputTokens: 2000, inputTokens: 2000, seconds: 22, iterations: 5, costUsdMicros: null };
    const twice = { ...call, repeat: 2 };
    expect(beyondCaps([full([twice], [], caps)], null)).toEqual([]);
    expect(beyondCaps([full([{ ...call, repeat: 3 }], [], caps)], null)).toEqual([
      { stage: 'full', what: 'outputTokens', planned: 3000, cap: 2000 }, { stage: 'full', what: 'inputTokens', planned: 3000, cap: 2000 }, { stage: 'full', what: 'seconds', planned: 33, cap: 22 },
    ]);
    const each = { input: 1_000_000, output: 2_000_000 };
    const stages = (costUsdMicros: number) => [{ ...full([call], [], { ...WIDE, costUsdMicros }), stage: 'test' as const }, full([twice], [], { ...WIDE, costUsdMicros })];
    expect(beyondCaps(stages(9000), each)).toEqual([]);
    expect(beyondCaps(stages(8999), each)).toEqual([{ stage: null, what: 'costUsdMicros', planned: 9000, cap: 8999 }]);
    expect(beyondCaps(stages(1), null)).toEqual([]);
  });

  it('follows the median share of three past runs, scaled to these inputs; two say nothing yet', () => {
    const run = (share: number): PastStage => ({ planned: { input: 100, output: 100, seconds: 10 }, used: { input: 100 * share, output: 100 * share, seconds: 10 * share } });
    const expected = planSizes([call]).expected;
    expect(estimateRun([full([call], [run(0.5), run(0.5)])], null, DATE)).toMatchObject({ basis: 'plan', tokens: { expected: expected.input + expected.output } });
    const learnt = estimateRun([full([call], [run(0.5), run(3), run(0.6)])], null, DATE);
    expect(learnt).toMatchObject({ basis: '3 past runs', tokens: { low: 800, expected: 960, worst: 4800 } });
  });

  it('tools take time and no tokens', () => {
    expect(estimateRun([full([{ ...call, kind: 'tool', repeat: 3 }])], null, DATE)).toMatchObject({ tokens: { worst: 0 }, seconds: { low: 6, worst: 6 } });
  });
});

it('a run that has not ended has no actual figures', () => {
  expect(actualOf({ estimate: estimateRun([full([call])], null, DATE), stages: [], completedAt: null, mode: 'test_run' })).toBeNull();
});

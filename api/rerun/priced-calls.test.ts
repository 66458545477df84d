import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PlannedCall } from '#contracts/catalog.schema';
import { pricedCalls, sumRanges, type PricingWish } from './priced-calls.ts';
import type { RecordedCall } from './recorded-calls.ts';

const call = (step: string, change: Partial<RecordedCall> = {}): RecordedCall => ({ id: `test/${step}/1`, stage: 'test', step, title: step, recorded: true, provider: 'openai', model: 'm', inputTokens: 1000, outputTokens: 200, maxOutputTokens: 400, text: '', afterOutside: false, ...change });
const planned = (step: string, repeat = 1): PlannedCall => ({ step, title: step, kind: 'model', inputTokens: 1000, maxOutputTokens: 400, repeat });
const wish = (change: Partial<PricingWish>): PricingWish => ({ calls: [], reusable: new Set(), edited: new Set(), plans: [{ stage: 'test', plan: [] }], price: { input: 1_000_000, output: 2_000_000 }, inputsChanged: false, modelChangedIn: () => false, ...change });

describe('the price of a re-run', () => {
  it('is nothing for what is reused, its own past use for what is made anew, the plan for what was never reached', () => {
    const calls = pricedCalls(wish({ calls: [call('outline'), call('note-1')], reusable: new Set(['test/outline/1']), plans: [{ stage: 'test', plan: [planned('outline'), planned('note', 3)] }] }));
    expect(calls.map(({ step, state, cost_usd_micros: cost }) => [step, state, cost?.expected])).toEqual([['outline', 'reused', 0], ['note-1', 'to_pay', 1400], ['note-2', 'to_pay', 1480], ['note-3', 'to_pay', 1480]]);
  });

  it('after an edit, a web tool or other inputs is free at best, and whole at worst', () => {
    const three = [call('a'), call('b'), call('c')];
    const reusable = new Set(three.map(({ id }) => id));
    const states = (change: Partial<PricingWish>) => pricedCalls(wish({ calls: three, reusable, ...change })).map(({ state }) => state);
    expect(states({ edited: new Set(['test/a/1']) })).toEqual(['edited', 'maybe', 'maybe']);
    expect(states({ reworded: new Set(['test/b/1']) })).toEqual(['reused', 'to_pay', 'maybe']);
    expect(states({ inputsChanged: true })).toEqual(['maybe', 'maybe', 'maybe']);
    expect(states({ calls: [call('a'), call('b', { afterOutside: true })] })).toEqual(['reused', 'maybe']);
    expect(states({ modelChangedIn: (stage) => stage === 'test' })).toEqual(['to_pay', 'to_pay', 'to_pay']);
    expect(pricedCalls(wish({ calls: three, reusable, inputsChanged: true }))[0]?.cost_usd_micros).toMatchObject({ low: 0, expected: 1400, worst: 2130 });
  });

  it('is unknown as soon as one price is, never 0', () => {
    expect(sumRanges(pricedCalls(wish({ calls: [call('a')], price: null })).map((priced) => priced.cost_usd_micros))).toBeNull();
  });

  it('never falls from low to expected to worst', () => {
    fc.assert(fc.property(fc.array(fc.record({ inputTokens: fc.nat(9000), outputTokens: fc.nat(900), maxOutputTokens: fc.nat(900), afterOutside: fc.boolean() }), { maxLength: 6 }), fc.boolean(), fc.nat(5), (drawn, inputsChanged, repeat) => {
      const calls = drawn.map((change, index) => call(`s-${index}`, change));
      for (const { cost_usd_micros: cost, tokens } of pricedCalls(wish({ calls, reusable: new Set(calls.slice(0, 2).map(({ id }) => id)), inputsChanged, plans: [{ stage: 'test', plan: [planned('s', repeat)] }] }))) {
        for (const range of [cost, tokens]) expect([(range?.low ?? 0) <= (range?.expected ?? -1), (range?.expected ?? 0) <= (range?.worst ?? -1)]).toEqual([true, true]);
      }
    }));
  });
});

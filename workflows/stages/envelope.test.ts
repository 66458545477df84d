import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Caps } from '#contracts/workflow';
import { callCost } from '#contracts/cost';
import { CapReached, Envelope, estimateInputTokens, type Grant } from './envelope.ts';

const WIDE: Caps = { outputTokens: 1000, inputTokens: 8000, seconds: 60, iterations: 5, costUsdMicros: null };
const envelopeOf = (caps: Partial<Caps> = {}, price: { input: number; output: number } | null = null) => new Envelope({ ...WIDE, ...caps }, price);
const capOf = (work: () => unknown): CapReached | null => {
  try { work(); } catch (error) { if (error instanceof CapReached) return error; throw error; }
  return null;
};

type Move = { act: 'reserve'; input: number; output: number } | { act: 'settle'; pick: number; share: number } | { act: 'release'; pick: number } | { act: 'raise'; to: number };
const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ act: fc.constant('reserve' as const), input: fc.nat(3000), output: fc.nat(900) }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('settle' as const), pick: fc.nat(9), share: fc.double({ min: 0, max: 1, noNaN: true }) }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('release' as const), pick: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('raise' as const), to: fc.nat(40_000) }) },
);
const capsArb = fc.record({ outputTokens: fc.nat(4000), inputTokens: fc.nat(12_000), costUsdMicros: fc.option(fc.nat(20_000)) });
const priceArb = fc.option(fc.record({ input: fc.nat(20_000_000), output: fc.nat(80_000_000) }));

describe('no cap is overshot', () => {
  it('by any plan of parallel calls that settle, fail or stay open, with budgets that are raised or refused meanwhile', () => {
    fc.assert(fc.property(capsArb, priceArb, fc.array(move, { maxLength: 40 }), (caps, price, moves) => {
      const envelope = envelopeOf(caps, price);
      const open: Grant[] = [];
      let money = caps.costUsdMicros;
      for (const each of moves) {
        if (each.act === 'raise') {
          envelope.raiseCost(each.to);
          if (money !== null) money = Math.max(money, each.to);
          expect(envelope.caps.costUsdMicros).toBe(money);
        } else if (each.act === 'reserve') {
          const cap = capOf(() => open.push(envelope.reserve(each.input, each.output)));
          const granted = cap ? null : open.at(-1);
          if (granted) expect(granted.maxOutputTokens).toBeLessThanOrEqual(each.output);
        } else if (open.length > 0) {
          const [grant] = open.splice(each.pick % open.length, 1) as [Grant];
          if (each.act === 'release') envelope.release(grant);
          else {
            const [inputTokens, outputTokens] = [Math.floor(grant.inputTokens * each.share), Math.floor(grant.maxOutputTokens * each.share)];
            envelope.settle(grant, { inputTokens, outputTokens, costUsdMicros: callCost(price, inputTokens, outputTokens) });
          }
        }
        const committed = envelope.committed();
        expect(committed.outputTokens).toBeLessThanOrEqual(caps.outputTokens);
        expect(committed.inputTokens).toBeLessThanOrEqual(caps.inputTokens);
        if (money !== null && price) expect(committed.costUsdMicros).toBeLessThanOrEqual(money);
      }
    }), { numRuns: 300 });
  });

  it('output tokens are clamped to what is left, down to an answer of use', () => {
    const envelope = envelopeOf({ outputTokens: 100 });
    expect(envelope.reserve(10, 80).maxOutputTokens).toBe(80);
    expect(envelope.reserve(10, 80).maxOutputTokens).toBe(20);
    expect(capOf(() => envelope.reserve(10, 80))).toMatchObject({ cap: 'output_tokens', limit: 100, used: 100 });
  });

  it('a rest of fewer than 16 tokens counts as none, unless that is all that is wanted', () => {
    const envelope = envelopeOf({ outputTokens: 110 });
    envelope.reserve(10, 100);
    expect(capOf(() => envelope.reserve(10, 50))?.cap).toBe('output_tokens');
    expect(envelope.reserve(10, 8).maxOutputTokens).toBe(8);
  });

  it('input tokens are not clamped: a call that does not fit is not made', () => {
    const envelope = envelopeOf({ inputTokens: 100 });
    envelope.reserve(60, 50);
    expect(capOf(() => envelope.reserve(41, 50))).toMatchObject({ cap: 'input_tokens', limit: 100, used: 60 });
    expect(capOf(() => envelope.reserve(40, 50))).toBeNull();
  });

  it('money: the answer is made shorter until it can be paid, then the cap counts as reached', () => {
    const envelope = envelopeOf({ costUsdMicros: 100 }, { input: 1_000_000, output: 1_000_000 });
    expect(envelope.reserve(50, 500)).toMatchObject({ maxOutputTokens: 50, costUsdMicros: 100 });
    expect(capOf(() => envelope.reserve(1, 500))).toMatchObject({ cap: 'cost', limit: 100, used: 100 });
  });

  it('money: a call whose question alone cannot be paid does not start, also where no answer is wanted', () => {
    expect(capOf(() => envelopeOf({ costUsdMicros: 0 }, { input: 1, output: 0 }).reserve(1, 0))).toMatchObject({ cap: 'cost', limit: 0, used: 0 });
  });

  it('a raise of exactly what is needed lets the call start', () => {
    fc.assert(fc.property(fc.record({ input: fc.integer({ min: 1, max: 20_000_000 }), output: fc.integer({ min: 1, max: 80_000_000 }) }), fc.integer({ min: 1, max: 3000 }), fc.integer({ min: 1, max: 900 }), fc.nat(5_000), (price, input, output, budget) => {
      const envelope = envelopeOf({ costUsdMicros: budget }, price);
      const cap = capOf(() => envelope.reserve(input, output));
      if (!cap) return;
      envelope.raiseCost(envelope.neededFor(input, output) + 1);
      expect(capOf(() => envelope.reserve(input, output))).toBeNull();
      expect(envelope.committed().costUsdMicros).toBeLessThanOrEqual(envelope.caps.costUsdMicros ?? 0);
    }));
  });

  it('money of an earlier stage counts: the budget is the run\'s', () => {
    const envelope = new Envelope({ ...WIDE, costUsdMicros: 100 }, { input: 1_000_000, output: 1_000_000 }, 90);
    expect(capOf(() => envelope.reserve(10, 50))).toMatchObject({ cap: 'cost', limit: 100, used: 90 });
  });

  it('a call to another model is counted at that model\'s price', () => {
    const envelope = envelopeOf({ costUsdMicros: 1000 }, { input: 1_000_000, output: 1_000_000 });
    expect(envelope.reserve(10, 20, { input: 2_000_000, output: 4_000_000 }).costUsdMicros).toBe(100);
  });

  it('a budget without a known price cannot be counted and does not stop the run', () => {
    expect(envelopeOf({ costUsdMicros: 0 }, null).reserve(50, 500).maxOutputTokens).toBe(500);
  });

  it('a free model passes a budget of nothing', () => {
    expect(envelopeOf({ costUsdMicros: 0 }, { input: 0, output: 0 }).reserve(50, 500)).toMatchObject({ maxOutputTokens: 500, costUsdMicros: 0 });
  });

  it('a grant settles or is given back once only', () => {
    const envelope = envelopeOf();
    const grant = envelope.reserve(100, 100);
    envelope.settle(grant, { inputTokens: 90, outputTokens: 40, costUsdMicros: null });
    envelope.settle(grant, { inputTokens: 90, outputTokens: 40, costUsdMicros: null });
    envelope.release(grant);
    expect(envelope.committed()).toEqual({ inputTokens: 90, outputTokens: 40, costUsdMicros: 0 });
  });

  it('loop turns: as many as the cap, not one more', () => {
    const envelope = envelopeOf({ iterations: 3 });
    for (let turn = 0; turn < 3; turn += 1) envelope.turn();
    expect(capOf(() => envelope.turn())).toMatchObject({ cap: 'iterations', limit: 3, used: 3 });
  });
});

describe('the estimate of input tokens', () => {
  it('grows with bytes, not characters, and counts each message', () => {
    expect(estimateInputTokens([{ role: 'user', content: 'abc' }])).toBe(9);
    expect(estimateInputTokens([{ role: 'user', content: '学' }])).toBe(9);
    expect(estimateInputTokens([{ role: 'system', content: '' }, { role: 'user', content: '' }])).toBe(16);
  });

  it('is on the safe side of four characters a token', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (content) => estimateInputTokens([{ role: 'user', content }]) >= Math.ceil(content.length / 4)));
  });
});

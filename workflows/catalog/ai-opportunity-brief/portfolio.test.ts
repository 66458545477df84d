import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate } from '#activities/tools/stats/evaluate';
import { CalculateArgs } from '#contracts/data-tools.schema';
import { annuity, choose, disagreements, expressionsOf, figuresOf, scoresOf, sensitivity, type Assumptions, type Candidate, type Process } from './portfolio.ts';
import { APPETITES, CHECKS, LEVELS, READINESS } from './sizes.ts';

const process = fc.record<Process>({
  name: fc.constant('x'), cases_a_year: fc.integer({ min: 1, max: 1e8 }), minutes_a_case: fc.double({ min: 0.5, max: 10_000, noNaN: true }), cost_an_hour: fc.double({ min: 1, max: 2000, noNaN: true }),
  check: fc.constantFrom(...CHECKS), harm: fc.constantFrom(...LEVELS), data: fc.constantFrom(...READINESS), cost_once: fc.option(fc.double({ min: 0, max: 1e9, noNaN: true }), { nil: undefined }), cost_a_year: fc.option(fc.double({ min: 0, max: 1e9, noNaN: true }), { nil: undefined }),
});
const share = (min: number, max: number) => fc.integer({ min, max }).map((value) => value / 100);
const assumptions = fc.record<Assumptions>({ saving: share(5, 90), adoption: share(5, 100), spread: share(5, 60), discount: share(0, 25), years: fc.integer({ min: 1, max: 7 }), cost_once: fc.integer({ min: 0, max: 5_000_000 }), cost_a_year: fc.integer({ min: 0, max: 5_000_000 }) });
const letters: Process = { name: 'Letters', cases_a_year: 40_000, minutes_a_case: 12, cost_an_hour: 45, check: 'quick', harm: 'medium', data: 'ready', cost_once: 90_000, cost_a_year: 30_000 };
const usual: Assumptions = { saving: 0.35, adoption: 0.6, spread: 0.3, discount: 0, years: 3, cost_once: 0, cost_a_year: 0 };

describe('figures', () => {
  it('are those of the worked example in the library', () => {
    const figures = figuresOf(letters, usual);
    expect(figures).toMatchObject({ baseline: 360_000, net: 45_600 });
    expect(figures.saving).toBeCloseTo(75_600, 6);
    expect(figures.npv).toBeCloseTo(3 * 45_600 - 90_000, 6);
    expect(figuresOf(letters, { ...usual, adoption: 0.8 }).net).toBeCloseTo(70_800, 6);
  });

  it('present value is the sum over the years, discounted', () => {
    fc.assert(fc.property(process, assumptions, (each, given) => {
      const { net, npv } = figuresOf(each, given);
      let sum = -(each.cost_once ?? given.cost_once);
      for (let year = 1; year <= given.years; year += 1) sum += net / (1 + given.discount) ** year;
      expect(Math.abs(npv - sum)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(net) * given.years, each.cost_once ?? given.cost_once));
    }));
  });

  it('low ≤ expected ≤ high, and at the adoption that just pays the present value is zero', () => {
    fc.assert(fc.property(process, assumptions, (each, given) => {
      const { low, saving, high, npvLow, npv, npvHigh, breakEven, baseline } = figuresOf(each, given);
      expect(low).toBeLessThanOrEqual(saving);
      expect(saving).toBeLessThanOrEqual(high);
      expect(npvLow).toBeLessThanOrEqual(npv);
      expect(npv).toBeLessThanOrEqual(npvHigh);
      if (breakEven <= 1) expect(Math.abs(figuresOf(each, { ...given, adoption: breakEven }).npv)).toBeLessThanOrEqual(1e-6 * Math.max(1, baseline * given.years));
    }));
    expect(annuity({ discount: 0, years: 4 })).toBe(4);
  });

  it('the calculator comes to the same, whatever the inputs, and a difference is found', () => {
    fc.assert(fc.property(fc.array(process, { minLength: 1, maxLength: 10 }), assumptions, (processes, given) => {
      const args = CalculateArgs.parse(expressionsOf(processes, given));
      const names = new Map(Object.entries(args.variables));
      const results = args.expressions.map(({ name = null, expression }) => { const value = evaluate(expression, names); names.set(name ?? '', value); return { name, value }; });
      const figures = processes.map((each) => figuresOf(each, given));
      expect(disagreements(figures, results)).toEqual([]);
      expect(disagreements(figures, results.map((each) => (each.name === 'p1_npv' ? { ...each, value: each.value + Math.max(1, Math.abs(each.value)) } : each)))).toEqual(['p1_npv']);
    }), { numRuns: 60 });
  });
});

describe('scores and choice', () => {
  const lowered = { feasibility: false, risk: false };
  it('stay between 1 and 5; the sceptic never raises one; harm that is hardly checked stops a case', () => {
    fc.assert(fc.property(process, fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.double({ min: 0, max: 1e6, noNaN: true }), (each, npv, most) => {
      const scores = scoresOf(each, { npv }, most, lowered);
      const doubted = scoresOf(each, { npv }, most, { feasibility: true, risk: true });
      for (const key of ['value', 'feasibility', 'risk'] as const) { expect(scores[key]).toBeGreaterThanOrEqual(1); expect(scores[key]).toBeLessThanOrEqual(5); expect(doubted[key]).toBeLessThanOrEqual(scores[key]); }
      expect(scores.priority).toBe(scores.value * scores.feasibility * scores.risk);
    }));
    expect(scoresOf({ ...letters, harm: 'high', check: 'hard' }, { npv: 1e6 }, 1e6, lowered)).toMatchObject({ value: 5, risk: 1 });
  });

  const candidate = fc.record<Candidate>({ figures: fc.integer({ min: -1_000_000, max: 1_000_000 }).map((npv) => ({ ...figuresOf(letters, usual), npv, npvHigh: npv + 1000 })), scores: fc.record({ value: fc.constant(3), feasibility: fc.integer({ min: 1, max: 5 }), risk: fc.integer({ min: 1, max: 5 }), priority: fc.constant(1) }), once: fc.integer({ min: 0, max: 500_000 }) });
  it('the chosen set fits budget, number and floor, and no swap or addition makes it better', () => {
    fc.assert(fc.property(fc.array(candidate, { minLength: 1, maxLength: 8 }), fc.integer({ min: 0, max: 1_000_000 }), fc.integer({ min: 1, max: 5 }), fc.constantFrom(...APPETITES), (candidates, budget, pilots, appetite) => {
      const verdicts = choose(candidates, budget, pilots, appetite);
      const worth = ({ figures, scores }: Candidate) => figures.npv * (appetite === 'bold' ? 1 : (scores.feasibility + scores.risk) / 10);
      const set = candidates.filter((_, index) => verdicts[index] === 'start');
      const cost = set.reduce((sum, each) => sum + each.once, 0);
      expect(set.length).toBeLessThanOrEqual(pilots);
      expect(cost).toBeLessThanOrEqual(budget);
      for (const { figures, scores } of set) { expect(figures.npv).toBeGreaterThan(0); expect(Math.min(scores.feasibility, scores.risk)).toBeGreaterThanOrEqual(appetite === 'cautious' ? 3 : 2); }
      for (const other of candidates.filter((_, index) => verdicts[index] === 'prepare')) {
        if (set.length < pilots) expect(cost + other.once).toBeGreaterThan(budget);
        for (const out of set) if (cost - out.once + other.once <= budget) expect(worth(other)).toBeLessThanOrEqual(worth(out) + 1e-6);
      }
    }));
  });

  it('sensitivity: worse is never better, the widest first', () => {
    fc.assert(fc.property(fc.array(process, { minLength: 1, maxLength: 4 }), assumptions, (processes, given) => {
      const moves = sensitivity(processes, given);
      for (const { low, high } of moves) expect(low).toBeLessThanOrEqual(high);
      const widths = moves.map(({ low, high }) => high - low);
      expect(widths).toEqual(widths.toSorted((a, b) => b - a));
    }));
  });
});

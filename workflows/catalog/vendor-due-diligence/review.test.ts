import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate } from '#activities/tools/stats/evaluate';
import { legalInputs } from '#test/support/legal-inputs';
import { TIER_WEIGHTS } from './criteria.ts';
import { vendorDueDiligenceDefinition as definition, type VendorDueDiligenceInput } from './definition.ts';
import { about, disputedDown, disputes, firstGuess, mustState, percents, scoreOf, sentencesOf, type Text } from './evidence.ts';
import { assembleFiles, factsText, newDraft, recommendation, stops, type Draft } from './files.ts';
import { rank, scoreFormulas, scoreVariables, swings, usable } from './scoring.ts';
import { LEVELS, PARTS, type Part } from './sizes.ts';

const texts = (says: string, others: string): Text[] => [{ id: 'm1', kind: 'vendor says', title: 'says', text: says }, { id: 'm2', kind: 'independent', title: 'others', text: others }];
const worked = (formulas: ReturnType<typeof scoreFormulas>, variables: Record<string, number>): Record<string, number> => { const names = new Map(Object.entries(variables)); for (const { name, expression } of formulas) names.set(name, evaluate(expression, names)); return Object.fromEntries(names); };
const points = fc.record(Object.fromEntries(PARTS.map((part) => [part, fc.integer({ min: 0, max: 3 })])) as Record<Part, fc.Arbitrary<number>>);
const weighing = fc.record(Object.fromEntries(PARTS.map((part) => [part, fc.integer({ min: 0, max: 5 })])) as Record<Part, fc.Arbitrary<number>>);

describe('the scorecard', () => {
  it('totals and their swings, worked out a second time', () => {
    fc.assert(fc.property(fc.array(points, { minLength: 1, maxLength: 4 }), weighing, fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 4, maxLength: 4 }), (scores, given, costs) => {
      const weights = usable(given, TIER_WEIGHTS[2]);
      const figures = worked(scoreFormulas(scores.length), { ...scoreVariables(weights, scores, costs.slice(0, scores.length)) });
      const total = (vendor: number, doubled: Part | null) => {
        let [got, most] = [0, 0];
        for (const part of PARTS) { const weight = weights[part] * (part === doubled ? 2 : 1); got += weight * (scores[vendor]?.[part] ?? 0); most += weight * 3; }
        return (100 * got) / most;
      };
      for (const vendor of scores.keys()) {
        expect(figures[`total_${vendor + 1}`]).toBeCloseTo(total(vendor, null), 8);
        for (const part of PARTS) expect(figures[`total_${vendor + 1}_${part}`]).toBeCloseTo(total(vendor, part), 8);
        expect(figures[`three_years_${vendor + 1}`]).toBe(3 * (costs[vendor] ?? 0));
      }
      const order = rank(figures, scores.map(() => false));
      expect(order.toSorted()).toEqual([...scores.keys()]);
      expect(total(order[0] ?? 0, null)).toBeCloseTo(Math.max(...scores.map((_, vendor) => total(vendor, null))), 8);
    }));
  });

  it('who is stopped stands behind everybody else; weights of nought fall back to the tier', () => {
    const figures = { total_1: 90, total_2: 40, total_1_data: 90, total_2_data: 95 };
    expect(rank(figures, [true, false])).toEqual([1, 0]);
    expect(rank(figures, [false, false])).toEqual([0, 1]);
    expect(swings(figures, [false, false], ['data'])).toEqual(['data']);
    expect(usable({ data: 0, quality: 0, security: 0, operation: 0, business: 0, law: 0 }, TIER_WEIGHTS[1])).toBe(TIER_WEIGHTS[1]);
  });
});

describe('evidence', () => {
  it('a score is never above what its source can show, and 1 at most without a sentence', () => {
    fc.assert(fc.property(fc.constantFrom(...LEVELS), fc.constantFrom('vendor says', 'vendor document', 'independent', null), (level, kind) => {
      const score = scoreOf(level, kind);
      expect(score).toBeLessThanOrEqual(LEVELS.indexOf(level));
      expect(score).toBeLessThanOrEqual(kind === 'independent' ? 3 : kind === 'vendor document' ? 2 : 1);
    }));
  });

  it('sentences are sorted to their part by their words, better sources first', () => {
    const all = sentencesOf(texts('We never train models on customer data. Uptime is 99.9 % with credits.', 'The status page shows 99.4 % availability over a year. Lunch was good that day.'));
    expect(about('operation', all).map(({ source }) => source)).toEqual(['m2', 'm1']);
    expect(about('law', all)).toEqual([]);
    expect([firstGuess(about('operation', all)), firstGuess(about('data', all)), firstGuess([])]).toEqual(['shown', 'claimed', 'none']);
  });

  it('finds figures that differ and denials, and leaves agreement alone', () => {
    expect(percents('99.9 % and 4 percent')).toEqual([99.9, 4]);
    const figures = sentencesOf(texts('Uptime is 99.9 % with service credits.', 'The status page shows 99.4 % availability over a year.'));
    expect(disputes('operation', figures)).toMatchObject([{ sign: 'figures' }]);
    const denial = sentencesOf(texts('Customer data is not used for training.', 'The terms allow customer data to be used for training.'));
    expect(disputes('data', denial)).toMatchObject([{ sign: 'denial' }]);
    expect(disputes('operation', sentencesOf(texts('Uptime is 99.9 % by contract.', 'A monitor saw 99.95 % uptime.')))).toEqual([]);
    const scored = { vendor: 0, part: 'data' as const, level: 'shown' as const, score: 3, quote: 'q', source: 'm2', kind: 'independent' as const, quoteMatch: 'exact', reason: 'Good.' };
    expect(disputedDown([scored, { ...scored, part: 'law' }], [{ vendor: 0, part: 'data' }]).map(({ score }) => score)).toEqual([1, 3]);
  });

  it('trouble that others tell of is no point for the vendor', () => {
    expect(firstGuess(sentencesOf(texts('', 'In March an outage lasted nine hours and was never announced.')))).toBe('none');
    expect(mustState('single_sign_on', sentencesOf(texts('Single sign-on is included.', 'Single sign-on costs extra.')), [])).toMatchObject({ state: 'disputed' });
  });

  it('a must-have is shown, claimed, disputed or not spoken of', () => {
    const all = sentencesOf(texts('Customer data is not used for training. Single sign-on is included.', 'The terms allow customer data to be used for training.'));
    const [dispute] = disputes('data', all);
    expect(mustState('no_training', all, dispute ? [{ part: 'data', ...dispute }] : [])).toMatchObject({ state: 'disputed' });
    expect(mustState('single_sign_on', all, [])).toMatchObject({ state: 'claimed' });
    expect(mustState('deletion', all, [])).toEqual({ state: 'no evidence', sentence: null });
  });
});

describe('the recommendation', () => {
  const draftOf = (): Draft => ({ ...newDraft(), vendors: [{ name: 'A', cost: 10, texts: [], musts: [{ must: 'deletion', state: 'no evidence', sentence: null }] }, { name: 'B', cost: null, texts: [], musts: [] }], figures: { total_1: 90, total_2: 40, three_years_1: 30, three_years_2: 0 } });
  it('never names a vendor that a must-have stops', () => {
    const draft = draftOf();
    expect(stops(draft.vendors[0] ?? { musts: [] })).toEqual(['deletion on request: no evidence']);
    expect(recommendation({ tier: '1' }, draft)).toBe('Go on with B: 40 % of what could be shown; A is out until this is shown: deletion on request: no evidence.');
    draft.vendors.forEach((vendor) => { vendor.musts = [{ must: 'no_training', state: 'disputed', sentence: null }]; });
    expect(recommendation({ tier: '1' }, draft)).toMatch(/^Buy from nobody yet/);
  });

  it('files come from any draft that has begun', () => {
    const preset = definition.input.parse(definition.presets[0]?.inputs);
    expect(assembleFiles({ provider: 'demo' }, preset, newDraft(), 'test', null)).toEqual([]);
    fc.assert(fc.property(legalInputs(definition), (any) => {
      const given = any as VendorDueDiligenceInput;
      const draft = newDraft();
      draft.vendors = given.vendors.map(({ name }) => ({ name, cost: null, texts: [], musts: [] }));
      draft.assessments = [{ vendor: 0, part: 'data', level: 'none', score: 0, quote: '', source: null, kind: null, quoteMatch: 'nothing to quote', reason: 'Nothing was said.' }];
      const files = assembleFiles({ provider: 'demo' }, given, draft, 'full', 'Stopped.');
      expect(files.map((file) => file.fileName)).toEqual(['memo.md', 'scorecard.csv']);
      expect(files[0]?.content).toContain('## Recommended next steps');
      expect(`${files[0]?.content}${factsText(given, draft)}`).not.toMatch(/undefined|NaN|\[object/);
    }), { numRuns: 20 });
  }, 30_000);
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareModelsDefinition as definition } from './definition.ts';
import { assembleFiles, leaderboard, newDraft, pick } from './files.ts';
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

describe('files', () => {
  const input = definition.input.parse(definition.presets[0]?.inputs);
  const draftOf = (answers: string[][]) => ({ ...newDraft(), given: 8, cases: input.cases.map((given, at) => ({ ...given, id: `case${at + 1}` })), candidates: input.candidates, answers });
  const right = input.cases.map((given) => given.expected);

  it('a rival wins only when its gain is significant', () => {
    expect(pick(leaderboard(input, draftOf([right.map(() => 'no'), right])))).toContain('Take careful: 8 of 8');
    expect(pick(leaderboard(input, draftOf([['no', ...right.slice(1)], right])))).toContain('Stay with short');
  });

  it('an unfinished candidate is not ranked, hostile names stay in their cell, nothing gives no file', () => {
    const draft = draftOf([right, ['=1+1']]);
    expect(leaderboard(input, draft).map((row) => row.place)).toEqual([0]);
    draft.candidates = [{ name: '=cmd|x\n## y', model: 'own' }, { name: 'b', model: 'own' }];
    const [markdown, csv] = assembleFiles({ provider: 'demo' } as never, input, draft, 'full', 'Cancelled.');
    expect(markdown?.content).toContain('> Cancelled.');
    expect(markdown?.content).not.toMatch(/^## y/m);
    expect(csv?.content).toContain("'=cmd");
    expect(assembleFiles({ provider: 'demo' } as never, input, newDraft(), 'full', null)).toEqual([]);
  });

  it('names the other models of the candidates once', () => {
    const candidates = [{ name: 'a', model: 'own' as const }, { name: 'b', model: 'openai gpt-4o-mini' as const }, { name: 'c', model: 'openai gpt-4o-mini' as const }];
    expect(definition.targetsFor?.({ ...input, candidates })).toEqual([{ provider: 'openai', model: 'gpt-4o-mini' }]);
  });
});

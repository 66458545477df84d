import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { promptOptimiserDefinition } from './definition.ts';
import { assembleFiles, newDraft, verdictSentence } from './files.ts';
import { bestOf, changed, compare, failureKind, linesOf, mostFrequent, passes, scoreOf, verdictOf, wordCount, type Candidate, type Case, type Change, type Score } from './search.ts';
import { answerCalls, splitOf } from './sizes.ts';
import { strategyItems } from './strategies.ts';

const cases: Case[] = Array.from({ length: 10 }, (_, index) => ({ id: `case${index + 1}`, text: `text ${index}`, expected: `v${index}` }));
const score = (right: boolean[]): Score => ({ answers: right.map((is, at) => (is ? `v${at}` : 'no')), right, hits: right.filter(Boolean).length, n: right.length });
const change = (rule: string, line = 0): Change => ({ strategy: 'Fix the form', hypothesis: 'because', rule, removes_line: line });
const candidate = (hits: number, prompt = 'p', number = 1): Candidate => ({ round: 1, number, change: change('x'), prompt, score: score(Array.from({ length: 10 }, (_, at) => at < hits)), kept: false });

describe('the split', () => {
  it('every example is in one part, the held back ones are as many as asked and spread', () => {
    fc.assert(fc.property(fc.integer({ min: 4, max: 40 }), fc.integer({ min: 20, max: 50 }), (count, percent) => {
      const { dev, holdout } = splitOf(count, percent, 'full');
      expect([...dev, ...holdout].toSorted((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, index) => index));
      expect(holdout).toHaveLength(Math.min(count - 2, Math.max(1, Math.round((count * percent) / 100))));
      for (let at = 1; at < holdout.length; at += 1) expect((holdout[at] ?? 0) - (holdout[at - 1] ?? 0)).toBeLessThanOrEqual(Math.ceil(count / holdout.length));
    }));
  });

  it('a Test holds nothing back', () => { expect(splitOf(12, 33, 'test')).toEqual({ dev: [0, 1, 2], holdout: [] }); });

  it('the plan covers baseline and final check, and the budget cuts only the search', () => {
    fc.assert(fc.property(fc.record({ cases: fc.integer({ min: 4, max: 40 }), holdoutPercent: fc.integer({ min: 20, max: 50 }), rounds: fc.integer({ min: 1, max: 4 }), candidates: fc.integer({ min: 1, max: 4 }), calls: fc.integer({ min: 20, max: 300 }) }), (budget) => {
      const { dev, holdout } = splitOf(budget.cases, budget.holdoutPercent, 'full');
      const calls = answerCalls(budget, 'full');
      expect(calls).toBeGreaterThanOrEqual(dev.length + 2 * holdout.length);
      expect(calls).toBeLessThanOrEqual(Math.max(budget.calls, dev.length + 2 * holdout.length));
    }));
    expect(answerCalls({ cases: 12, holdoutPercent: 33, rounds: 4, candidates: 4, calls: 300 }, 'test')).toBe(6);
  });
});

describe('changes', () => {
  it('a line goes, a rule comes', () => {
    expect(changed('one\ntwo', change('three', 1), '')).toBe('two\nthree');
    expect(changed('one\ntwo', change(' three\n four '), '')).toBe('one\ntwo\nthree four');
    expect(changed('one', change('two', 1), '')).toBe('one\ntwo');
    expect(changed('one\ntwo', change('two'), '')).toBe('one\ntwo');
  });

  it('what has to stay stays, whatever the change', () => {
    fc.assert(fc.property(fc.array(fc.stringMatching(/^[a-z]{3,8}$/), { minLength: 1, maxLength: 5 }), fc.string({ maxLength: 60 }), fc.integer({ min: 0, max: 8 }), (lines, rule, line) => {
      const kept = 'This stays here.';
      const next = changed([...lines, kept].join('\n'), change(rule, line), kept);
      expect(next).toContain(kept);
      expect(linesOf(next).length).toBeGreaterThan(0);
    }));
  });

  it('each kind gives another rule the next round, and an example only from a case that failed', () => {
    const [first] = strategyItems(['limit'], 1, undefined);
    expect(strategyItems(['limit'], 2, undefined)[0]?.text).not.toBe(first?.text);
    expect(strategyItems(['example'], 1, undefined)).toEqual([]);
    expect(strategyItems(['example'], 1, cases[3])[0]?.text).toContain('v3');
    expect(strategyItems(['evidence', 'limit'], 1, undefined, 'too long').map(({ id }) => id)).toEqual(['limit', 'evidence']);
    expect(mostFrequent(['empty', 'too long', 'too long'])).toBe('too long');
    expect(mostFrequent([])).toBeUndefined();
  });
});

describe('scores', () => {
  it('an answer that is right but too long does not pass, and is told apart', () => {
    const check = { metric: 'contains' as const, maxWords: 3 };
    expect(passes(check, 'the v1', 'v1')).toBe(true);
    expect(passes(check, 'the long long v1', 'v1')).toBe(false);
    expect(failureKind(check, 'the long long v1', 'v1')).toBe('too long');
    expect(failureKind(check, 'nothing', 'v1')).toBe('wrong or missing');
    expect(failureKind(check, ' ', 'v1')).toBe('empty');
    expect(wordCount('Pay INV-1 now. [case1]')).toBe(3);
    expect(scoreOf(check, cases, ['v0', 'no']).right.slice(0, 3)).toEqual([true, false, false]);
  });

  it('no change is kept that is not better; the shorter of two equals is', () => {
    const current = candidate(5);
    expect(bestOf(current, [candidate(5, 'a'), candidate(4, 'b')])).toBe(current);
    expect(bestOf(current, [candidate(7, 'long prompt', 1), candidate(7, 'short', 2), candidate(6, 'x', 3)]).prompt).toBe('short');
  });

  it('gains and losses add up to the difference', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.boolean(), fc.boolean()), { minLength: 1, maxLength: 30 }), (pairs) => {
      const result = compare(score(pairs.map(([before]) => before)), score(pairs.map(([, after]) => after)));
      expect(result.after - result.before).toBe(result.gained - result.lost);
      expect(result.p).toBeGreaterThan(0);
      expect(result.p).toBeLessThanOrEqual(1);
    }));
    // Ten gains and no loss: 2 · 0.5¹⁰.
    expect(compare(score(Array.from({ length: 10 }, () => false)), score(Array.from({ length: 10 }, () => true))).p).toBeCloseTo(2 / 1024, 12);
  });

  it('a gain has to hold on what was held back', () => {
    const held = (before: number, after: number) => compare(candidate(before).score, candidate(after).score);
    expect(verdictOf(true, held(0, 10))).toBe('adopt');
    expect(verdictOf(true, held(5, 7))).toBe('promising');
    expect(verdictOf(true, held(5, 5))).toBe('keep_start');
    expect(verdictOf(true, held(7, 5))).toBe('keep_start');
    expect(verdictOf(true, null)).toBe('promising');
    expect(verdictOf(false, null)).toBe('no_gain');
  });
});

describe('the files', () => {
  const input = promptOptimiserDefinition.input.parse(promptOptimiserDefinition.presets[0]?.inputs);
  const start: Candidate = { ...candidate(2, 'start ```prompt```'), round: 0, number: 0, change: null, kept: true };
  const better: Candidate = { ...candidate(9, 'better'), kept: true };

  it('hand over the winner, or the start when the gain did not hold', () => {
    const draft = { ...newDraft(), dev: cases, holdout: cases.slice(0, 4), tries: [start, better], best: better, calls: 28 };
    const held = (before: number, after: number) => { const [b, a] = [score([0, 1, 2, 3].map((at) => at < before)), score([0, 1, 2, 3].map((at) => at < after))]; return { before: b, after: a, comparison: compare(b, a) }; };
    const promptOf = (given: typeof draft) => (JSON.parse(assembleFiles({ provider: 'demo' }, input, given, 'full', null)[2]?.content ?? '{}') as { prompt: string; must_pass: string[]; cases: unknown[] });
    const good = { ...draft, held: held(1, 3) };
    expect(promptOf(good)).toMatchObject({ prompt: 'better', cases: { length: 14 }, must_pass: { length: 12 } });
    const bad = { ...draft, held: held(3, 3) };
    expect(promptOf(bad)).toMatchObject({ prompt: 'start ```prompt```', must_pass: { length: 5 } });
    expect(verdictSentence(bad)).toContain('Keep your prompt');
    expect(assembleFiles({ provider: 'demo' }, input, bad, 'full', null)[0]?.content).toContain('````text\nstart ```prompt```\n````');
  });

  it('nothing was scored: no files', () => { expect(assembleFiles({ provider: 'demo' }, input, newDraft(), 'test', null)).toEqual([]); });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TEST_CAPS } from '#contracts/limits';
import { expectFormat } from '#test/support/artifact-formats';
import { legalInputs } from '#test/support/legal-inputs';
import { paperSections } from '#test/support/paper-sections';
import { estimateInputTokens } from '../../stages/envelope.ts';
import { checklistScores, checkPaper, gapText, ITEMS, openFor } from './checklist.ts';
import { mockReviewPanelDefinition as definition, type MockReviewPanelInput } from './definition.ts';
import { allActions, assembleFiles, newDraft } from './files.ts';
import { actionsOf, median, recommend, standings, type Review } from './panel.ts';
import { fitted, standsIn } from '../../steps/paper-text.ts';
import { crossPrompt, metaPrompt, reviewPrompt } from './prompts.ts';
import { CACHE_PAPER, DATASET_PAPER } from './samples.ts';
import { CRITERIA, KINDS, SIZES } from './sizes.ts';

const input = definition.input.parse(definition.presets[0]?.inputs);
const scores = fc.record({ soundness: fc.integer({ min: 1, max: 5 }), clarity: fc.integer({ min: 1, max: 5 }), reproducibility: fc.integer({ min: 1, max: 5 }), significance: fc.integer({ min: 1, max: 5 }) });
const reviewOf = (role: Review['role'], own: Review['scores'], problem = 'The baseline was not tuned with the same budget as the method'): Review => ({ role, summary: 'A cache.', strength: 'Clear', points: [{ source_id: 'm1', evidence_quote: 'a cache', problem, remedy: 'Tune both.', proven: true }], scores: own, confidence: 3 });

describe('sections', () => {
  it('Markdown, LaTeX, numbers and plain names; references stay out', () => {
    expect(paperSections(CACHE_PAPER).map(({ title }) => title)).toEqual(['Abstract', '1 Introduction', '2 Method', '3 Experiments', '4 Discussion', '5 Conclusion']);
    expect(paperSections('\\section{Method}\nWe do.\n2 Results\nIt works.\nLimitations\nNone.\nReferences\n[1] A').map(({ title }) => title)).toEqual(['Method', '2 Results', 'Limitations']);
    expect(paperSections(Array.from({ length: 40 }, (_, index) => `Paragraph ${index} ${'and so on '.repeat(30)}`).join('\n\n')).length).toBeGreaterThan(1);
  });

  it('fit into the characters given, short ones whole', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 3000 }), { maxLength: 20 }), fc.integer({ min: 0, max: 5000 }), (lengths, most) => {
      const items = lengths.map((length, index) => ({ id: `m${index}`, title: '', url: null, text: 'x'.repeat(length) }));
      const found = fitted(items, 16, most);
      expect(found.reduce((sum, { text }) => sum + text.length, 0)).toBeLessThanOrEqual(most);
      if (lengths.slice(0, 16).reduce((sum, length) => sum + length, 0) <= most) expect(found).toEqual(items.slice(0, 16));
    }));
    expect(standsIn('The CACHE  maps a tool', 'xx the cache maps a tool yy')).toBe(true);
    expect(standsIn('made up words', CACHE_PAPER)).toBe(false);
  });
});

describe('checklist', () => {
  it('sees what the first draft leaves out, and what it only promises', () => {
    const gaps = checkPaper(paperSections(CACHE_PAPER), 'empirical');
    const states = Object.fromEntries(gaps.map(({ item, state }) => [item.id, state]));
    expect(states).toMatchObject({ claim: 'stated', baseline: 'stated', size: 'stated', effect: 'stated', variation: 'not_found', test: 'not_found', seeds: 'not_found', ablation: 'not_found', limits: 'not_found', failures: 'later' });
    expect(checkPaper(paperSections(DATASET_PAPER), 'dataset').find(({ item }) => item.id === 'limits')).toMatchObject({ state: 'stated', section: '5 Limitations' });
    expect(openFor('methodologist', gaps).map(({ item }) => item.id)).toEqual(['split', 'variation', 'test', 'seeds']);
    expect(openFor('newcomer', gaps).map(({ item }) => item.id)).toEqual(['seeds', 'code', 'compute', 'data']);
    expect(gapText(gaps.find(({ item }) => item.id === 'code') as (typeof gaps)[number], 6)).toContain('found only “Code will be released after publication”.');
  });

  it('every kind has items for every criterion or says so, and scores stay in 1 to 5', () => {
    for (const kind of KINDS) for (const [criterion, score] of Object.entries(checklistScores(checkPaper([{ title: 'x', text: CACHE_PAPER }], kind)))) {
      const own = ITEMS.some(({ kinds, criterion: of }) => of === criterion && (kinds === 'all' || kinds.includes(kind)));
      expect(score === null).toBe(!own);
      if (score !== null) { expect(score).toBeGreaterThanOrEqual(1); expect(score).toBeLessThanOrEqual(5); }
    }
  });
});

describe('the panel', () => {
  it('median and spread, counted another way', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 7 }), (values) => {
      const below = values.filter((value) => value < median(values)).length;
      const above = values.filter((value) => value > median(values)).length;
      expect(Math.max(below, above) * 2).toBeLessThanOrEqual(values.length);
    }));
    fc.assert(fc.property(fc.array(scores, { minLength: 1, maxLength: 5 }), (all) => {
      for (const row of standings(all.map((own) => reviewOf('sceptic', own)))) {
        expect(row.low).toBeLessThanOrEqual(row.median);
        expect(row.median).toBeLessThanOrEqual(row.high);
        expect(row.disputed).toBe(row.high - row.low > 1);
      }
    }));
  });

  it('a stricter bar never recommends more, and the weakest criterion decides', () => {
    const rank = { reject: 0, revise: 1, accept: 2 };
    fc.assert(fc.property(fc.array(scores, { minLength: 1, maxLength: 5 }), (all) => {
      const reviews = all.map((own) => reviewOf('sceptic', own));
      const [lenient, usual, strict] = (['lenient', 'usual', 'strict'] as const).map((bar) => rank[recommend(reviews, bar).recommendation]);
      expect(lenient).toBeGreaterThanOrEqual(usual ?? 0);
      expect(usual).toBeGreaterThanOrEqual(strict ?? 0);
    }));
    expect(recommend([reviewOf('sceptic', { soundness: 5, clarity: 5, reproducibility: 1, significance: 5 })], 'usual')).toMatchObject({ recommendation: 'reject', reason: expect.stringContaining('reproducibility') as unknown });
  });

  it('a point that two raised comes first, as one action', () => {
    const even = Object.fromEntries(CRITERIA.map((criterion) => [criterion, 3])) as Review['scores'];
    const actions = actionsOf([reviewOf('sceptic', even), reviewOf('newcomer', even, 'The method was tuned but the baseline was not, with the same budget')], [{ role: 'sceptic', problem: 'The baseline was not tuned with the same budget as the method', answer: 'It was.', verdict: 'stated', evidence: 'We tuned both.' }], checkPaper(paperSections(CACHE_PAPER), 'empirical'), () => 'Method');
    expect(actions[0]).toMatchObject({ priority: 1, raisedBy: ['sceptic', 'newcomer'] });
    expect(actions.filter(({ kind }) => kind === 'major point')).toHaveLength(1);
    expect(actions[0]?.action).toContain('“We tuned both”');
    expect(actions.map(({ priority }) => priority)).toEqual(actions.map(({ priority }) => priority).toSorted((a, b) => a - b));
  });
});

describe('files and prompts', () => {
  it('are well-formed, also with hostile text', () => {
    const draft = { ...newDraft(), title: 'A | b\n# c', sections: paperSections(CACHE_PAPER), gaps: checkPaper(paperSections(CACHE_PAPER), 'empirical'), meta: 'So [m1].\n# Up', rebuttal: 'We agree.', reviews: [reviewOf('sceptic', { soundness: 2, clarity: 4, reproducibility: 2, significance: 3 }, '=1+1|\n# x')], answered: [] };
    const files = assembleFiles({ provider: 'demo' }, input, draft, 'full', null);
    expect(files.map(({ fileName }) => fileName)).toEqual(['reviews.md', 'actions.csv', 'rebuttal.md', 'checklist.csv', 'scores.svg']);
    for (const file of files) expectFormat(file.fileName, file.content);
    expect(files[0]?.content.match(/^# /gm)).toHaveLength(1);
    expect(allActions(draft).length).toBe(1 + draft.gaps.filter(({ state }) => state !== 'stated').length);
    expect(assembleFiles({ provider: 'demo' }, input, newDraft(), 'test', null)).toEqual([]);
  });

  it('of a Test fit into the plan, whatever the inputs', () => {
    fc.assert(fc.property(legalInputs(definition), fc.string({ unit: 'grapheme', maxLength: 1200 }), (legal, text) => {
      const run = legal as MockReviewPanelInput;
      const item = (id: string) => ({ id, title: text, url: null, text: `${text}${run.paper_text}` });
      const sections = [item('m1'), item('m2'), item('m3')];
      const tokens = (prompt: { messages: Parameters<typeof estimateInputTokens>[0] }) => estimateInputTokens(prompt.messages);
      const hints = checklistScores(checkPaper(paperSections(run.paper_text), run.paper_kind));
      expect(tokens(reviewPrompt(run, run.reviewers[0] ?? 'sceptic', { sections, open: [item('m4'), item('m8'), item('m9')] }, hints, 'test', 'researcher'))).toBeLessThanOrEqual(SIZES.review.input[0]);
      expect(tokens(crossPrompt(text, sections, 'test', 'researcher'))).toBeLessThanOrEqual(SIZES.cross.input[0]);
      expect(tokens(metaPrompt('Revise before sending: the weakest criterion, reproducibility, has a median of 1.5 where this bar asks for 3.5.', [item('m6'), item('m7')], 'test', 'researcher'))).toBeLessThanOrEqual(SIZES.meta.input[0]);
    }));
    expect(SIZES.review.input[0] + SIZES.cross.input[0] + SIZES.meta.input[0]).toBeLessThanOrEqual(TEST_CAPS.inputTokens);
  });
});

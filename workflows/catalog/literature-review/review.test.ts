import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseBibtex } from '#contracts/bibtex';
import { TEST_CAPS } from '#contracts/limits';
import { expectFormat } from '#test/support/artifact-formats';
import { legalInputs } from '#test/support/legal-inputs';
import { estimateInputTokens } from '../../stages/envelope.ts';
import { literatureReviewDefinition as definition, type LiteratureReviewInput } from './definition.ts';
import { assembleFiles, fateOf, flowOf, includedOf, newDraft } from './files.ts';
import { belongsTo, quotationsIn } from './full-text.ts';
import { choose, dedupe, fromBibtex, fromRows, fromTable, nearness, refsBib, type Found } from './papers.ts';
import { extractPrompt, queriesPrompt, screenPrompt, synthesisPrompt } from './prompts.ts';
import { FEEDBACK_BIB, FEEDBACK_PAPERS, FEEDBACK_QUESTION } from './samples.ts';
import { agreementOf, DECISIONS, grounded, idsIn, outcomeOf, type Screening } from './screening.ts';
import { SIZES } from './sizes.ts';

const input = definition.input.parse(definition.presets[0]?.inputs);
const records = [...fromTable(FEEDBACK_PAPERS), ...fromBibtex(FEEDBACK_BIB).found];
const voice = fc.record({ decision: fc.constantFrom(...DECISIONS), evidence: fc.constant('') });
const screenings = fc.array(fc.record({ paper: fc.constant('p1'), first: voice, second: voice }), { maxLength: 40 });

describe('records', () => {
  it('of the first preset: one duplicate by its arXiv number, one outside the years, the rest ranked', () => {
    const { papers, duplicates } = dedupe(records);
    expect([records.length, duplicates]).toEqual([9, 1]);
    expect(papers.find(({ title }) => title.startsWith('ReAct'))).toMatchObject({ arxiv: '2210.03629', year: 2022, from: ['table', 'bibtex'] });
    const chosen = choose(papers, { ...input, most: 3 });
    expect(chosen.outsideYears.map(({ year }) => year)).toEqual([2002]);
    expect(chosen.screened[0]?.title).toContain('Reflexion');
    expect(chosen.screened.length + chosen.overLimit.length + chosen.outsideYears.length + duplicates).toBe(records.length);
  });

  it('every record is in exactly one place, whatever comes', () => {
    const record = fc.record({ title: fc.constantFrom('A study of zebra stripes', 'Another study of stripes', 'Migration of birds in winter'), year: fc.option(fc.integer({ min: 1990, max: 2030 })), doi: fc.constantFrom('', '10.1/a', '10.1/b') }).map(({ title, year, doi }): Found => ({ title, authors: [], year, venue: '', doi, arxiv: '', abstract: '', url: '', from: ['table'], retracted: null }));
    fc.assert(fc.property(fc.array(record, { maxLength: 30 }), fc.integer({ min: 1, max: 20 }), (found, most) => {
      const { papers, duplicates } = dedupe(found);
      const { screened, overLimit, outsideYears } = choose(papers, { question: 'zebra stripes', from_year: 2000, to_year: 2020, most });
      expect(duplicates + screened.length + overLimit.length + outsideYears.length).toBe(found.length);
      expect(screened.length).toBeLessThanOrEqual(most);
    }));
  });

  it('columns of a file are found by their names', () => {
    expect(fromRows({ columns: [{ name: 'Title', type: 'VARCHAR' }, { name: 'Publication Year', type: 'BIGINT' }, { name: 'DOI', type: 'VARCHAR' }], rows: [['A paper', 2020, 'https://doi.org/10.1234/AB'], [null, 2021, null]], row_count: 2, truncated: false })).toMatchObject([{ title: 'A paper', year: 2020, doi: '10.1234/ab', from: ['file'] }]);
    expect(nearness(FEEDBACK_QUESTION, { title: 'Zebras', abstract: '' })).toBe(0);
  });
});

describe('screening', () => {
  it('agreement and kappa, counted again another way', () => {
    fc.assert(fc.property(screenings, (all) => {
      const { papers, same, share, kappa } = agreementOf(all);
      expect(same).toBe(papers - all.filter(({ first, second }) => first.decision !== second.decision).length);
      if (papers === 0) return;
      const table = DECISIONS.map((a) => DECISIONS.map((b) => all.filter(({ first, second }) => first.decision === a && second.decision === b).length / papers));
      const rows = table.map((row) => row.reduce((sum, cell) => sum + cell, 0));
      const columns = DECISIONS.map((_name, at) => table.reduce((sum, row) => sum + (row[at] ?? 0), 0));
      const observed = DECISIONS.reduce((sum, _name, at) => sum + (table[at]?.[at] ?? 0), 0);
      const expected = rows.reduce((sum, row, at) => sum + row * (columns[at] ?? 0), 0);
      expect(share).toBeCloseTo(observed, 10);
      if (kappa !== null) expect(kappa).toBeCloseTo((observed - expected) / (1 - expected), 6);
    }));
  });

  it('only two sure voices of one mind decide', () => {
    const of = (first: Screening['first']['decision'], second: Screening['first']['decision']) => outcomeOf({ paper: 'p1', first: { decision: first, evidence: '' }, second: { decision: second, evidence: '' } });
    expect([of('include', 'include'), of('exclude', 'exclude'), of('unclear', 'unclear'), of('include', 'exclude')]).toEqual(['include', 'exclude', 'split', 'split']);
    expect(idsIn('P3 and p7, not p9', ['p3', 'p7'])).toEqual(['p3', 'p7']);
    expect(grounded('The method improves accuracy', 'this method improved the accuracy')).toBe(1);
    expect(grounded('Zebras', 'this method')).toBe(0);
  });
});

describe('files', () => {
  const { papers, duplicates } = dedupe(records);
  const chosen = choose(papers, { ...input, most: 5 });
  const draft = { ...newDraft(), records: records.length, duplicates, chosen, synthesis: 'All improve [m1].\n# No', queries: ['a "query"'], identified: { table: 5, bibtex: 4 },
    screenings: chosen.screened.map((paper, index): Screening => ({ paper: paper.id, first: { decision: index === 0 ? 'exclude' : 'include', evidence: '' }, second: { decision: index < 2 ? 'exclude' : 'include', evidence: '' } })) };

  it('are well-formed, and the flow adds up', () => {
    const files = assembleFiles({ provider: 'demo' }, input, draft, 'full', null);
    expect(files.map(({ fileName }) => fileName)).toEqual(['review.md', 'included.csv', 'screening.csv', 'refs.bib', 'flow.json', 'flow.svg']);
    for (const file of files) expectFormat(file.fileName, file.content);
    const flow = flowOf(draft);
    expect(flow['records']).toBe((flow['duplicates'] ?? 0) + (flow['outside_years'] ?? 0) + (flow['over_limit'] ?? 0) + (flow['screened'] ?? 0));
    expect(flow['screened']).toBe((flow['included'] ?? 0) + (flow['excluded'] ?? 0) + (flow['undecided'] ?? 0));
    expect(flow).toMatchObject({ split: 1, undecided: 1, included: 3, excluded: 1 });
    expect(chosen.screened.map((paper) => fateOf(draft, paper))).toEqual(['exclude', 'split', 'include', 'include', 'include']);
    expect(parseBibtex(refsBib(includedOf(draft)))).toMatchObject({ problems: [], entries: { length: 3 } });
  });

  it('nothing from nothing', () => {
    expect(assembleFiles({ provider: 'demo' }, input, newDraft(), 'test', null)).toEqual([]);
  });
});

describe('prompts of a Test', () => {
  it('fit into the plan, whatever the inputs', () => {
    const long = (text: string) => ({ ...(dedupe(records).papers[0] as ReturnType<typeof dedupe>['papers'][number]), title: text, abstract: text.repeat(3) });
    fc.assert(fc.property(legalInputs(definition), fc.string({ unit: 'grapheme', maxLength: 900 }), (legal, text) => {
      const run = legal as LiteratureReviewInput;
      const material = [{ id: 'm1', title: text, url: null, text }, { id: 'm2', title: text, url: null, text }];
      const tokens = (prompt: { messages: Parameters<typeof estimateInputTokens>[0] }) => estimateInputTokens(prompt.messages);
      expect(tokens(queriesPrompt(run, 'test', 'researcher'))).toBeLessThanOrEqual(SIZES.queries.input[0]);
      expect(tokens(screenPrompt(run, long(text), 'first', 'test', 'researcher'))).toBeLessThanOrEqual(SIZES.screen.input[0]);
      expect(tokens(screenPrompt(run, long(text), 'second', 'test', 'researcher'))).toBeLessThanOrEqual(SIZES.screen.input[0]);
      expect(tokens(extractPrompt(run, long(text), 'test', 'researcher'))).toBeLessThanOrEqual(SIZES.extract.input[0]);
      expect(tokens(synthesisPrompt(run, material, 'test', 'researcher'))).toBeLessThanOrEqual(SIZES.synthesis.input[0]);
    }));
    expect(SIZES.queries.input[0] + 6 * SIZES.screen.input[0] + SIZES.extract.input[0] + SIZES.synthesis.input[0]).toBeLessThanOrEqual(TEST_CAPS.inputTokens);
  });
});

describe('full texts and quotations', () => {
  const paper = { title: 'Self-Refine: Iterative Refinement with Self-Feedback', doi: '10.48550/arxiv.2303.17651', arxiv: '2303.17651' };
  const text = (begin: string) => [{ title: 'Beginning', text: begin }];

  it('a text is a paper by DOI, number or whole title at its beginning, and by nothing less', () => {
    expect(belongsTo(paper, 'https://arxiv.org/pdf/2303.17651', text('Some words'))).toBe(true);
    expect(belongsTo(paper, 'paper.pdf', text('SELF-REFINE:\nIterative refinement\nwith self-feedback. Madaan et al.'))).toBe(true);
    expect(belongsTo(paper, 'paper.pdf', text('A survey of refinement'))).toBe(false);
    expect(belongsTo(paper, 'paper.pdf', text(`${'x'.repeat(4000)} 2303.17651`))).toBe(false);
    expect(belongsTo({ title: 'Tools', doi: '', arxiv: '' }, 'a.pdf', text('Tools and agents'))).toBe(false);
  });

  it('only quotations of a sentence\'s length are held against the texts', () => {
    expect(quotationsIn('They call it "planning", and say “the agent plans every step before it acts” [m1].')).toEqual(['the agent plans every step before it acts']);
  });
});

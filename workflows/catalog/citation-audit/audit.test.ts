import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseBibtex } from '#contracts/bibtex';
import { expectFormat } from '#test/support/artifact-formats';
import { legalInputs } from '#test/support/legal-inputs';
import { estimateInputTokens } from '../../stages/envelope.ts';
import { lookupFindings, lookupOf, provenVerdict, supportFindings } from './audit.ts';
import { claimsOf, figuresOf, holdsFigure, passagesFor } from './claims.ts';
import { bibFile, correct, secondPass } from './corrections.ts';
import { citationAuditDefinition as definition } from './definition.ts';
import { assembleFiles, countsOf, findingsOf, isReady, newDraft } from './files.ts';
import { summaryPrompt, supportPrompt } from './prompts.ts';
import { checkEntry, checkTogether } from './references.ts';
import { THESIS_BIB, THESIS_DRAFT, TRANSFORMER_BIB, TRANSFORMER_DRAFT } from './samples.ts';
import { SIZES } from './sizes.ts';

const entriesOf = (bib: string) => parseBibtex(bib).entries;
const keysOf = (bib: string) => new Set(entriesOf(bib).map(({ key }) => key));
const codes = (found: readonly { code: string }[]) => found.map(({ code }) => code);

describe('claims of a draft', () => {
  it('LaTeX: sentences with keys, quotations, figures and the line they begin on', () => {
    const { claims, bare } = claimsOf(TRANSFORMER_DRAFT, keysOf(TRANSFORMER_BIB));
    expect(claims.map(({ line, keys }) => [line, keys.join()])).toEqual([[2, 'vaswani2017attention'], [3, 'vaswani2017attention'], [4, 'vaswani2017attention'], [6, 'devlin2019bert'], [6, 'devlin2019bert'], [8, 'yao2023react,yao2022react'], [10, 'hu2021lora'], [11, 'lewis2020rag']]);
    expect(claims[0]?.quotes).toEqual(['based solely on attention mechanisms, dispensing with recurrence and convolutions entirely']);
    expect(claims[1]?.figures).toEqual(['28.4']);
    expect(claims[3]?.figures).toEqual(['80.5%']);
    expect(bare).toMatchObject([{ line: 11, figures: ['17.5%'] }]);
  });

  it('Pandoc and brackets; numbers in brackets name nobody', () => {
    const read = claimsOf(`${THESIS_DRAFT}\nAs @koehn2004significance shows [zhang2020bertscore]. See [3, 4].`, keysOf(THESIS_BIB));
    expect(read.claims.map(({ keys }) => keys)).toEqual([['papineni2002bleu'], ['lin2004rouge', 'lin2004rougepackage'], ['zhang2020bertscore'], ['koehn2004significance'], ['zhang2020bertscore']]);
    expect(read.numbered).toEqual(['[3, 4]']);
  });

  it('never throws, and each line exists', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (text) => {
      const read = claimsOf(`${text} \\cite{a}. More [@b].`, new Set(['a']));
      for (const { line } of [...read.claims, ...read.bare]) expect(line).toBeLessThanOrEqual(text.split('\n').length + 1);
    }));
  });

  it('figures: years and small counts are none; thousands and per cent are compared by value', () => {
    expect(figuresOf('In 2017 three models with 12 layers had 1,000 steps and 80.5% accuracy')).toEqual(['1,000', '80.5%']);
    fc.assert(fc.property(fc.integer({ min: 13, max: 999_999 }), (value) => { expect(holdsFigure(`about ${value.toLocaleString('en-US')} of them`, String(value))).toBe(true); expect(holdsFigure(`about ${value + 1} of them`, String(value))).toBe(false); }));
  });

  it('passages keep to the limit and hold the best sentence', () => {
    const text = `${'Unrelated filler sentence here. '.repeat(50)}The zebra migrates in winter. ${'Other filler text. '.repeat(50)}`;
    fc.assert(fc.property(fc.integer({ min: 60, max: 2000 }), (most) => { const found = passagesFor('zebra migrates', text, most); expect(found.length).toBeLessThanOrEqual(most); expect(found).toContain('The zebra migrates in winter.'); }));
  });
});

describe('findings', () => {
  it('the planted faults of the first preset are all found, without asking anybody', () => {
    const entries = entriesOf(TRANSFORMER_BIB);
    const found = [...checkTogether(entries, claimsOf(TRANSFORMER_DRAFT, keysOf(TRANSFORMER_BIB)).claims), ...entries.flatMap(checkEntry)].map(({ key, code }) => `${key} ${code}`);
    expect(found.sort()).toEqual(['brown2020gpt3 never_cited', 'brown2020gpt3 no_identifier', 'devlin2019bert doi_form', 'devlin2019bert pages_reversed', 'hu2021lora doi_malformed', 'hu2021lora no_identifier', 'hu2021lora placeholder', 'lewis2020rag key_missing', 'yao2022react work_twice', 'yao2023react et_al', 'yao2023react year_before_preprint']);
  });

  it('what registries and sources say weighs as it should; a reading without its passage does not count', () => {
    const gone = lookupFindings([lookupOf('a', 'empty', { exists: 'no', resolved_by: null, paper: null, retracted: null, mismatches: [], title_similarity: null }, 1)]);
    expect(gone).toMatchObject([{ severity: 'critical', code: 'does_not_exist' }]);
    expect(lookupFindings([lookupOf('a', 'unavailable', undefined, 1)])).toEqual([]);
    expect(provenVerdict('supports', false)).toBe('unproven');
    expect(codes(supportFindings([{ claim: 'c1', key: 'a', verdict: 'unproven', passage: '', reason: '', quotes: [{ quote: 'never said so', match: 'none', similarity: 0.2 }], missing: ['43.9'] }]))).toEqual(['quote_not_found', 'figure_not_found', 'unproven']);
  });
});

describe('fixed.bib', () => {
  it('reads back whole, keeps what it may not change, and says each change', () => {
    const entries = entriesOf(TRANSFORMER_BIB);
    const corrected = correct(entries, [], new Set(), ['form', 'duplicates']);
    expect(corrected.replaced).toEqual([{ from: 'yao2022react', to: 'yao2023react' }]);
    expect(corrected.changes.find(({ key, field }) => key === 'devlin2019bert' && field === 'doi')).toMatchObject({ after: '10.18653/v1/n19-1423' });
    const again = secondPass(entries, corrected);
    expect(again.readable).toBe(true);
    expect(again.after).toBeLessThan(again.before);
    expect(entriesOf(bibFile(corrected, true)).map(({ key }) => key)).toEqual(['vaswani2017attention', 'devlin2019bert', 'yao2023react', 'hu2021lora', 'brown2020gpt3']);
    expect(correct(entries, [], new Set(), []).entries).toEqual(entries);
  });

  it('takes over a registry only for the same paper', () => {
    const [entry] = entriesOf('@article{a, title={A study of things}, author={Doe, J.}, year={2020}, journal={J}}');
    const data = (similarity: number) => lookupOf('a', 'ok', { exists: 'yes', resolved_by: 'crossref', retracted: false, title_similarity: similarity, mismatches: [{ field: 'year', given: '2020', found: '2019' }], paper: { title: 'A study of things', authors: ['Jane Doe'], year: 2019, venue: 'J', doi: '10.1/x', arxiv: null, abstract: null } }, 1);
    expect(correct(entry ? [entry] : [], [data(1)], new Set(['a']), ['registry']).entries[0]?.fields).toMatchObject({ year: '2019', doi: '10.1/x' });
    expect(correct(entry ? [entry] : [], [data(0.4)], new Set(['a']), ['registry']).changes).toEqual([]);
  });
});

describe('files and prompts', () => {
  const input = definition.input.parse(definition.presets[0]?.inputs);
  const entries = entriesOf(TRANSFORMER_BIB);
  const draft = { ...newDraft(), bib: TRANSFORMER_BIB, entries, looked: entries, read: claimsOf(TRANSFORMER_DRAFT, keysOf(TRANSFORMER_BIB)), advice: 'Repair |this|.\n# Now' };

  it('all are well-formed, counts agree with the findings', () => {
    const files = assembleFiles({ provider: 'demo' }, input, draft, 'full', null);
    expect(files.map(({ fileName }) => fileName)).toEqual(['report.md', 'audit.csv', 'claims.csv', 'fixed.bib', 'severity.svg']);
    for (const file of files) expectFormat(file.fileName, file.content);
    const findings = findingsOf(input, draft);
    expect(Object.values(countsOf(findings)).reduce((sum, count) => sum + count, 0)).toBe(findings.length);
    expect(isReady(input, findings)).toBe(false);
    expect(files[0]?.content).toContain('## Recommended next steps');
  });

  it('leaves nothing when nothing was done, and says what could not be read', () => {
    expect(assembleFiles({ provider: 'demo' }, input, newDraft(), 'test', null)).toEqual([]);
    expect(assembleFiles({ provider: 'demo' }, input, { ...newDraft(), trouble: ['A file could not be read: away'] }, 'test', 'Stopped.')[0]?.content).toContain('away');
  });

  it('a Test fits into what the plan says, whatever the inputs', () => {
    fc.assert(fc.property(legalInputs(definition), fc.string({ unit: 'grapheme', maxLength: 3000 }), (legal, text) => {
      const support = supportPrompt({ text: legal.draft_text as string }, text, { id: 'm9', text: `${text} ${legal.bib_text as string}` }, 'test', 'researcher');
      const summary = summaryPrompt('Not ready.', Array.from({ length: 2 }, (_, index) => ({ id: `m${index}`, title: text, url: null, text: text + text })), 'test', 'researcher');
      expect(estimateInputTokens(support.messages)).toBeLessThanOrEqual(SIZES.support.input[0]);
      expect(estimateInputTokens(summary.messages)).toBeLessThanOrEqual(SIZES.summary.input[0]);
    }));
  });
});

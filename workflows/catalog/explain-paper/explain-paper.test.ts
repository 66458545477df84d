import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TEST_CAPS } from '#contracts/limits';
import { expectFormat } from '#test/support/artifact-formats';
import { legalInputs } from '#test/support/legal-inputs';
import { estimateInputTokens } from '../../stages/envelope.ts';
import { figuresNotIn } from '../../steps/figures-not-in.ts';
import { addSections, sectionsOf } from '../../steps/document-input.ts';
import { explainPaperDefinition as definition, type ExplainPaperInput } from './definition.ts';
import { assembleFiles, materialFor, newDraft, roleOf, termMaterial, type Draft } from './files.ts';
import { claimsPrompt, explainPrompt, glossaryPrompt, mapPrompt, selfTestPrompt } from './prompts.ts';
import { captionsOf, termsOf } from './reading.ts';
import { LAB_REPORT } from './samples.ts';
import { termCount } from './sizes.ts';

const input = definition.input.parse(definition.presets[0]?.inputs);
const sections = sectionsOf([{ text: LAB_REPORT, page: null, url: null, source: 'input', title: '' }]).slice(1);
const found = { found: true, match: 'exact', similarity: 1, sourceId: 'm1' } as const;
function draftOf(more: Partial<Draft> = {}): Draft {
  const draft = { ...newDraft(), ...more };
  draft.paper = addSections(draft.sources, 'paper', sections);
  return draft;
}

describe('what code reads in a paper', () => {
  it('captions once each, with the sentences that point at them', () => {
    const [table, figure, ...more] = captionsOf(sections.map((section) => section.text), 8);
    expect(more).toEqual([]);
    expect(table).toMatchObject({ label: 'Table 1', mentions: ['Table 1 shows that the best trained model has a context of 2.'] });
    expect(figure).toMatchObject({ label: 'Figure 1', mentions: ['In Figure 1 every point lies above the line of the letter pairs.'] });
  });

  it('terms that come back, without those that the reader knows, each with a sentence that holds it', () => {
    const terms = termsOf([LAB_REPORT, 'A GPU and a CPU.'], ['gpu', 'Letter pairs'], 12);
    expect(terms.map(({ term }) => term)).toEqual(expect.arrayContaining(['CPU', 'hidden layer', 'learning rate', 'validation loss']));
    expect(terms.map(({ term }) => term.toLowerCase())).not.toEqual(expect.arrayContaining(['gpu']));
    for (const { term, sentences } of terms) expect(sentences.join(' ').toLowerCase()).toContain(term.toLowerCase());
  });

  it('figures of a claim that its quotation does not hold, however they are written', () => {
    expect(figuresNotIn('It fell by 12 % to 1,500.', 'From 1700 it fell to 1500, by 12 percent')).toEqual([]);
    expect(figuresNotIn('It fell by 13 % in 2 runs', 'fell by 12 %')).toEqual(['13', '2']);
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 1e6 })), fc.array(fc.integer({ min: 0, max: 1e6 })), (claim, quote) => {
      expect(figuresNotIn(claim.join(' and '), quote.join(' or '))).toEqual([...new Set(claim.filter((figure) => !quote.includes(figure)))].map(String));
    }));
  });

  it('roles by heading, and material for each level from them', () => {
    const draft = draftOf();
    expect(draft.paper.map((source) => roleOf(draft, source))).toEqual(['abstract', 'problem', 'method', 'results', 'limits', 'conclusion']);
    expect(materialFor(draft, 'newcomer').map((source) => source.title)).toEqual(['Abstract', '1 Introduction', '5 Conclusion']);
    expect(materialFor({ ...draft, paper: draft.paper.slice(1, 2) }, 'practitioner')).toHaveLength(1);
  });
});

describe('files', () => {
  const claim = { quote: 'A longer context does not help', claim: 'Context does not help at 9 steps | really', kind: 'finding', support: 'Three seeds', material_id: 'm1' } as const;
  const full = () => draftOf({
    claims: [{ ...claim, lookup: found }, { ...claim, quote: '=cmd()', lookup: { found: false, match: 'none', similarity: 0.4, sourceId: null } }], explanations: [{ level: 'student', text: '# Big\nIt does not help. [m1]' }],
    captions: captionsOf([LAB_REPORT], 8), figures: [{ material_id: 'c2', shows: 'A line', reading: 'Left to right' }], terms: termsOf([LAB_REPORT], [], 3), meanings: [{ material_id: 't2', meaning: 'second' }],
    questions: [{ question: 'What?', options: ['a', 'b'], answer_index: 1, explanation: 'Because.', quote: 'A longer', material_id: 'm1', lookup: found }],
  });

  it('a whole draft gives the files, well formed, and says what was not found', () => {
    const files = assembleFiles({ provider: 'demo' }, input, full(), 'full', null);
    expect(files.map((file) => file.fileName)).toEqual(['explainer.md', 'glossary.md', 'claims.csv', 'sections.svg']);
    for (const file of files) expectFormat(file.fileName, file.content);
    const [explainer, , csv] = files.map((file) => file.content);
    expect(explainer).toContain('1 of 2 quotations stands in the text');
    expect(explainer).toContain('**not found** (likeness 40 %)');
    expect(explainer).toContain('2 claims have figures that their quotations do not hold');
    expect(explainer).toMatch(/^### Big$/m);
    expect(csv).toContain("'=cmd()");
  });

  it('an unfinished draft keeps what there is; nothing read leaves the reason', () => {
    expect(assembleFiles({ provider: 'demo' }, input, newDraft(), 'test', null)).toEqual([]);
    expect(assembleFiles({ provider: 'demo' }, input, draftOf(), 'full', 'Stopped.').map((file) => file.fileName)).toEqual(['explainer.md', 'sections.svg']);
    const [only] = assembleFiles({ provider: 'demo' }, input, { ...newDraft(), trouble: ['The upload could not be read: away'] }, 'test', null);
    expect(only?.content).toContain('The upload could not be read: away');
  });
});

it('the prompts of a Test fit its input cap for any legal input and any script', () => {
  const persona = 'student';
  fc.assert(fc.property(legalInputs(definition), fc.constantFrom('word ', '漢字かな', '<a>', 'é😀'), (legal, filler) => {
    const run = { ...legal, paper_title: filler.repeat(60), question: filler.repeat(60).slice(0, 300) } as ExplainPaperInput;
    const draft = { ...newDraft(), terms: termsOf([LAB_REPORT], [], termCount('test')).map((term) => ({ ...term, sentences: [filler.repeat(400)] })) };
    const abstract = addSections(draft.sources, 'paper', [{ title: filler.repeat(20), text: filler.repeat(3000), page: null, url: null, source: 'input' }]);
    const prompts = [mapPrompt(run, abstract, 'test', persona), claimsPrompt(run, abstract, 'test', persona), explainPrompt(run, 'newcomer', abstract, 'test', persona), glossaryPrompt(run, termMaterial(draft), 'test', persona), selfTestPrompt(run, abstract, 'test', persona)];
    expect(prompts.reduce((sum, prompt) => sum + estimateInputTokens(prompt.messages), 0)).toBeLessThanOrEqual(TEST_CAPS.inputTokens);
    const planned = definition.plan(legal as ExplainPaperInput, 'test').filter((call) => call.kind === 'model');
    for (const [index, prompt] of prompts.entries()) expect(estimateInputTokens(prompt.messages), planned[index]?.step).toBeLessThanOrEqual(planned[index]?.inputTokens ?? 0);
  }), { numRuns: 60 });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseBibtex, toBibtex } from '#contracts/bibtex';
import { legalInputs } from '#test/support/legal-inputs';
import { noveltyMapDefinition as definition, type NoveltyMapInput } from './definition.ts';
import { assembleFiles, newDraft } from './files.ts';
import { fromBibtex, fromRegistry, sameWork, toEntry, type FoundPaper, type Neighbour } from './papers.ts';
import { guess, similarities, words } from './similarity.ts';
import { claimVerdict, overall, readingList, type Cell } from './verdict.ts';

const text = fc.array(fc.constantFrom('retrieval', 'entropy', 'answer', 'judge', 'panel', 'order', 'cat', 'protein'), { minLength: 1, maxLength: 12 }).map((list) => list.join(' '));
const cell = (claim: number, relation: Cell['relation'], paper = 'm1'): Cell => ({ claim, paper, similarity: 0.3, relation, quote: 'q', quoteMatch: 'exact', difference: 'd' });

describe('nearness by words', () => {
  it('meets a cosine worked out by hand', () => {
    const [[value = 0] = []] = similarities(['retrieval entropy'], ['entropy judge']);
    // Two texts: a word of one counts ln 3, a word of both ln 2.
    const [rare, common] = [Math.log(3), Math.log(2)];
    expect(value).toBeCloseTo((common * common) / (rare * rare + common * common), 10);
    expect(words('The studies retrieved passages')).toEqual(['study', 'retriev', 'passage']);
  });

  it('lies between 0 and 1, is 1 with itself and 0 without a common word, and the order of papers changes nothing', () => {
    fc.assert(fc.property(fc.array(text, { minLength: 1, maxLength: 3 }), fc.array(text, { minLength: 1, maxLength: 5 }), (claims, papers) => {
      const rows = similarities(claims, papers);
      for (const value of rows.flat()) { expect(value).toBeGreaterThanOrEqual(0); expect(value).toBeLessThanOrEqual(1); }
      expect(similarities(claims, papers.toReversed()).map((row) => row.toReversed().map((value) => value.toFixed(9)))).toEqual(rows.map((row) => row.map((value) => value.toFixed(9))));
      expect(similarities([claims[0] ?? ''], [claims[0] ?? ''])[0]?.[0]).toBeCloseTo(1, 9);
      expect(similarities(['zebra quagga'], papers)[0]?.every((value) => value === 0)).toBe(true);
    }));
    expect([0.7, 0.2, 0.01].map(guess)).toEqual(['same', 'partial', 'different']);
  });

  it('each claim is read against its nearest papers, each once', () => {
    const papers = ['panel of judges and order', 'retrieval with entropy', 'protein folding', 'judge panels'].map((each, index) => ({ id: `m${index + 1}`, title: each, text: each }));
    const list = readingList(['a panel of judges', 'entropy decides retrieval'], papers, 2);
    expect(list.map(({ claim, paper }) => `${claim} ${paper}`)).toEqual(['0 m4', '0 m1', '1 m2', '1 m1']);
  });
});

describe('the verdict', () => {
  it('one paper that does the same is enough; a quotation that is not there counts for nothing', () => {
    expect(claimVerdict(0, [cell(0, 'different'), cell(0, 'same', 'm2')])).toBe('anticipated');
    expect(claimVerdict(0, [cell(0, 'different'), cell(0, 'partial', 'm2'), cell(1, 'same')])).toBe('partly known');
    expect(claimVerdict(0, [cell(0, 'different'), cell(0, 'unclear')])).toBe('open so far');
    expect(claimVerdict(0, [cell(0, 'unclear')])).toBe('not compared');
    expect(claimVerdict(0, [])).toBe('not compared');
  });

  it('says nothing about novelty when nothing was searched', () => {
    expect(overall(['a'], [cell(0, 'different')], 3, [])).toContain('not that it is new');
    expect(overall(['a'], [cell(0, 'different')], 3, [{ query: 'q', by: 'search', outcome: 'unavailable', found: 0, fresh: 0 }])).toContain('not that it is new');
    expect(overall(['a', 'b'], [cell(0, 'different'), cell(1, 'partial')], 3, [{ query: 'q', by: 'search', outcome: 'ok', found: 3, fresh: 1 }])).toBe('Of 2 claims against 3 papers: 1 open so far, 1 partly known; after 1 search of the registries.');
  });
});

describe('papers', () => {
  it('every preset gives neighbours with abstracts, and they survive the way to refs.bib', () => {
    for (const preset of definition.presets) {
      const { papers, problems } = fromBibtex(definition.input.parse(preset.inputs).known_bib);
      expect(problems).toEqual([]);
      expect(papers.length).toBeGreaterThanOrEqual(3);
      const { entries, problems: unread } = parseBibtex(toBibtex(papers.map((paper) => toEntry({ ...paper, id: 'm1' }))));
      expect(unread).toEqual([]);
      expect(entries.map(({ fields }) => [fields['title'], fields['year'], fields['eprint']])).toEqual(papers.map((paper) => [paper.title, String(paper.year), paper.arxiv]));
    }
  });

  it('the same work is one, whatever list it comes from; what has no abstract is said', () => {
    const found: FoundPaper = { id: 'x', title: 'Semantic uncertainty: linguistic invariances…', authors: ['L. Kuhn'], year: 2023, venue: null, doi: null, arxiv: '2302.09664', abstract: null, url: 'https://arxiv.org/abs/2302.09664', retracted: null };
    const [kuhn] = fromBibtex(definition.input.parse(definition.presets[0]?.inputs).known_bib).papers.filter((paper) => paper.key === 'kuhn2023semantic');
    expect(sameWork(kuhn as Neighbour, fromRegistry(found, 'search'))).toBe(true);
    expect(fromBibtex('@misc{a, title={T}}\n@misc{b, title={U}').problems).toHaveLength(2);
  });
});

it('files come from any draft that has begun', () => {
  expect(assembleFiles({ provider: 'demo' }, definition.input.parse(definition.presets[0]?.inputs), newDraft(), 'test', null)).toEqual([]);
  fc.assert(fc.property(legalInputs(definition), (any) => {
    const given = any as NoveltyMapInput;
    const draft = newDraft();
    draft.claims = [given.idea];
    for (const paper of fromBibtex(`@misc{k1, title={Retrieval}, year={2020}, abstract={Panels.}}\n${given.known_bib}`).papers) draft.papers.push({ ...paper, id: `m${draft.papers.length + 1}` });
    draft.cells = [cell(0, 'partial')];
    const files = assembleFiles({ provider: 'demo' }, given, draft, 'full', null);
    expect(files.slice(0, 3).map((file) => file.fileName)).toEqual(['related.md', 'matrix.csv', 'refs.bib']);
    expect(files[0]?.content).toContain('## Recommended next steps');
    expect(files[0]?.content).not.toMatch(/undefined|NaN|\[object/);
  }), { numRuns: 20 });
}, 30_000);

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRetrievalEval } from '#activities/tools/lab-tools';
import { runTool } from '#activities/tools/tool';
import { cut } from '#contracts/chunking';
import type { RetrievalEvalData, RetrievalVariant } from '#contracts/data-tools';
import { boilerplateOf, cleanCorpus, likeness, searchText, tidy } from './corpus.ts';
import { ragCorpusEvalDefinition } from './definition.ts';
import { assembleFiles, newDraft } from './files.ts';
import { batchesOf, causeOf, choose, contextTokens, passageOf, ranked, standings, usable, variantsOf, type Asked } from './scoring.ts';

const [preset] = ragCorpusEvalDefinition.presets;
const input = ragCorpusEvalDefinition.input.parse(preset?.inputs);
const { documents } = cleanCorpus(input.documents.map((each) => ({ ...each, origin: 'pasted' as const })), 24, 50_000);
const yours = (questions: readonly { question: string; answer: string }[]) => questions.map((each) => ({ ...each, origin: 'yours' as const }));
const variant = (name: string, misses: string[], recall: number, characters: number, mrr = recall): RetrievalVariant => ({ name, chunk_size: 400, overlap: 0, method: 'bm25', chunks: 10, mean_chunk_characters: characters, recall_at_k: recall, hit_rate: recall, mrr, misses: misses.map((question) => ({ question, wanted: [], retrieved: [] })) });

describe('cleaning', () => {
  it('joins torn words, drops repeated lines and all but equal documents', () => {
    expect(tidy('exam-\nple  text \r\n\r\n\r\n\r\nend')).toBe('example text\n\nend');
    const menu = 'Home | Products | Contact';
    const texts = ['apples are red and sweet in autumn', 'pears are green and soft in late summer', 'plums are blue and round in early autumn'].map((text) => `${menu}\n${text}`);
    expect(boilerplateOf(texts)).toEqual([menu]);
    const cleaned = cleanCorpus([...texts, texts[0] as string].map((text, index) => ({ title: `t${index + 1}`, text, origin: 'pasted' as const })), 10, 1000);
    expect(cleaned.documents.map(({ text }) => text)).toEqual(texts.map((text) => text.split('\n')[1]));
    expect(cleaned.dropped).toEqual([{ title: 't4', because: 'it is all but the same as “t1”' }]);
  });

  it('a text is wholly like itself, and likeness does not depend on the order', () => {
    fc.assert(fc.property(fc.lorem({ maxCount: 30 }), fc.lorem({ maxCount: 30 }), (a, b) => {
      expect(likeness(a, a)).toBe(1);
      expect(likeness(a, b)).toBe(likeness(b, a));
    }), { numRuns: 50 });
  });

  it('keeps the limits and says what lies beyond', () => {
    const cleaned = cleanCorpus([{ title: 'long', text: 'word '.repeat(400), origin: 'pasted' }, { title: 'second', text: 'other words', origin: 'pasted' }], 1, 500);
    expect(cleaned.documents).toMatchObject([{ id: 'doc-1', characters: 500 }]);
    expect(cleaned.dropped.map(({ title }) => title)).toEqual(['long (end)', 'second']);
  });
});

describe('questions', () => {
  it('those whose answer stands nowhere are told apart', () => {
    const { asked, missing } = usable(yours(input.questions), documents);
    expect(missing.map(({ question }) => question)).toEqual(['Is there a company car?']);
    expect(asked).toHaveLength(input.questions.length - 1);
    for (const each of asked) expect(documents.filter(({ id }) => each.documents.includes(id)).every(({ text }) => text.replace(/\s+/g, ' ').includes(each.answer)), each.question).toBe(true);
  });

  it('a written question that repeats its passage is too easy to rank by, as long as others are left', () => {
    const copied = { question: 'Which word fills the gap? “A certificate from a doctor is _____ from the fourth day on.”', answer: 'A certificate from a doctor is needed from the fourth day on.', origin: 'made' as const };
    const { asked } = usable([...yours(input.questions), copied], documents);
    // Of its seven words four stand in the passage; of the passage's five it uses all but one.
    expect(asked.at(-1)).toMatchObject({ tooEasy: true, overlap: expect.closeTo(4 / 7, 5) as number });
    expect(usable([{ question: 'How long may I be ill before the doctor has to sign?', answer: copied.answer, origin: 'made' }], documents).asked[0]?.tooEasy).toBe(false);
    const easy = usable([{ ...copied, question: 'Is a certificate from a doctor needed from the fourth day on?' }], documents).asked;
    expect(easy[0]?.tooEasy).toBe(true);
    expect(ranked(easy)).toEqual(easy);
    expect(ranked([...asked, ...easy])).not.toContain(easy[0]);
  });

  it('the passage is the sentence around the answer', () => {
    expect(passageOf('One is here. Two stands there, with more. Three ends.', 'stands there')).toBe('two stands there, with more.');
    expect(passageOf('One is here. Two stands there. Three ends.', 'Two stands there.')).toBe('two stands there.');
  });
});

describe('the choice', () => {
  const asked = ['q1', 'q2', 'q3', 'q4', 'q5', 'q6', 'q7', 'q8', 'q9', 'q10'].map((question): Asked => ({ question, answer: 'a', origin: 'yours', documents: [], overlap: 0, tooEasy: false }));
  const variants = [variant('large', ['q1'], 0.9, 800), variant('middle', ['q1', 'q2'], 0.8, 400), variant('small', ['q1', 'q2', 'q3', 'q4'], 0.6, 150)];

  it('gives up recall for a smaller context only as far as was asked', () => {
    const rows = standings(variants, asked, 4, 10_000);
    expect(choose(rows, 'recall')?.row.variant.name).toBe('large');
    expect(choose(rows, 'balanced')?.row.variant.name).toBe('large');
    expect(choose(rows, 'small_context')?.row.variant.name).toBe('middle');
  });

  it('keeps the budget, and says when nothing does', () => {
    expect(choose(standings(variants, asked, 4, 500), 'recall')).toMatchObject({ row: { variant: { name: 'middle' }, tokens: 400 }, overBudget: false });
    expect(choose(standings(variants, asked, 4, 100), 'recall')).toMatchObject({ row: { variant: { name: 'small' } }, overBudget: true });
    expect(choose([], 'recall')).toBeNull();
  });

  it('is never over the budget nor further from the best than allowed, for any results', () => {
    fc.assert(fc.property(fc.array(fc.record({ missed: fc.subarray(asked.map(({ question }) => question)), characters: fc.integer({ min: 50, max: 4000 }) }), { minLength: 1, maxLength: 12 }), fc.integer({ min: 1, max: 10 }), fc.integer({ min: 100, max: 8000 }), (made, k, budget) => {
      const rows = standings(made.map(({ missed, characters }, index) => variant(`v${index}`, missed, 1 - missed.length / 10, characters)), asked, k, budget);
      const chosen = choose(rows, 'small_context');
      const fitting = rows.filter(({ tokens }) => tokens <= budget);
      expect(chosen?.overBudget).toBe(fitting.length === 0);
      for (const row of rows) { expect(row.tokens).toBe(contextTokens(row.variant, k)); expect(row.hits).toBe(10 - row.variant.misses.length); expect(row.low - 1e-9 <= row.hits / 10 && row.hits / 10 <= row.high + 1e-9).toBe(true); }
      if (fitting.length > 0) expect(chosen?.row.variant.recall_at_k).toBeGreaterThanOrEqual(Math.max(...fitting.map(({ variant: { recall_at_k: recall } }) => recall)) - 0.1 - 1e-9);
    }));
  });

  it('many long questions are measured in several calls, in order; a handful in one', () => {
    const all = variantsOf(['200', '400', '800'], ['0', '25'], ['bm25', 'tfidf'], 12);
    const long = Array.from({ length: 60 }, () => ({ question: 'q'.repeat(300), answer: 'a'.repeat(300) }));
    expect(batchesOf(all, asked, 4)).toEqual([all]);
    expect(batchesOf(all, long, 24).flat()).toEqual(all);
    expect(batchesOf(all, long, 24)).toHaveLength(6);
  });

  it('every combination is a variant once, and an overlap stays below its chunk', () => {
    const all = variantsOf(['200', '800'], ['0', '25'], ['bm25', 'tfidf'], 12);
    expect(all.map(({ name }) => name)).toEqual(['bm25 200/0', 'bm25 200/50', 'bm25 800/0', 'bm25 800/200', 'tfidf 200/0', 'tfidf 200/50', 'tfidf 800/0', 'tfidf 800/200']);
    expect(all.every(({ overlap, chunk_size: size }) => overlap < size)).toBe(true);
  });
});

describe('on the preset', { timeout: 60_000 }, () => {
  it('recall is what a count over the chunks says, and every miss has its cause', async () => {
    const { asked, missing } = usable(yours(input.questions), documents);
    const variants = variantsOf(input.chunk_sizes, input.overlaps, input.methods, 12);
    const args = { documents: documents.map((document) => ({ id: document.id, text: searchText(document) })), questions: asked.map(({ question, answer }) => ({ question, answer })), variants, k: input.k };
    const evaluate = async (more: object) => (await runTool(createRetrievalEval(), { ...args, ...more }, { signal: new AbortController().signal, capabilities: { tools: ['retrieval_eval'], hosts: null } })).data as RetrievalEvalData;
    const data = await evaluate({});
    const rows = standings(data.variants, asked, input.k, input.context_budget_tokens);
    for (const { variant: each, hits } of rows) expect(hits / asked.length).toBeCloseTo(each.recall_at_k, 12);
    const chosen = choose(rows, input.priority);
    expect(chosen?.row.variant.misses.length).toBeGreaterThan(0);
    const deep = new Set((await evaluate({ variants: [variants.find(({ name }) => name === chosen?.row.variant.name)], k: 50 })).variants[0]?.misses.map(({ question }) => question));
    const misses = asked.filter(({ question }) => chosen?.row.variant.misses.some((miss) => miss.question === question)).map((each) => ({ ...each, cause: causeOf(each, chosen?.row.variant as RetrievalVariant, documents, deep), wanted: each.documents, retrieved: [] }));
    for (const miss of misses) {
      const whole = documents.flatMap((document) => cut(searchText(document), chosen?.row.variant as RetrievalVariant)).some((chunk) => chunk.replace(/\s+/g, ' ').includes(miss.answer));
      expect(miss.cause === 'cut_apart').toBe(!whole);
    }
    const files = assembleFiles({ provider: 'demo' }, input, { ...newDraft(), documents, asked, missing, ranked: asked, rows, chosen, misses }, 'full', null);
    expect(files.map(({ fileName }) => fileName)).toEqual(['report.md', 'questions.csv', 'eval.csv', 'config.json', 'corpus.jsonl', 'recall.svg']);
    const chunks = files[4]?.content.trim().split('\n').map((line) => JSON.parse(line) as { document: string; text: string }) ?? [];
    expect(chunks).toHaveLength(chosen?.row.variant.chunks ?? -1);
  });

  it('without documents it says what is missing, and no figure', () => {
    const files = assembleFiles({ provider: 'openai' }, input, { ...newDraft(), notes: ['There is no document to search.'] }, 'full', null);
    expect(files).toHaveLength(1);
    expect(files[0]?.content).toContain('nothing is measured yet');
  });
});

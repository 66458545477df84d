import { ragCorpusEvalDefinition } from '#workflows/catalog/rag-corpus-eval/definition';
import { coinP, mean, wilson95 } from './runner/by-hand.ts';
import { contains, csvRows, fileOf, hasSections, recomputed, wordsBetween, writtenIn } from './runner/checks.ts';
import type { EvalCase, EvalCheck, EvalOutcome } from './runner/eval-case.ts';

type Row = Record<string, string>;
interface Chunk { id: string; document: string; text: string }
const inputsOf = ({ inputs }: EvalOutcome) => ragCorpusEvalDefinition.input.parse(inputs);
const chunksOf = (outcome: EvalOutcome): Chunk[] => fileOf(outcome, 'corpus.jsonl').trim().split('\n').map((line) => JSON.parse(line) as Chunk);
const variants = (outcome: EvalOutcome): Row[] => csvRows(outcome, 'eval.csv');
const used = (outcome: EvalOutcome): Row[] => csvRows(outcome, 'questions.csv').filter((row) => row['used_to_rank'] === 'true');
const chosen = (outcome: EvalOutcome): Row => variants(outcome).find((row) => row['recommended'] === 'true') ?? {};
const flat = (text: string): string => text.toLowerCase().replace(/\s+/g, ' ');
const holds = (text: string, answer = ''): boolean => flat(text).includes(flat(answer));

const SMALL_WORDS = new Set('a an and are as at be by for from has in is it of on or that the this to was were what when where which who why how with do does der die das und ist ein eine'.split(' '));
const terms = (text: string): string[] => (flat(text).match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => !SMALL_WORDS.has(word)).map((word) => (word.length <= 4 || word.endsWith('ss') ? word : word.endsWith('ies') ? `${word.slice(0, -3)}y` : word.replace(/s$/, '')));

/** Okapi BM25 with k1 = 1.2 and b = 0.75 over the corpus that was handed over. @returns chunks that share a word, best first */
function search(chunks: readonly Chunk[], question: string): Chunk[] {
  const bags = chunks.map(({ text }) => terms(text));
  const long = mean(bags.map((bag) => bag.length));
  const score = (bag: readonly string[]): number => [...new Set(terms(question))].reduce((total, term) => {
    const [count, found] = [bag.filter((word) => word === term).length, bags.filter((other) => other.includes(term)).length];
    return count === 0 ? total : total + (Math.log(1 + (bags.length - found + 0.5) / (found + 0.5)) * count * 2.2) / (count + 1.2 * (0.25 + (0.75 * bag.length) / long));
  }, 0);
  return chunks.map((chunk, at) => ({ chunk, at, score: score(bags[at] ?? []) })).filter((each) => each.score > 0).toSorted((a, b) => b.score - a.score || a.at - b.at).map(({ chunk }) => chunk);
}

/** The recommended variant searched once more, over the files alone: recall at k and mean reciprocal rank. */
const searched = recomputed('recall and rank of the recommended variant', (outcome) => {
  const [chunks, { k }] = [chunksOf(outcome), inputsOf(outcome)];
  const places = used(outcome).map((row) => search(chunks, row['question'] ?? '').findIndex(({ text }) => holds(text, row['answer'])));
  const row = chosen(outcome);
  return {
    found: { hits: Number(row['hits']), questions: Number(row['questions']), recall: Number(row['recall_at_k']), mrr: Number(row['mrr']), found: used(outcome).filter((each) => each['found'] === 'true').length },
    expected: { hits: places.filter((place) => place >= 0 && place < k).length, questions: places.length, recall: mean(places.map((place) => (place >= 0 && place < k ? 1 : 0))), mrr: mean(places.map((place) => (place < 0 ? 0 : 1 / (place + 1)))), found: places.filter((place) => place >= 0 && place < k).length },
  };
});

const intervals = recomputed('shares, intervals, context of every variant', (outcome) => {
  const { k, context_budget_tokens: budget } = inputsOf(outcome);
  const of = (figures: (row: Row) => Record<string, number>): Record<string, number> => Object.fromEntries(variants(outcome).flatMap((row) => Object.entries(figures(row)).map(([key, value]) => [`${row['variant']} ${key}`, value])));
  return {
    found: of((row) => ({ recall: Number(row['recall_at_k']), low: Number(row['low_95']), high: Number(row['high_95']), tokens: Number(row['context_tokens']), fits: row['within_budget'] === 'true' ? 1 : 0 })),
    expected: of((row) => {
      const [low, high] = wilson95(Number(row['hits']), Number(row['questions']));
      const tokens = Math.round((Number(row['mean_chunk_characters']) * k) / 4);
      return { recall: Number(row['hits']) / Number(row['questions']), low, high, tokens, fits: tokens <= budget ? 1 : 0 };
    }),
  };
});

/** Chunks keep their size, together hold every word of their document, and are as many and as long as the table says. */
const cutRight: EvalCheck = {
  name: 'the corpus is cut as the table says',
  check: (outcome) => {
    const [chunks, row] = [chunksOf(outcome), chosen(outcome)];
    const documents = inputsOf(outcome).documents.filter(({ title }) => chunks.some(({ text }) => text.startsWith(title)));
    return [
      ...(chunks.length === Number(row['chunks']) ? [] : [`${chunks.length} chunks, the table says ${row['chunks']}`]),
      ...(Math.abs(mean(chunks.map(({ text }) => text.length)) - Number(row['mean_chunk_characters'])) < 1e-6 ? [] : ['the mean length differs']),
      ...chunks.filter(({ text }) => text.length > Number(row['chunk_size'])).map(({ id }) => `${id} is longer than ${row['chunk_size']}`),
      ...documents.flatMap(({ title, text }) => text.split(/(?<=[.!?])\s+/).filter((sentence) => sentence.length * 2 < Number(row['overlap']) && !chunks.some((chunk) => holds(chunk.text, sentence))).map((sentence) => `“${sentence}” of ${title} stands in no chunk`)),
    ];
  },
};

/** The smallest context among those near enough to the best that fits; the share that may be given up is the person's choice. */
const chosenByRule: EvalCheck = {
  name: 'the recommendation follows its rule',
  check: (outcome) => {
    const { priority } = inputsOf(outcome);
    const given = { recall: 0, balanced: 0.03, small_context: 0.1 }[priority];
    const fitting = variants(outcome).filter((row) => row['within_budget'] === 'true');
    const best = Math.max(...fitting.map((row) => Number(row['recall_at_k'])));
    const near = fitting.filter((row) => Number(row['recall_at_k']) >= best - given - 1e-9);
    const least = Math.min(...near.map((row) => Number(row['context_tokens'])));
    return near.some((row) => row['recommended'] === 'true' && (priority === 'recall' || Number(row['context_tokens']) === least)) ? [] : [`${chosen(outcome)['variant']} is recommended; the smallest near the best takes ${least} tokens`];
  },
};

/** A question ranks only when its answer really stands in a document. */
const answersStand = (texts: (outcome: EvalOutcome) => readonly string[]): EvalCheck => ({
  name: 'answers stand in the documents',
  check: (outcome) => csvRows(outcome, 'questions.csv').filter((row) => texts(outcome).some((text) => holds(text, row['answer'])) !== (row['cause'] !== 'not in the corpus')).map((row) => `“${row['answer']}” is taken for the opposite`),
});
const documentTexts = (outcome: EvalOutcome): string[] => inputsOf(outcome).documents.map(({ text }) => text);
const pairs: EvalCheck = { name: 'p against the best is possible', check: (outcome) => variants(outcome).filter((row) => { const best = Number(variants(outcome)[0]?.['hits']); const behind = best - Number(row['hits']); const possible = Array.from({ length: Number(row['questions']) - best + 1 }, (_, won) => coinP(behind + won, won)); return !possible.some((p) => Math.abs(p - Number(row['p_against_best'])) < 1e-9); }).map((row) => `${row['variant']}: p = ${row['p_against_best']} fits no split of ${row['hits']} against the best`) };

const TEA = 'Green tea\n\nGreen tea is brewed at eighty degrees. Leaves are steeped for two minutes, then taken out. A second brew takes three minutes and tastes milder than the first.';
const COFFEE = 'Filter coffee\n\nFilter coffee needs water of ninety-four degrees. Sixty grams of ground beans go into one litre. The machine is descaled every three months with citric acid.';
const ASKED = [
  { question: 'How hot is water for green tea?', answer: 'at eighty degrees' }, { question: 'How many grams of beans for a litre of coffee?', answer: 'Sixty grams of ground beans' },
  { question: 'How often is the machine descaled?', answer: 'every three months' }, { question: 'Who delivers the milk?', answer: 'the dairy in the next village' },
];

export const cases: readonly EvalCase[] = [
  {
    name: 'handbook, twelve variants', preset: 'handbook',
    checks: [
      hasSections('report.md', 'Recommendation', 'Reading', 'Variants', 'Causes of the misses', 'Missed questions', 'Questions that no document answers', 'Corpus', 'Method', 'Sources', 'Recommended next steps'),
      wordsBetween('report.md', 300, 2_500), writtenIn('report.md', 'en'), searched, intervals, cutRight, chosenByRule, pairs, answersStand(documentTexts), contains('report.md', '“Is there a company car?”'),
    ],
  },
  { name: 'help centre, smallest context', preset: 'help', checks: [searched, intervals, cutRight, chosenByRule, pairs, answersStand(documentTexts)] },
  {
    name: 'uploads, one of them twice, and a question that nobody answers',
    inputs: { purpose: 'The people of an office kitchen ask how drinks are made.', document_files: ['upload:tea', 'upload:coffee', 'upload:again'], questions: ASKED, made_questions: 0, chunk_sizes: ['200'], overlaps: ['0'], methods: ['bm25'], k: 1 },
    uploads: { tea: { fileName: 'tea.txt', content: TEA }, coffee: { fileName: 'coffee.txt', content: COFFEE }, again: { fileName: 'tea-copy.txt', content: TEA } },
    checks: [
      searched, intervals, chosenByRule, answersStand(() => [TEA, COFFEE]), contains('report.md', 'all but the same as', '“Who delivers the milk?”'),
      { name: 'a copy is searched once', check: (outcome) => (new Set(chunksOf(outcome).map(({ document }) => document)).size === 2 ? [] : ['there are not two documents']) },
    ],
  },
  {
    name: 'no question has an answer in the corpus', preset: 'help', inputs: { questions: [{ question: 'How tall is the tower?', answer: 'three hundred metres' }], made_questions: 0 },
    checks: [contains('report.md', '“How tall is the tower?”', 'nothing can be measured'), { name: 'nothing is recommended', check: ({ files }) => (files['eval.csv'] === undefined && files['config.json'] === undefined ? [] : ['there is a configuration without a measurement']) }],
  },
];

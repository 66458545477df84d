import { barChart } from '#contracts/charts';
import { cut } from '#contracts/chunking';
import { toCsv } from '#contracts/csv';
import type { RunRequest } from '#contracts/workflow';
import type { OutputFile } from '../../stages/run-stages.ts';
import { body, bullets, nextSteps, oneLine, page, section, stamps, table } from '../../steps/report.ts';
import { Sources } from '../../steps/sources.ts';
import { countOf, percent } from '../../steps/table-data.ts';
import { searchText, type Cleaned, type Document } from './corpus.ts';
import type { RagCorpusEvalInput } from './definition.ts';
import { CAUSES, type Asked, type Cause, type choose, type Miss, type Standing } from './scoring.ts';

/** The draft and the files made from it, finished or not. Pure. */
export interface Draft extends Cleaned { asked: Asked[]; missing: { question: string; answer: string; origin: Asked['origin'] }[]; /** made questions whose quote stands nowhere */ refused: number; ranked: Asked[]; rows: Standing[]; chosen: ReturnType<typeof choose>; /** recall of the questions that are too easy */ easyRecall: number | null; misses: Miss[]; reading: string; notes: string[]; sources: Sources }
export const newDraft = (): Draft => ({ documents: [], dropped: [], boilerplate: [], asked: [], missing: [], refused: 0, ranked: [], rows: [], chosen: null, easyRecall: null, misses: [], reading: '', notes: [], sources: new Sources() });

type Stage = 'test' | 'full';
type Request = Pick<RunRequest, 'provider'>;
const MEND: Record<Cause, string> = {
  other_words: 'Search by meaning as well (embeddings, hybrid search), or keep a list of the words people use.', cut_apart: 'Cut at paragraphs, or take a larger chunk or more overlap.',
  ranking: 'Hand over more chunks, or rerank the first 50.', wrong_document: 'Put title and section into each chunk, and filter by document where the question allows.',
};
const standingWords = ({ hits, n, low, high }: Standing): string => `${hits} of ${n} (${percent(hits / Math.max(1, n))}, interval ${percent(low)} to ${percent(high)})`;
const causesOf = (misses: readonly Miss[]): { cause: Cause; count: number }[] => (Object.keys(CAUSES) as Cause[]).map((cause) => ({ cause, count: misses.filter((miss) => miss.cause === cause).length })).filter(({ count }) => count > 0).toSorted((a, b) => b.count - a.count);

/** The figures as sentences that a model can read and cite. */
export function factsText(input: RagCorpusEvalInput, draft: Draft): string {
  const { chosen, rows, ranked, asked, documents, missing } = draft;
  return [
    `The corpus has ${countOf(documents.length, 'document')}; retrieval was measured on ${countOf(ranked.length, 'question')}, ${asked.filter(({ origin }) => origin === 'yours').length} of them yours.`,
    chosen && `The recommended variant is ${chosen.row.variant.name}: recall at ${input.k} is ${standingWords(chosen.row)}, MRR ${chosen.row.variant.mrr.toFixed(2)}, with ${chosen.row.tokens} tokens of context.`,
    ...rows.filter((row) => row !== chosen?.row).slice(0, 4).map((row) => `Variant ${row.variant.name} has a recall of ${percent(row.variant.recall_at_k)} with ${row.tokens} tokens.`),
    missing.length > 0 && `No document holds the answer to ${countOf(missing.length, 'question')}, so they were left out: that is a matter of the corpus, not of the search.`,
    draft.easyRecall !== null && `Questions that only repeat their passage have a recall of ${percent(draft.easyRecall)} and were not used to rank.`,
    ranked.length < 30 && `With ${countOf(ranked.length, 'question')} only large differences can be seen.`,
    ...draft.notes,
  ].filter(Boolean).join('\n');
}

export function missesText({ misses, chosen }: Draft): string {
  if (!chosen) return 'Nothing was measured, so there are no misses to read.';
  return [`The recommended variant misses ${countOf(misses.length, 'question')}.`, ...causesOf(misses).map(({ cause, count }) => `Cause of ${count === 1 ? '1 miss' : `${count} misses`}: the question ${causeSentence(cause)}. ${MEND[cause]}`), ...misses.slice(0, 12).map((miss) => `Missed, because it ${CAUSES[miss.cause].replace(/^the passage is/, 'finds its passage').replace(/^found, but/, 'is found').replace(/^other documents win/, 'loses to other documents')}: ${oneLine(miss.question).replace(/\?$/, '')}.`)].join('\n');
}
const causeSentence = (cause: Cause): string => (cause === 'other_words' ? CAUSES.other_words : cause === 'cut_apart' ? 'has its passage cut apart' : cause === 'ranking' ? 'is found, but too far down' : 'loses to other documents');

export function assembleFiles(request: Request, input: RagCorpusEvalInput, draft: Draft, stage: Stage, remark: string | null): OutputFile[] {
  const { chosen, rows, documents, asked, missing } = draft;
  if (documents.length === 0 && !draft.reading && draft.notes.length === 0) return [];
  const summary = chosen ? `${chosen.row.variant.name}: recall at ${input.k} ${percent(chosen.row.variant.recall_at_k)} on ${draft.ranked.length} questions` : 'Nothing could be measured';
  const files: OutputFile[] = [{ key: 'report', fileName: 'report.md', mimeType: 'text/markdown', content: report(request, input, draft, stage, remark), summary }];
  if (asked.length + missing.length > 0) files.push({ key: 'questions', fileName: 'questions.csv', mimeType: 'text/csv', content: questionsCsv(draft), summary: `${asked.length} questions with an answer in the corpus, ${missing.length} without` });
  if (!chosen) return files;
  const { variant } = chosen.row;
  files.push({ key: 'eval', fileName: 'eval.csv', mimeType: 'text/csv', content: toCsv(['variant', 'method', 'chunk_size', 'overlap', 'chunks', 'mean_chunk_characters', 'recall_at_k', 'hits', 'questions', 'low_95', 'high_95', 'mrr', 'context_tokens', 'within_budget', 'p_against_best', 'recommended'], rows.map((row) => [row.variant.name, row.variant.method, row.variant.chunk_size, row.variant.overlap, row.variant.chunks, row.variant.mean_chunk_characters, row.variant.recall_at_k, row.hits, row.n, row.low, row.high, row.variant.mrr, row.tokens, row.fits, row.p, row === chosen.row])), summary: `${rows.length} variants at k = ${input.k}` });
  files.push({ key: 'config', fileName: 'config.json', mimeType: 'application/json', content: `${JSON.stringify(config(request, input, draft, stage), null, 2)}\n`, summary: `${variant.method}, chunks of ${variant.chunk_size} with ${variant.overlap} overlap, k = ${input.k}` });
  const lines = documents.flatMap((document) => cut(searchText(document), variant).map((chunk, index) => JSON.stringify({ id: `${document.id}#${index + 1}`, document: document.id, title: document.title, position: index + 1, text: chunk })));
  files.push({ key: 'corpus', fileName: 'corpus.jsonl', mimeType: 'application/x-ndjson', content: `${lines.join('\n')}\n`, summary: `${lines.length} chunks of ${countOf(documents.length, 'document')}` });
  files.push({ key: 'recall', fileName: 'recall.svg', mimeType: 'image/svg+xml', content: barChart({ title: `Recall at ${input.k} by variant`, yLabel: 'Share of questions in %' }, rows.map((row) => ({ label: row.variant.name, value: Math.round(row.variant.recall_at_k * 1000) / 10 }))), summary: `${percent(rows[0]?.variant.recall_at_k ?? 0)} at best` });
  return files;
}

function config(request: Request, input: RagCorpusEvalInput, { chosen, documents, ranked, misses }: Draft, stage: Stage): object {
  const variant = chosen?.row.variant;
  return {
    version: '1.0.0', purpose: input.purpose, simulated: request.provider === 'demo', stage,
    chunking: { unit: 'characters', size: variant?.chunk_size, overlap: variant?.overlap, cut_at: 'blank' }, retrieval: { method: variant?.method, k: input.k, ...(variant?.method === 'bm25' ? { k1: 1.2, b: 0.75 } : { weighting: '(1 + ln tf) * ln(1 + N / df)', similarity: 'cosine' }), title_in_text: true },
    context_tokens: chosen?.row.tokens, context_budget_tokens: input.context_budget_tokens,
    measured: { questions: ranked.length, recall_at_k: variant?.recall_at_k, mrr: variant?.mrr, interval_95: [chosen?.row.low, chosen?.row.high], missed: misses.map(({ question, cause }) => ({ question, cause })) },
    corpus: documents.map(({ id, title, origin, characters }) => ({ id, title, origin, characters })),
    regression: { questions: ranked.map(({ question, answer }) => ({ question, answer })), least_recall: chosen ? Math.max(0, Math.round((chosen.row.hits - 1) / Math.max(1, chosen.row.n) * 1000) / 1000) : null },
  };
}

function questionsCsv({ asked, missing, misses, ranked, chosen }: Draft): string {
  return toCsv(['question', 'answer', 'origin', 'documents', 'words_shared_with_passage', 'used_to_rank', 'found', 'cause'], [
    ...asked.map((each) => { const [miss, used] = [misses.find(({ question }) => question === each.question), ranked.includes(each)]; return [each.question, each.answer, each.origin, each.documents.join(' '), Math.round(each.overlap * 100) / 100, used, chosen && used ? miss === undefined : null, miss?.cause]; }),
    ...missing.map((each) => [each.question, each.answer, each.origin, null, null, false, null, 'not in the corpus']),
  ]);
}

function report(request: Request, input: RagCorpusEvalInput, draft: Draft, stage: Stage, remark: string | null): string {
  const { chosen, rows, documents, misses, ranked, asked, missing } = draft;
  const easy = asked.filter((each) => !ranked.includes(each));
  const causes = causesOf(misses);
  return page([
    '# Retrieval evaluation',
    stamps(request, stage, 'one document and a handful of questions; far too few to choose by. A Full run takes all of them.', remark),
    `**Purpose.** ${oneLine(input.purpose)}`,
    chosen && section('Recommendation', `**${chosen.row.variant.method === 'bm25' ? 'BM25' : 'TF-IDF'}, chunks of ${chosen.row.variant.chunk_size} characters with ${chosen.row.variant.overlap} overlap, k = ${input.k}.** It finds ${standingWords(chosen.row)} and takes ${chosen.row.tokens} of ${input.context_budget_tokens} tokens.${chosen.overBudget ? ' **No variant keeps the context budget; this one is the smallest.**' : ''}`),
    section('Reading', draft.reading && body(draft.reading)),
    section('Variants', table(['Variant', 'Chunks', `Recall at ${input.k}`, '95 % interval', 'MRR', 'Context', 'p against the best'], rows.map((row) => [`${row.variant.name}${row === chosen?.row ? ' ←' : ''}`, row.variant.chunks, `${row.hits} of ${row.n}`, `${percent(row.low)} to ${percent(row.high)}`, row.variant.mrr.toFixed(2), `${row.tokens} tokens${row.fits ? '' : ', over budget'}`, row === rows[0] ? 'best' : row.p.toFixed(3)]))),
    section('Causes of the misses', table(['Cause', 'Misses', 'What would mend it'], causes.map(({ cause, count }) => [CAUSES[cause], count, MEND[cause]]))),
    section('Missed questions', table(['Question', 'Answer stands in', 'Found instead', 'Cause'], misses.map((miss) => [miss.question, titles(documents, miss.wanted), titles(documents, miss.retrieved), CAUSES[miss.cause]]))),
    chosen && misses.length === 0 && section('Misses', 'No question was missed. The set may be too easy: add questions as people really ask them.'),
    section('Questions that no document answers', missing.filter(({ origin }) => origin === 'yours').length > 0 && bullets(missing.filter(({ origin }) => origin === 'yours').map(({ question, answer }) => `“${question}”: the words “${answer}” stand in no document.`)) || null),
    section('Corpus', table(['Document', 'Comes from', 'Characters'], documents.map((document) => [document.title, document.origin, document.characters]))),
    section('Left out', bullets([...draft.dropped.map(({ title, because }) => `${title}: ${because}.`), ...draft.boilerplate.slice(0, 8).map((line) => `The line “${line}”, because it stands in most documents.`)]) || null),
    section('Method', bullets([
      `A question counts as found when one of the first ${input.k} chunks holds the words of its answer whole. Intervals are Wilson’s, p values exact McNemar without correction.`,
      `${countOf(ranked.length, 'question')} ranked the variants${easy.length > 0 ? `; ${easy.length} written ones only repeat their passage and were set aside${draft.easyRecall === null ? '' : ` (recall ${percent(draft.easyRecall)})`}` : ''}${draft.refused > 0 ? `; ${draft.refused} written ones were thrown away, because their quote stands in no document` : ''}.`,
      'Both methods search by words. They are the baseline that embeddings have to beat on the same questions.', ...draft.notes,
    ])),
    draft.sources.markdown([body(draft.reading)]),
    nextSteps([
      stage === 'test' && 'Run Full to measure all documents and questions.',
      !chosen && 'Put right what is said under Method, then run again; nothing is measured yet.',
      ...causes.slice(0, 3).map(({ cause }) => MEND[cause]),
      missing.length > 0 && 'Add the missing documents, or make sure that the answer says “not in the material”.',
      ranked.length < 30 && 'Collect questions from real searches until there are at least 30.',
      chosen && 'Index corpus.jsonl, and run the questions of config.json as a regression test on each change.',
    ]),
  ]);
}

const titles = (documents: readonly Document[], ids: readonly string[]): string => ids.map((id) => documents.find((document) => document.id === id)?.title ?? id).join(', ') || 'nothing';

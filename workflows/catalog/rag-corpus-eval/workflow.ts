import type { ReadUploadData, RetrievalEvalData, RetrievalVariant } from '#contracts/data-tools';
import type { RunRequest, RunResult } from '#contracts/workflow';
import { runStages, type StageContext } from '../../stages/run-stages.ts';
import type { Step } from '../../stages/step.ts';
import { findMaterial } from '../../steps/find-material.ts';
import { countOf, percent } from '../../steps/table-data.ts';
import { verifyCitations } from '../../steps/verify-citations.ts';
import { cleanCorpus, searchText, type Document } from './corpus.ts';
import type { MadeQuestions, RagCorpusEvalInput } from './definition.ts';
import { assembleFiles, factsText, missesText, newDraft, type Draft } from './files.ts';
import { questionsPrompt, readingPrompt } from './prompts.ts';
import { batchesOf, causeOf, choose, ranked, standings, usable, variantsOf, type Asked } from './scoring.ts';
import { DEEP_K, documentCharacters, documentCount, givenCount, questionCalls, questionsEach, variantCount } from './sizes.ts';

type Context = StageContext<RagCorpusEvalInput>;
type Raw = Pick<Document, 'title' | 'text' | 'origin'>;
/** Sections of one upload that are read, twenty at a time. */
const MAX_UPLOAD_READS = 5;

/** RAG corpus: gather, clean → questions, checked → measure each variant → causes of the misses → recommendation → corpus as chunks. */
export async function ragCorpusEval(request: RunRequest<RagCorpusEvalInput>): Promise<RunResult> {
  return runStages<RagCorpusEvalInput, Draft>(request, { draft: newDraft, work, assemble: (input, draft, stage, remark) => assembleFiles(request, input, draft, stage, remark) });
}

async function work(context: Context, draft: Draft): Promise<void> {
  const { input, stage, request: { persona } } = context;
  context.expectSteps(7);
  await context.step('gather', 'Gather and clean the documents', (step) => gather(context, step, draft));
  const made = await context.step('questions', 'Write questions and check their answers', (step) => writeQuestions(context, step, draft));
  const given = usable(input.questions.map((each) => ({ ...each, origin: 'yours' as const })), draft.documents);
  // The Test reads one document: what it does not answer may stand in the others.
  if (stage === 'full') draft.missing = given.missing;
  draft.asked = usable([...given.asked.slice(0, givenCount(stage)), ...made], draft.documents).asked;
  draft.ranked = ranked(draft.asked);
  await context.step('evaluate', 'Measure every variant', (step) => evaluate(context, step, draft));
  if (draft.chosen) await context.step('failures', 'Find the causes of the misses', (step) => findCauses(context, step, draft));
  const found = await context.step('library', 'Look into the library', (step) => findMaterial(context, step, { query: 'retrieval evaluation failures chunking overlap reranking hybrid search', limit: stage === 'test' ? 1 : 3 }));
  const facts = [draft.sources.addText('evaluation', 'Evaluation of this run', factsText(input, draft), 'retrieval_eval'), draft.sources.addText('misses', 'Misses and their causes', missesText(draft), 'computed')];
  const library = draft.sources.add(found);
  draft.reading = await context.step('reading', 'Read the failures and recommend', async (step) => {
    const text = await step.write(readingPrompt(input, [...facts, ...library], stage, persona));
    step.summarise(draft.chosen ? `${draft.chosen.row.variant.name} is recommended.` : 'Nothing could be measured, and the report says so.');
    return text;
  });
  await verifyCitations(context, draft.sources, [draft.reading]);
}

async function gather({ input, stage }: Context, step: Step, draft: Draft): Promise<void> {
  const raw: Raw[] = input.documents.map(({ title, text }) => ({ title, text, origin: 'pasted' }));
  for (const [index, upload] of input.document_files.slice(0, stage === 'test' ? 1 : undefined).entries()) {
    const texts: string[] = [];
    let title = `Upload ${index + 1}`;
    for (let from: number | null = 1, reads = 0; from !== null && reads < MAX_UPLOAD_READS; reads += 1) {
      const read = await step.tool('read_upload', { upload, label: `u${index + 1}`, from, sections: 20 });
      if (read.outcome !== 'ok') { draft.notes.push(`${title} was not read: ${read.summary}`); break; }
      const data = read.data as ReadUploadData;
      ({ title } = data);
      texts.push(...read.items.map((item) => item.text));
      from = data.next;
      if (from !== null && reads + 1 === MAX_UPLOAD_READS) draft.notes.push(`Of ${title} only the first part was read.`);
    }
    if (texts.length > 0) raw.push({ title, text: texts.join('\n\n'), origin: 'upload' });
  }
  if (stage === 'full') for (const url of input.document_urls) {
    const read = await step.tool('fetch_url', { url });
    if (read.outcome === 'ok') raw.push({ title: read.items[0]?.title ?? url, text: read.items.map((item) => item.text).join('\n\n'), origin: 'web' });
    else draft.notes.push(`${url} was not read: ${read.summary}`);
  }
  Object.assign(draft, cleanCorpus(raw, documentCount(stage), documentCharacters(stage)));
  for (const document of draft.documents) draft.sources.addText(document.id, document.title, document.text.slice(0, 2000), document.origin);
  step.summarise(`${countOf(draft.documents.length, 'document')}, ${draft.documents.reduce((sum, { characters }) => sum + characters, 0)} characters; ${draft.dropped.length} left out, ${draft.boilerplate.length} repeated lines removed.`);
}

/** Questions of the model: kept only when the quoted answer stands in the document. */
async function writeQuestions({ input, stage, request: { persona } }: Context, step: Step, draft: Draft): Promise<{ question: string; answer: string; origin: 'made' }[]> {
  const calls = Math.min(questionCalls(input.made_questions, stage), draft.documents.length);
  const each = questionsEach(input.made_questions, calls, stage);
  const made: { question: string; answer: string; origin: 'made' }[] = [];
  for (const document of draft.documents.slice(0, calls)) {
    const wanted = Math.min(each, Math.max(1, input.made_questions - made.length));
    const { questions } = await step.answer<MadeQuestions>('questions', questionsPrompt(input, document, wanted, stage, persona), wanted);
    made.push(...questions.map(({ question, quote }) => ({ question, answer: quote, origin: 'made' as const })));
    if (made.length >= input.made_questions) break;
  }
  const { asked, missing } = usable(made, draft.documents);
  draft.refused = missing.length;
  step.summarise(`${made.length} written, ${asked.length} with an answer that stands in a document, ${asked.filter(({ tooEasy }) => tooEasy).length} too easy to rank by.`);
  return made.filter(({ question }) => asked.some((kept) => kept.question === question));
}

const questionsFor = (asked: readonly Asked[]) => asked.slice(0, 100).map(({ question, answer }) => ({ question, answer }));

async function evaluate({ input, stage }: Context, step: Step, draft: Draft): Promise<void> {
  const { documents } = draft;
  if (documents.length === 0 || draft.ranked.length === 0) {
    draft.notes.push(documents.length === 0 ? 'There is no document to search.' : 'No question has an answer that stands in a document, so nothing can be measured.');
    return step.summarise(draft.notes.at(-1) ?? '');
  }
  const variants = variantsOf(input.chunk_sizes, input.overlaps, input.methods, variantCount(stage));
  const texts = documents.map((document) => ({ id: document.id, text: searchText(document) }));
  const measured: RetrievalVariant[] = [];
  for (const some of batchesOf(variants, draft.ranked, documents.length)) {
    const result = await step.tool('retrieval_eval', { documents: texts, questions: questionsFor(draft.ranked), variants: some, k: input.k });
    step.summarise(result.summary);
    if (result.outcome !== 'ok' || !result.data) { draft.notes.push(`The variants could not be measured: ${result.summary}`); return; }
    measured.push(...(result.data as RetrievalEvalData).variants);
  }
  draft.rows = standings(measured, draft.ranked, input.k, input.context_budget_tokens);
  draft.chosen = choose(draft.rows, input.priority);
  const easy = draft.asked.filter(({ tooEasy }) => tooEasy);
  if (!draft.chosen || easy.length === 0 || draft.ranked.includes(easy[0] as Asked)) return;
  const { name, chunk_size, overlap, method } = draft.chosen.row.variant;
  const second = await step.tool('retrieval_eval', { documents: texts, questions: questionsFor(easy), variants: [{ name, chunk_size, overlap, method }], k: input.k });
  draft.easyRecall = second.outcome === 'ok' ? ((second.data as RetrievalEvalData).variants[0]?.recall_at_k ?? null) : null;
}

/** Each miss of the recommended variant: cut apart, other words, too far down, or another document. */
async function findCauses(_context: Context, step: Step, draft: Draft): Promise<void> {
  const variant = draft.chosen?.row.variant;
  if (!variant || variant.misses.length === 0) return step.summarise('Nothing was missed.');
  const missed = draft.ranked.filter(({ question }) => variant.misses.some((miss) => miss.question === question));
  const texts = draft.documents.map((document) => ({ id: document.id, text: searchText(document) }));
  const deep = await step.tool('retrieval_eval', { documents: texts, questions: questionsFor(missed), variants: [{ name: variant.name, chunk_size: variant.chunk_size, overlap: variant.overlap, method: variant.method }], k: DEEP_K });
  const farDown = new Set(deep.outcome === 'ok' ? (deep.data as RetrievalEvalData).variants[0]?.misses.map(({ question }) => question) : missed.map(({ question }) => question));
  draft.misses = missed.map((asked) => ({ question: asked.question, answer: asked.answer, origin: asked.origin, cause: causeOf(asked, variant, draft.documents, farDown), wanted: asked.documents, retrieved: variant.misses.find((miss) => miss.question === asked.question)?.retrieved ?? [] }));
  step.summarise(`${draft.misses.length} of ${draft.ranked.length} questions missed (${percent(draft.misses.length / draft.ranked.length)}).`);
}

import { z } from 'zod';
import { plannedTool, planOf } from '#contracts/call-sizes';
import { tableField, uploadsField, urlListField } from '#contracts/catalog-inputs.schema';
import { defineCatalogEntry } from '#contracts/catalog.schema';
import { DOCUMENT_KINDS } from '#contracts/uploads';
import { HANDBOOK_DOCUMENTS, HANDBOOK_QUESTIONS, HELP_DOCUMENTS, HELP_QUESTIONS } from './samples.ts';
import { CHUNK_SIZES, METHODS, OVERLAPS, questionCalls, SIZES } from './sizes.ts';

/** RAG corpus build and retrieval evaluation: documents and questions go in, a measured configuration and its corpus come out. */
const unique = (items: readonly string[]): boolean => new Set(items).size === items.length;
const input = z.strictObject({
  purpose: z.string().trim().min(10).max(500).meta({ title: 'What the corpus is for', description: 'Who will ask, and what about.', 'x-ui': { widget: 'textarea', rows: 2 }, examples: ['Colleagues ask about leave, travel and devices; answers come from the handbook.'] }),
  documents: tableField({ title: 'Documents', description: 'Pasted texts. Uploads and pages are added to them.', max: 12, columns: {
    title: z.string().trim().min(1).max(120).meta({ title: 'Title' }), text: z.string().trim().min(1).max(6000).meta({ title: 'Text' }),
  } }).default([]),
  document_files: uploadsField({ accept: DOCUMENT_KINDS, title: 'Uploads', description: 'Documents to add.', max: 6 }),
  document_urls: urlListField({ title: 'Pages', description: 'Public pages to add; they are read in Full only.', max: 6 }),
  questions: tableField({ title: 'Questions', description: 'As people really ask, in their words, each with words that stand so in the right passage. Thirty tell more than ten.', max: 40, columns: {
    question: z.string().trim().min(3).max(300).meta({ title: 'Question' }), answer: z.string().trim().min(2).max(300).meta({ title: 'Words of the answer, as they stand in the document' }),
  } }).default([]),
  made_questions: z.int().min(0).max(20).default(6).meta({ title: 'Questions to add', description: 'The model writes them from the documents; code checks that the quoted answer really stands there, and sets aside those that only repeat the passage.', 'x-ui': { widget: 'slider', step: 1, unit: 'questions' } }),
  chunk_sizes: z.array(z.enum(CHUNK_SIZES)).min(1).max(3).refine(unique, 'each size only once').default(['200', '400', '800']).meta({ title: 'Chunk sizes', description: 'Characters; four are about one token. Up to three.', uniqueItems: true, 'x-enum-labels': { 200: '200 characters', 400: '400 characters', 800: '800 characters', 1200: '1,200 characters', 2000: '2,000 characters' } }),
  overlaps: z.array(z.enum(OVERLAPS)).min(1).max(2).refine(unique, 'each overlap only once').default(['0', '25']).meta({ title: 'Overlaps', description: 'Share of a chunk that is repeated in the next. Up to two.', uniqueItems: true, 'x-enum-labels': { 0: 'None', 10: '10 %', 25: '25 %' } }),
  methods: z.array(z.enum(METHODS)).min(1).max(2).refine(unique, 'each method only once').default(['bm25', 'tfidf']).meta({ title: 'Methods', description: 'Search by words, without embeddings: the baseline that embeddings have to beat.', uniqueItems: true, 'x-enum-labels': { bm25: 'BM25', tfidf: 'TF-IDF, cosine' } }),
  k: z.int().min(1).max(10).default(3).meta({ title: 'Chunks handed over (k)', description: 'What is not among the first k cannot be used by the model that answers.', 'x-ui': { widget: 'slider', step: 1, unit: 'chunks' } }),
  context_budget_tokens: z.int().min(100).max(8000).default(800).meta({ title: 'Context budget', description: 'Tokens that the k chunks may take in a prompt.', 'x-ui': { widget: 'slider', step: 100, unit: 'tokens' } }),
  priority: z.enum(['recall', 'balanced', 'small_context']).default('balanced').meta({ title: 'What matters most', description: 'How much recall may be given up for a smaller context.', 'x-enum-labels': { recall: 'Recall: nothing given up', balanced: 'Balanced: up to 3 points', small_context: 'Small context: up to 10 points' } }),
}).refine(({ documents, document_files: files, document_urls: urls }) => documents.length + files.length + urls.length > 0, { error: 'give at least one document', path: ['documents'] })
  .refine(({ questions, made_questions: made }) => questions.length + made > 0, { error: 'give at least one question, or let some be written', path: ['questions'] });
export type RagCorpusEvalInput = z.infer<typeof input>;

const answers = {
  questions: (items: number) => z.strictObject({
    questions: z.array(z.strictObject({
      question: z.string().min(5).max(300).describe('what a person would ask, in other words than the document'),
      quote: z.string().min(5).max(300).describe('the words of the document that answer it, copied exactly'),
    })).min(1).max(Math.max(1, items)),
  }),
} as const;
export type MadeQuestions = z.infer<ReturnType<typeof answers.questions>>;

export const ragCorpusEvalDefinition = defineCatalogEntry({
  slug: 'rag_corpus_eval', workflowType: 'ragCorpusEval', version: 1, title: 'RAG corpus build and retrieval evaluation',
  outcome: 'A cut corpus, a configuration that was measured on your questions, and why the misses were missed.',
  description: 'Reads and cleans the documents, adds checked questions, measures recall at k for every way of cutting and searching, sorts the misses by cause, recommends by rule and writes the corpus as chunks.',
  personas: ['data_scientist', 'ml_engineer'], tags: ['rag', 'retrieval', 'chunking', 'evaluation'], difficulty: 'intermediate', estimatedMinutes: 4,
  input,
  tabs: [
    { key: 'corpus', title: 'Documents', description: 'What is to be searched.', fields: ['purpose', 'documents', 'document_files', 'document_urls'] },
    { key: 'questions', title: 'Questions', description: 'What the corpus is measured by.', fields: ['questions', 'made_questions'] },
    { key: 'variants', title: 'Variants', description: 'Ways of cutting and searching to compare.', fields: ['chunk_sizes', 'overlaps', 'methods'] },
    { key: 'choice', title: 'Choice', description: 'What counts.', fields: ['k', 'context_budget_tokens', 'priority'] },
  ],
  presets: [
    { key: 'handbook', title: 'Company handbook: four pages, twelve questions', inputs: { purpose: 'Colleagues ask about leave, travel, devices and working from elsewhere; answers come from the handbook.', documents: HANDBOOK_DOCUMENTS, document_files: [], questions: HANDBOOK_QUESTIONS, k: 2 } },
    { key: 'help', title: 'Help centre, smallest context', inputs: { purpose: 'Customers ask a support bot about billing, import and access of a web product.', documents: HELP_DOCUMENTS, document_files: [], questions: HELP_QUESTIONS, chunk_sizes: ['200', '400'], overlaps: ['0', '10'], methods: ['bm25'], k: 1, context_budget_tokens: 300, priority: 'small_context' } },
  ],
  skills: ['rag/retrieval-evaluation', 'rag/chunking'],
  policy: { fullApproval: null },
  tools: ['retrieval_eval', 'library_search', 'read_upload', 'fetch_url'],
  toolsFor: (run) => ['retrieval_eval', 'library_search', ...(run.document_files.length > 0 ? ['read_upload'] : []), ...(run.document_urls.length > 0 ? ['fetch_url'] : [])],
  artifacts: {
    report: { fileName: 'report.md', mimeType: 'text/markdown', title: 'Report' },
    eval: { fileName: 'eval.csv', mimeType: 'text/csv', title: 'Every variant' },
    config: { fileName: 'config.json', mimeType: 'application/json', title: 'Configuration' },
    questions: { fileName: 'questions.csv', mimeType: 'text/csv', title: 'Question set' },
    corpus: { fileName: 'corpus.jsonl', mimeType: 'application/x-ndjson', title: 'Corpus, cut as recommended' },
    recall: { fileName: 'recall.svg', mimeType: 'image/svg+xml', title: 'Recall by variant' },
  },
  testSlice: 'One document, up to three of your questions and two written ones, two variants, and a short reading.',
  plan: (run, stage) => planOf(SIZES, stage, { questions: questionCalls(run.made_questions, stage) }, [
    ...(run.document_files.length > 0 ? [plannedTool('gather', 'Read the uploads', stage === 'test' ? 1 : run.document_files.length)] : []),
    ...(stage === 'full' && run.document_urls.length > 0 ? [plannedTool('gather', 'Read the pages', run.document_urls.length)] : []),
    plannedTool('evaluate', 'Measure every variant', 2), plannedTool('library', 'Look into the library'),
  ]),
  answers,
});

import { z } from 'zod';
import { plannedTool, planOf } from '#contracts/call-sizes';
import { tableField, uploadField, uploadsField, urlListField } from '#contracts/catalog-inputs.schema';
import { defineCatalogEntry } from '#contracts/catalog.schema';
import type { ProviderId } from '#contracts/providers';
import { FEEDBACK_BIB, FEEDBACK_PAPERS, FEEDBACK_QUESTION } from './samples.ts';
import { DECISIONS } from './screening.ts';
import { MAX_FULL_TEXTS, paperCount, queryCount, SCREENERS, SIZES } from './sizes.ts';

/** Systematic literature review: a question goes in; a review whose every step is counted comes out. */
const SECOND = {
  own: 'The model of this run, with another instruction', 'openai gpt-4o-mini': 'OpenAI GPT-4o mini', 'anthropic claude-3-5-haiku-20241022': 'Anthropic Claude 3.5 Haiku',
  'gemini gemini-2.5-flash': 'Gemini 2.5 Flash', 'deepseek deepseek-chat': 'DeepSeek Chat', 'groq llama-3.3-70b-versatile': 'Llama 3.3 70B on Groq',
} as const;
const secondNames = Object.keys(SECOND) as [keyof typeof SECOND, ...(keyof typeof SECOND)[]];
const REGISTRIES = ['arxiv', 'crossref', 'openalex'] as const;

const input = z.strictObject({
  question: z.string().trim().min(15).max(400).meta({ title: 'Review question', description: 'One question that papers can answer: who or what, which intervention, against what, measured how.', 'x-ui': { widget: 'textarea', rows: 2 }, examples: [FEEDBACK_QUESTION, 'How large is the effect of spaced repetition on long-term retention in adults?'] }),
  inclusion: z.string().trim().min(10).max(1_000).meta({ title: 'Include a paper when', description: 'One criterion a line. Decided on title and abstract.', 'x-ui': { widget: 'textarea', rows: 3 }, examples: ['It reports an experiment\nIt compares with a baseline'] }),
  exclusion: z.string().trim().max(1_000).default('').meta({ title: 'Exclude a paper when', description: 'One criterion a line.', 'x-ui': { widget: 'textarea', rows: 2 } }),
  from_year: z.int().min(1900).max(2100).default(2015).meta({ title: 'From year', description: 'Papers published before are counted and left out.' }),
  to_year: z.int().min(1900).max(2100).default(2026).meta({ title: 'To year', description: 'Papers published later are counted and left out.' }),
  papers: tableField({
    title: 'Papers you have', description: 'Title and abstract are what is screened. Add what you know of the rest.', max: 30,
    columns: {
      title: z.string().trim().min(3).max(300).meta({ title: 'Title' }), authors: z.string().trim().max(500).optional().meta({ title: 'Authors' }), year: z.int().min(1800).max(2100).optional().meta({ title: 'Year' }),
      venue: z.string().trim().max(200).optional().meta({ title: 'Journal or venue' }), doi: z.string().trim().max(200).optional().meta({ title: 'DOI' }), abstract: z.string().trim().max(3_000).optional().meta({ title: 'Abstract' }),
    },
  }).default([]),
  papers_bib: z.string().trim().max(10_000).default('').meta({ title: 'Papers as BibTeX', description: 'An export of your reference manager, with abstracts when it has them.', 'x-ui': { widget: 'textarea', rows: 8 } }),
  papers_file: uploadField({ accept: ['csv'], title: 'Papers from a file', description: 'An export with columns title, abstract, authors, year, venue, doi.' }).optional(),
  full_text_files: uploadsField({ accept: ['pdf', 'docx', 'html', 'markdown', 'text'], title: 'Full texts as files', description: 'Of papers in the review; a file belongs to the paper whose title, DOI or arXiv number stands at its beginning. Read in Full.', max: MAX_FULL_TEXTS }),
  full_text_urls: urlListField({ title: 'Full texts at addresses', description: 'Open-access pages or PDFs, matched the same way. Read in Full.', max: MAX_FULL_TEXTS }),
  registries: z.array(z.enum(REGISTRIES)).max(3).default([...REGISTRIES]).meta({ title: 'Search in', description: 'Searched in a Full run only. None: only your own papers are reviewed.', uniqueItems: true, 'x-enum-labels': { arxiv: 'arXiv', crossref: 'Crossref', openalex: 'OpenAlex' } }),
  max_papers: z.int().min(3).max(40).default(12).meta({ title: 'Papers to screen', description: 'The nearest to the question. Each is read by two screeners; what lies beyond is counted.', 'x-ui': { widget: 'slider', step: 1, unit: 'papers' } }),
  second_screener: z.enum(secondNames).default('own').meta({ title: 'Second screener', description: 'Another model sees other things. It needs a key of its own.', 'x-enum-labels': SECOND }),
  when_split: z.enum(['ask', 'include', 'exclude']).default('ask').meta({ title: 'When the screeners differ', description: 'Nobody answers: the paper stays in, as the usual rule for reviews says.', 'x-enum-labels': { ask: 'Ask me', include: 'Keep the paper', exclude: 'Leave it out' } }),
});
export type LiteratureReviewInput = z.infer<typeof input>;

const answers = {
  queries: (count: number) => z.strictObject({ queries: z.array(z.strictObject({ search_query: z.string().min(3).max(120).describe('three to eight words for a registry of papers') })).min(1).max(Math.max(1, count)) }),
  screen: z.strictObject({
    decision: z.enum(DECISIONS).describe('include, exclude, or unclear when title and abstract do not tell'),
    evidence_quote: z.string().max(240).describe('the words of title or abstract that decide it, at most fifteen, copied; empty when there are none'),
  }),
  extract: z.strictObject({
    method: z.string().max(220).describe('what was done, as the abstract says it; empty when it does not'),
    data: z.string().max(220).describe('on which data, tasks or people; empty when it does not say'),
    result: z.string().max(220).describe('the main result with its figure; empty when it does not say'),
    limitation: z.string().max(220).describe('a limit the abstract itself names; empty when it names none'),
  }),
  extract_full: z.strictObject({
    method: z.string().max(220).describe('what was done, as the text says it; empty when it does not'),
    data: z.string().max(220).describe('on which data, tasks or people; empty when it does not say'),
    result: z.string().max(220).describe('the main result with its figure; empty when it does not say'),
    limitation: z.string().max(220).describe('a limit the text itself names; empty when it names none'),
    evidence_quote: z.string().max(400).describe('the sentence of the text that holds the main result, copied letter by letter; empty when there is none'),
  }),
  split: z.strictObject({ include_ids: z.string().max(400).meta({ title: 'Papers to include', description: 'Their ids, such as p3, p7. The others that are shown are left out.' }) }),
} as const;
export type Queries = z.infer<ReturnType<typeof answers.queries>>;
export type ScreenAnswer = z.infer<typeof answers.screen>;
export type Extract = z.infer<typeof answers.extract>;
export type QuotedExtract = z.infer<typeof answers.extract_full>;
export type SplitAnswer = z.infer<typeof answers.split>;

const targetOf = (model: LiteratureReviewInput['second_screener']): { provider: ProviderId; model: string }[] => {
  const [provider, ...name] = model.split(' ');
  return model === 'own' ? [] : [{ provider: provider as ProviderId, model: name.join(' ') }];
};

export const literatureReviewDefinition = defineCatalogEntry({
  slug: 'literature_review', workflowType: 'literatureReview', version: 2, title: 'Systematic literature review',
  outcome: 'A review of your question with every paper accounted for: found, screened twice, included or not, and why.',
  description: 'Widens the search, asks arXiv, Crossref and OpenAlex, adds your own papers, merges duplicates, lets two screeners read each one without seeing the other, asks you where they differ, extracts a table with a checked quotation a paper, from the full text where you give it, writes a synthesis that cites only what was read, and counts the flow.',
  personas: ['researcher'], tags: ['literature', 'review', 'screening', 'PRISMA', 'synthesis'], difficulty: 'advanced', estimatedMinutes: 6,
  input,
  tabs: [
    { key: 'question', title: 'Question', description: 'What you want to know, and which papers count.', fields: ['question', 'inclusion', 'exclusion', 'from_year', 'to_year'] },
    { key: 'papers', title: 'Your papers', description: 'What you already have; enough by itself.', fields: ['papers', 'papers_bib', 'papers_file', 'full_text_files', 'full_text_urls'] },
    { key: 'search', title: 'Search and screening', description: 'How far to look, and who decides.', fields: ['registries', 'max_papers', 'second_screener', 'when_split'] },
  ],
  presets: [
    { key: 'feedback', title: 'Do feedback and tools help language models?', inputs: { question: FEEDBACK_QUESTION, inclusion: 'Large language models\nFeedback, tools, reflection or refinement', exclusion: 'Only proposes, reports no result', papers: FEEDBACK_PAPERS, papers_bib: FEEDBACK_BIB, full_text_files: [] } },
    { key: 'list', title: 'Only a list of my own, no search', inputs: { question: 'Which methods let language models use external tools, and what do they gain?', inclusion: 'It lets a language model call tools or interfaces\nIt reports a result', from_year: 2022, papers: FEEDBACK_PAPERS.slice(0, 4), registries: [], max_papers: 4, when_split: 'exclude', full_text_files: [] } },
  ],
  skills: ['writing/citation-workflow', 'writing/paper-reading'],
  policy: { fullApproval: null },
  tools: ['search_papers', 'query_data', 'check_quote', 'read_upload', 'fetch_url', 'read_pdf'],
  toolsFor: (run) => ['check_quote', ...(run.full_text_files.length > 0 ? ['read_upload'] : []), ...(run.full_text_urls.length > 0 ? ['fetch_url', 'read_pdf'] : []), ...(run.registries.length > 0 ? ['search_papers'] : []), ...(run.papers_file ? ['query_data'] : [])],
  targetsFor: (run) => targetOf(run.second_screener),
  artifacts: {
    review: { fileName: 'review.md', mimeType: 'text/markdown', title: 'Review' },
    included: { fileName: 'included.csv', mimeType: 'text/csv', title: 'Included papers' },
    screening: { fileName: 'screening.csv', mimeType: 'text/csv', title: 'Screening' },
    refs: { fileName: 'refs.bib', mimeType: 'application/x-bibtex', title: 'References' },
    flow: { fileName: 'flow.json', mimeType: 'application/json', title: 'Flow counts' },
    chart: { fileName: 'flow.svg', mimeType: 'image/svg+xml', title: 'Flow of papers' },
  },
  testSlice: 'Three of your papers: one query, each paper screened twice, one extracted, a short synthesis. No registry is asked.',
  plan: (run, stage) => {
    const papers = paperCount(run.max_papers, stage);
    return planOf(SIZES, stage, { screen: papers * SCREENERS, extract: stage === 'test' ? 1 : 0, extract_full: papers }, [
      ...(stage === 'full' ? [plannedTool('quotes', 'Check the quotations', papers), ...(run.full_text_files.length + run.full_text_urls.length > 0 ? [plannedTool('texts', 'Read the full texts', run.full_text_files.length + run.full_text_urls.length)] : [])] : []),
      ...(run.papers_file ? [plannedTool('file', 'Read the file')] : []),
      ...(stage === 'full' && run.registries.length > 0 ? [plannedTool('search', 'Search for papers', queryCount(stage) + 1)] : []),
    ]);
  },
  answers,
});

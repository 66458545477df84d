import { z } from 'zod';
import { planOf, plannedTool } from '#contracts/call-sizes';
import { uploadField } from '#contracts/catalog-inputs.schema';
import { defineCatalogEntry } from '#contracts/catalog.schema';
import { ATTENTION_ABSTRACT, LAB_REPORT } from './samples.ts';
import { claimCount, LEVELS, questionCount, ROLES, SIZES } from './sizes.ts';

/** Explain this paper: a paper goes in; three explanations, its claims with quotations that were looked up, a glossary and a
 * self-test come out. */
const LANGUAGES = ['English', 'German', 'French', 'Spanish', 'Italian', 'Portuguese', 'Polish', 'Chinese', 'Japanese', 'Arabic'] as const;
const DOCUMENTS = ['pdf', 'docx', 'html', 'markdown', 'text'] as const;
const EMPHASIS = { problem: 'The problem', method: 'How it was done', results: 'Results', limits: 'Limits', use: 'What it is good for' };
const input = z.strictObject({
  source: z.enum(['pasted', 'upload', 'address']).default('pasted').meta({ title: 'Where the paper is', description: 'What is read; an address is read in Full only.', 'x-enum-labels': { pasted: 'I paste its text', upload: 'I upload the file', address: 'It has a public address' } }),
  paper_text: z.string().trim().max(10_000).default('').meta({ title: 'Text of the paper', description: 'The paper or its most important sections, headings on lines of their own. With an address, paste the abstract: the Test looks at it alone.', 'x-ui': { widget: 'textarea', rows: 12 }, 'x-show-if': { field: 'source', in: ['pasted', 'address'] } }),
  paper_file: uploadField({ accept: DOCUMENTS, title: 'File', description: 'Up to 60 pages are read.', 'x-show-if': { field: 'source', equals: 'upload' } }).optional(),
  paper_url: z.url({ protocol: /^https?$/, error: 'must be a web address that begins with http:// or https://' }).max(2048).optional().meta({ title: 'Address', description: 'Of the PDF or of a page with the text.', examples: ['https://arxiv.org/pdf/1706.03762'], 'x-show-if': { field: 'source', equals: 'address' } }),
  paper_title: z.string().trim().max(200).default('').meta({ title: 'Title', description: 'Stands above the explainer. Left out: taken from the paper.' }),
  reader_level: z.enum(LEVELS).default('student').meta({ title: 'You are', description: 'Your explanation comes first; the other two follow.', 'x-enum-labels': { newcomer: 'New to the field', student: 'Studying the field', practitioner: 'Working in the field' } }),
  language: z.enum(LANGUAGES).default('English').meta({ title: 'Language', description: 'Of the explanations. Quotations stay in the language of the paper.' }),
  question: z.string().trim().max(300).default('').meta({ title: 'What you want to know', description: 'One question that the explanation has to answer, if you have one.', examples: ['Can I trust the comparison with the baseline?'] }),
  emphasis: z.array(z.enum(['problem', 'method', 'results', 'limits', 'use'])).max(5).default(['results', 'limits']).meta({ title: 'Dwell on', description: 'What gets most of the room.', uniqueItems: true, 'x-enum-labels': EMPHASIS }),
  known_terms: z.string().trim().max(300).default('').meta({ title: 'Terms you know', description: 'Left out of the glossary; separated by commas.', examples: ['neural network, loss, GPU'] }),
  claims: z.int().min(3).max(12).default(6).meta({ title: 'Claims to examine', description: 'Each is traced to a quotation.', 'x-ui': { widget: 'slider', step: 1, unit: 'claims' } }),
  min_similarity: z.int().min(70).max(100).default(90).meta({ title: 'How exact a quotation has to be', description: '100 % lets only typography differ. What is below counts as not found.', 'x-ui': { widget: 'slider', step: 5, unit: '%' } }),
  describe_figures: z.boolean().default(true).meta({ title: 'Put figures and tables in words', description: 'From captions and what the text says about them; pictures themselves are not looked at.' }),
  related_pages: z.boolean().default(true).meta({ title: 'Related pages of the library', description: 'Listed for reading on; the explanations rest on the paper alone.' }),
  self_test_questions: z.int().min(2).max(8).default(4).meta({ title: 'Questions of the self-test', description: 'Each answer is in the paper.', 'x-ui': { widget: 'slider', step: 1, unit: 'questions' } }),
}).superRefine((run, context) => {
  if (run.source === 'pasted' && run.paper_text.length < 40) context.addIssue({ code: 'custom', path: ['paper_text'], message: 'paste the paper, or at least its abstract' });
  if (run.source === 'upload' && !run.paper_file) context.addIssue({ code: 'custom', path: ['paper_file'], message: 'choose a file, or paste the text' });
  if (run.source === 'address' && !run.paper_url) context.addIssue({ code: 'custom', path: ['paper_url'], message: 'give the address, or paste the text' });
});
export type ExplainPaperInput = z.infer<typeof input>;

const text = (max: number) => z.string().min(1).max(max);
const MaterialId = z.string().min(1).max(60).describe('id of the material it comes from, like m3');
const answers = {
  section_map: (count: number) => z.strictObject({
    sections: z.array(z.strictObject({ material_id: MaterialId, role: z.enum(ROLES).describe('what the section does in the paper'), gist: text(200).describe('what the section says, in one sentence') })).min(1).max(Math.max(1, count)),
  }),
  claims: (count: number) => z.strictObject({
    claims: z.array(z.strictObject({
      quote: text(400).describe('the words of the paper that make the claim, copied letter by letter, one sentence'),
      claim: text(240).describe('the claim in plain words, with its conditions'),
      kind: z.enum(['finding', 'method', 'comparison', 'limitation', 'hypothesis']).describe('kind of claim'),
      support: text(240).describe('what the paper shows for it: data, comparison, proof, or that there is nothing'),
      material_id: MaterialId,
    })).min(1).max(Math.max(1, count)),
  }),
  figures: (count: number) => z.strictObject({
    figures: z.array(z.strictObject({ material_id: MaterialId, shows: text(300).describe('what is to be seen'), reading: text(300).describe('how to read it, and what it does not show') })).min(1).max(Math.max(1, count)),
  }),
  glossary: (count: number) => z.strictObject({
    terms: z.array(z.strictObject({ material_id: MaterialId, meaning: text(280).describe('what the term means in this paper') })).min(1).max(Math.max(1, count)),
  }),
  self_test: (count: number) => z.strictObject({
    questions: z.array(z.strictObject({
      question: text(300), options: z.array(text(160)).min(2).max(4), answer_index: z.int().min(0).max(3), explanation: text(300),
      quote: text(400).describe('the sentence of the paper that decides, copied letter by letter'), material_id: MaterialId,
    }).refine((asked) => asked.answer_index < asked.options.length, { path: ['answer_index'], message: 'has to be the place of one of the options, counted from 0' })).min(1).max(Math.max(1, count)),
  }),
} as const;
type Answer<Name extends keyof typeof answers> = z.infer<ReturnType<(typeof answers)[Name]>>;
export type SectionMap = Answer<'section_map'>;
export type Claims = Answer<'claims'>;
export type Figures = Answer<'figures'>;
export type Glossary = Answer<'glossary'>;
export type SelfTest = Answer<'self_test'>;

export const explainPaperDefinition = defineCatalogEntry({
  slug: 'explain_paper', workflowType: 'explainPaper', version: 1, title: 'Explain this paper',
  outcome: 'A paper explained at three levels, its claims traced to quotations that were looked up, a glossary and a self-test.',
  description: 'Reads the paper, maps its sections, finds claims and their evidence, looks every quotation up in the text, explains at three levels, puts figures in words, defines the terms and tests you.',
  personas: ['student', 'researcher'], tags: ['paper', 'reading', 'claims', 'glossary', 'quiz'], difficulty: 'beginner', estimatedMinutes: 4,
  input,
  tabs: [
    { key: 'paper', title: 'Paper', description: 'What is to be explained.', fields: ['source', 'paper_text', 'paper_file', 'paper_url', 'paper_title'] },
    { key: 'reader', title: 'Reader', description: 'Whom it is for.', fields: ['reader_level', 'language', 'question', 'known_terms', 'emphasis'] },
    { key: 'depth', title: 'Depth', description: 'How much is examined, and how strictly.', fields: ['claims', 'min_similarity', 'describe_figures', 'related_pages', 'self_test_questions'] },
  ],
  presets: [
    { key: 'lab_report', title: 'A short lab report on tiny language models', inputs: { paper_text: LAB_REPORT, paper_title: 'Does a longer context help a very small character model?', question: 'Can I conclude that context is useless?', known_terms: 'laptop, text', claims: 6 } },
    { key: 'attention', title: 'Attention Is All You Need, from arXiv', inputs: { source: 'address', paper_url: 'https://arxiv.org/pdf/1706.03762', paper_text: ATTENTION_ABSTRACT, paper_title: 'Attention Is All You Need', reader_level: 'newcomer', emphasis: ['problem', 'method'], claims: 8 } },
  ],
  skills: ['writing/paper-reading', 'learning/tutoring'],
  policy: { fullApproval: null },
  tools: ['read_upload', 'read_pdf', 'fetch_url', 'check_quote', 'library_search'],
  toolsFor: (run) => ['check_quote', ...(run.source === 'upload' ? ['read_upload'] : run.source === 'address' ? ['read_pdf', 'fetch_url'] : []), ...(run.related_pages ? ['library_search'] : [])],
  artifacts: {
    explainer: { fileName: 'explainer.md', mimeType: 'text/markdown', title: 'Explainer' },
    glossary: { fileName: 'glossary.md', mimeType: 'text/markdown', title: 'Glossary' },
    claims: { fileName: 'claims.csv', mimeType: 'text/csv', title: 'Claims with quotations' },
    sections: { fileName: 'sections.svg', mimeType: 'image/svg+xml', title: 'Where the paper spends its words' },
  },
  testSlice: 'The abstract alone: its place in the map, two claims with their quotations looked up, the explanation for you, two terms and one question.',
  plan: (run, stage) => planOf(SIZES, stage, { explain: stage === 'test' ? 1 : LEVELS.length, figures: run.describe_figures ? 1 : 0 }, [
    plannedTool('read', 'Read the paper'), plannedTool('quotes', 'Look the quotations up', claimCount(run.claims, stage)), plannedTool('verify', 'Look the answers up', questionCount(run.self_test_questions, stage)),
  ]),
  answers,
});

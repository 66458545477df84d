import { z } from 'zod';
import { planOf, plannedTool } from '#contracts/call-sizes';
import { tableField, uploadField } from '#contracts/catalog-inputs.schema';
import { defineCatalogEntry } from '#contracts/catalog.schema';
import { JOB_AD, SYLLABUS } from './samples.ts';
import { criterionCount, questionCount, SIZES, topicCount } from './sizes.ts';

/** Interview and exam coach: a syllabus or job advertisement goes in; questions are asked and graded live; a plan, a report and
 * a deck of cards with dates come out. */
const DOCUMENTS = ['pdf', 'docx', 'html', 'markdown', 'text'] as const;
const input = z.strictObject({
  occasion: z.enum(['interview', 'exam']).default('interview').meta({ title: 'Occasion', description: 'Sets the kind of questions.', 'x-enum-labels': { interview: 'A job interview', exam: 'An examination' } }),
  target: z.string().trim().min(3).max(160).meta({ title: 'What for', description: 'The job or the subject, in a few words.', examples: ['ML engineer, language models', 'Foundations of Language Models'] }),
  seniority: z.enum(['junior', 'middle', 'senior', 'lead']).default('middle').meta({ title: 'Level of the job', description: 'How deep the questions go.', 'x-show-if': { field: 'occasion', equals: 'interview' }, 'x-enum-labels': { junior: 'Junior', middle: 'Middle', senior: 'Senior', lead: 'Lead' } }),
  exam_form: z.enum(['oral', 'written', 'practical']).default('oral').meta({ title: 'Form of the examination', description: 'How the questions are put.', 'x-show-if': { field: 'occasion', equals: 'exam' }, 'x-enum-labels': { oral: 'Oral', written: 'Written', practical: 'Practical' } }),
  source: z.enum(['pasted', 'upload', 'address']).default('pasted').meta({ title: 'Syllabus or advertisement', description: 'Where it is; an address is read in Full only.', 'x-enum-labels': { pasted: 'I paste its text', upload: 'I upload the file', address: 'It has a public address' } }),
  source_text: z.string().trim().max(10_000).default('').meta({ title: 'Its text', description: 'Lists with one topic a line work best. With an address, paste a part: the Test looks at it alone.', 'x-ui': { widget: 'textarea', rows: 10 }, 'x-show-if': { field: 'source', in: ['pasted', 'address'] } }),
  source_file: uploadField({ accept: DOCUMENTS, title: 'Its file', description: 'Syllabus or job advertisement.', 'x-show-if': { field: 'source', equals: 'upload' } }).optional(),
  source_url: z.url({ protocol: /^https?$/, error: 'must be a web address that begins with http:// or https://' }).max(2048).optional().meta({ title: 'Its address', description: 'A public page or PDF.', 'x-show-if': { field: 'source', equals: 'address' } }),
  days: z.int().min(1).max(60).default(7).meta({ title: 'Days until then', description: 'Plan and cards are fitted into them.', 'x-ui': { widget: 'slider', step: 1, unit: 'days' } }),
  minutes_per_day: z.int().min(10).max(240).default(45).meta({ title: 'Time a day', description: 'What you can really spare.', 'x-ui': { widget: 'slider', step: 5, unit: 'minutes' } }),
  self_rating: tableField({
    title: 'Where you stand', description: 'Topics you rate yourself, 1 = new to me, 5 = could teach it. Others start in the middle.', max: 10,
    columns: { topic: z.string().trim().min(2).max(80).meta({ title: 'Topic' }), rating: z.int().min(1).max(5).meta({ title: 'Rating, 1 to 5' }) },
  }).default([]),
  questions: z.int().min(2).max(8).default(4).meta({ title: 'Questions to answer now', description: 'Asked one after the other; each depends on how you did before.', 'x-ui': { widget: 'slider', step: 1, unit: 'questions' } }),
  start_level: z.int().min(1).max(5).default(2).meta({ title: 'First question', description: '1 = recall a fact, 2 = explain, 3 = apply, 4 = compare, 5 = design.', 'x-ui': { widget: 'slider', step: 1, unit: 'of 5' } }),
  answer_minutes: z.int().min(1).max(120).default(15).meta({ title: 'Time for an answer', description: 'The run waits so long. Without an answer it asks no more, and goes on with plan and cards.', 'x-ui': { widget: 'slider', step: 1, unit: 'minutes' } }),
  manner: z.enum(['encouraging', 'neutral', 'strict']).default('neutral').meta({ title: 'Manner of the coach', description: 'The rubric is the same.', 'x-enum-labels': { encouraging: 'Encouraging', neutral: 'Neutral', strict: 'Strict' } }),
  cards: z.int().min(6).max(30).default(16).meta({ title: 'Cards', description: 'Size of the deck.', 'x-ui': { widget: 'slider', step: 1, unit: 'cards' } }),
  material_from: z.array(z.enum(['web_search', 'fetch_url'])).max(2).default([]).meta({ title: 'Beside the library', description: 'Questions and cards rest on the starter library; in Full they may rest on the network too.', uniqueItems: true, 'x-enum-labels': { web_search: 'Web search', fetch_url: 'Read web pages' } }),
}).superRefine((run, context) => {
  if (run.source === 'pasted' && run.source_text.length < 20) context.addIssue({ code: 'custom', path: ['source_text'], message: 'paste the syllabus or the advertisement' });
  if (run.source === 'upload' && !run.source_file) context.addIssue({ code: 'custom', path: ['source_file'], message: 'choose a file, or paste the text' });
  if (run.source === 'address' && !run.source_url) context.addIssue({ code: 'custom', path: ['source_url'], message: 'give the address, or paste the text' });
});
export type InterviewCoachInput = z.infer<typeof input>;

const text = (max: number) => z.string().min(1).max(max);
const MaterialId = z.string().min(1).max(60).describe('id of the material it rests on, like m3');
const answers = {
  topics: (count: number) => z.strictObject({
    topics: z.array(z.strictObject({
      title: text(80), material_id: MaterialId, priority: z.int().min(1).max(8).describe('1 = decides the outcome'),
      builds_on_numbers: z.array(z.int().min(1).max(8)).max(2).describe('numbers of earlier topics of this list that have to come before, counted from 1'), search_query: text(120).describe('three to six words to search material with'),
    })).min(1).max(Math.max(1, count)),
  }),
  question: (criteria: number) => z.strictObject({
    questions: z.array(z.strictObject({
      interview_question: text(400).describe('one open question, without its answer'), ideal_answer: text(700).describe('what a very good answer says'), material_id: MaterialId,
      criteria: z.array(z.strictObject({ criterion: text(200).describe('one thing a good answer says, that can be seen in its words'), points: z.int().min(1).max(4) })).min(1).max(criteria),
    })).min(1).max(1),
  }),
  grade: z.strictObject({
    score: z.number().min(0).max(1).multipleOf(0.5).describe('0 = not there, 0.5 = in part, 1 = there'),
    quote: z.string().max(300).describe('the words of the answer that show it, copied letter by letter; empty when there are none'),
    feedback: text(240).describe('what was right, and what would have reached the point'),
  }),
  cards: (count: number) => z.strictObject({
    cards: z.array(z.strictObject({ question: text(300).describe('front of the card: one idea'), answer: text(400).describe('back of the card'), material_id: MaterialId })).min(1).max(Math.max(1, count)),
  }),
  reply: z.strictObject({
    answer: z.string().trim().max(4000).default('').meta({ title: 'Your answer', description: 'As you would say it. Empty = I do not know.', 'x-ui': { widget: 'textarea', rows: 8 } }),
    confidence: z.int().min(1).max(5).default(3).meta({ title: 'How sure are you?', description: '1 = guessing, 5 = certain', 'x-ui': { widget: 'slider', step: 1, unit: 'of 5' } }),
    enough: z.boolean().default(false).meta({ title: 'Ask no more after this one', description: 'Go on with plan and cards.' }),
  }),
} as const;
export type TopicsAnswer = z.infer<ReturnType<typeof answers.topics>>;
export type QuestionAnswer = z.infer<ReturnType<typeof answers.question>>;
export type GradeAnswer = z.infer<typeof answers.grade>;
export type CardsAnswer = z.infer<ReturnType<typeof answers.cards>>;
export type Reply = z.infer<typeof answers.reply>;

export const interviewCoachDefinition = defineCatalogEntry({
  slug: 'interview_coach', workflowType: 'interviewCoach', version: 1, title: 'Interview and exam coach',
  outcome: 'Questions asked and graded live, a plan for your days, and a deck of cards with review dates.',
  description: 'Reads a syllabus or job advertisement, makes a graph of topics, asks questions that follow your answers, grades each by a rubric with words of yours as proof, and lays out plan and cards over your days.',
  personas: ['student'], tags: ['interview', 'exam', 'quiz', 'flashcards', 'study plan'], difficulty: 'beginner', estimatedMinutes: 10,
  input,
  tabs: [
    { key: 'occasion', title: 'Occasion', description: 'What you prepare for.', fields: ['occasion', 'target', 'seniority', 'exam_form', 'source', 'source_text', 'source_file', 'source_url'] },
    { key: 'time', title: 'Time', description: 'What you have.', fields: ['days', 'minutes_per_day', 'self_rating'] },
    { key: 'session', title: 'Session', description: 'The questions of today.', fields: ['questions', 'start_level', 'answer_minutes', 'manner'] },
    { key: 'outputs', title: 'Cards and material', description: 'What you take away.', fields: ['cards', 'material_from'] },
  ],
  presets: [
    { key: 'job', title: 'ML engineer interview in a week', inputs: { target: 'ML engineer for language model applications', source_text: JOB_AD, days: 7, minutes_per_day: 45, self_rating: [{ topic: 'retrieval', rating: 4 }, { topic: 'prompt injection', rating: 2 }] } },
    { key: 'oral_exam', title: 'Oral exam on language models in 14 days', inputs: { occasion: 'exam', target: 'Foundations of Language Models', source_text: SYLLABUS, days: 14, minutes_per_day: 60, questions: 5, start_level: 3, manner: 'strict', cards: 24 } },
  ],
  skills: ['learning/interview-practice', 'learning/tutoring'],
  policy: { fullApproval: null },
  tools: ['read_upload', 'read_pdf', 'fetch_url', 'library_search', 'web_search', 'check_quote'],
  toolsFor: (run) => [...new Set(['check_quote', 'library_search', ...run.material_from, ...(run.source === 'upload' ? ['read_upload'] : run.source === 'address' ? ['read_pdf', 'fetch_url'] : [])])],
  artifacts: {
    report: { fileName: 'report.md', mimeType: 'text/markdown', title: 'Report and plan' },
    deck: { fileName: 'deck.csv', mimeType: 'text/csv', title: 'Cards with review days' },
    plan: { fileName: 'plan.csv', mimeType: 'text/csv', title: 'Plan, day by day' },
  },
  testSlice: 'Two topics, one question that is really asked and graded by two criteria, two cards.',
  plan: (run, stage) => {
    const questions = questionCount(run.questions, stage);
    return planOf(SIZES, stage, { question: questions, grade: questions * criterionCount(stage) }, [plannedTool('read', 'Read the syllabus or advertisement'), plannedTool('find', 'Find material', topicCount(run.days, stage)), plannedTool('grade', 'Look the quotations up', questions * criterionCount(stage))]);
  },
  answers,
});

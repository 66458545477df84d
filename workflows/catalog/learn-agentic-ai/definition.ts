import { z } from 'zod';
import { defineCatalogEntry, type PlannedCall } from '#contracts/catalog.schema';
import { FRAMEWORKS, materialsPerTopic, quizLength, topicCount } from './sizes.ts';

/** Learn Agentic AI: what the form shows, what the API accepts, what a run plans to spend. */
const input = z.strictObject({
  learning_goal: z.string().trim().min(10).max(500).meta({
    title: 'Learning goal', description: 'What you want to be able to do afterwards, in one or two sentences.', 'x-ui': { widget: 'textarea', rows: 3 },
    examples: ['Build an agent that searches the web and writes a short report', 'Understand how agents use tools and when they fail', 'Choose between LangChain, LlamaIndex and CrewAI for a support bot'],
  }),
  difficulty: z.enum(['beginner', 'intermediate', 'advanced']).default('beginner').meta({
    title: 'Where you start', description: 'The notes and the quiz are pitched at this level.',
    'x-enum-labels': { beginner: 'Beginner: new to agents', intermediate: 'Intermediate: wrote a few prompts or chains', advanced: 'Advanced: shipped something with an agent' },
  }),
  timebox_minutes: z.int().min(15).max(480).default(60).meta({
    title: 'Time you have', description: 'The syllabus is fitted into this many minutes.', 'x-ui': { widget: 'slider', step: 15, unit: 'minutes' },
  }),
  agent_framework: z.enum(FRAMEWORKS).default('LangChain').meta({ title: 'Framework', description: 'Examples and exercises use this framework where one is needed.' }),
  tools_enabled: z.array(z.enum(['library_search', 'web_search', 'fetch_url', 'read_pdf', 'notes_writer', 'check_citations'])).max(6)
    .refine((tools) => new Set(tools).size === tools.length, 'each tool only once').default(['library_search', 'notes_writer', 'check_citations']).meta({
      title: 'Tools', description: 'What the workflow may use to find and check material. Network tools are used in Full only.', uniqueItems: true,
      'x-enum-labels': { library_search: 'Starter library (offline)', web_search: 'Web search', fetch_url: 'Read web pages', read_pdf: 'Read PDFs', notes_writer: 'Notes writer', check_citations: 'Citation checker' },
    }),
  trace_level: z.enum(['off', 'basic', 'full']).default('full').meta({
    title: 'Trace detail', description: 'What trace.json keeps of prompts and answers.', 'x-enum-labels': { off: 'Off: timings and tokens only', basic: 'Basic: answers too', full: 'Full: prompts and answers' },
  }),
  notes_format: z.enum(['markdown', 'html', 'pdf_ready']).default('markdown').meta({
    title: 'Notes format', description: 'notes.md is always made; HTML and a print-ready page come beside it.', 'x-enum-labels': { markdown: 'Markdown', html: 'Markdown and HTML', pdf_ready: 'Markdown and a print-ready page' },
  }),
  export_options: z.array(z.enum(['quiz_json', 'flashcards_csv'])).max(2).default(['quiz_json']).meta({
    title: 'Also export', description: 'Extra files for your tools.', uniqueItems: true, 'x-enum-labels': { quiz_json: 'Quiz as JSON', flashcards_csv: 'Flashcards as CSV' },
  }),
});

export type LearnAgenticAiInput = z.infer<typeof input>;

const shortText = (max: number) => z.string().min(1).max(max);
const answers = {
  diagnosis: z.strictObject({
    starting_point: shortText(400).describe('what the learner probably knows already, given level and goal'),
    gaps: z.array(shortText(160)).min(1).max(4).describe('what is missing for the goal, most important first'),
  }),
  syllabus: (topics: number) => z.strictObject({
    topics: z.array(z.strictObject({
      title: shortText(90), why: shortText(220).describe('why this topic serves the learning goal'),
      minutes: z.int().min(5).max(240), search_query: shortText(120).describe('words to search material with'),
    })).min(topics).max(topics),
  }),
  quiz: (questions: number) => z.strictObject({
    questions: z.array(z.strictObject({
      question: shortText(240), options: z.array(shortText(160)).min(2).max(4), answer_index: z.int().min(0).max(3), explanation: shortText(300),
    }).refine((asked) => asked.answer_index < asked.options.length, { path: ['answer_index'], message: 'has to be the place of one of the options, counted from 0' })).min(questions).max(questions),
  }),
  gap_check: z.strictObject({
    covered: z.boolean().describe('true when the notes serve the learning goal'),
    missing: z.array(z.strictObject({ topic: shortText(90), search_query: shortText(120) })).max(2),
  }),
} as const;

export type Diagnosis = z.infer<typeof answers.diagnosis>;
export type Syllabus = z.infer<ReturnType<typeof answers.syllabus>>;
export type Quiz = z.infer<ReturnType<typeof answers.quiz>>;
export type GapCheck = z.infer<typeof answers.gap_check>;

/** The calls a run makes, for estimate and caps; sizes.ts is what the workflow itself uses. */
function plan(run: LearnAgenticAiInput, stage: 'test' | 'full'): PlannedCall[] {
  const topics = topicCount(run.timebox_minutes, stage);
  const material = materialsPerTopic(stage) * 700;
  const model = (step: string, title: string, inputTokens: number, maxOutputTokens: number, repeat = 1): PlannedCall => ({ step, title, kind: 'model', inputTokens, maxOutputTokens, repeat });
  const small = stage === 'test';
  return [
    { step: 'survey', title: 'Survey the library', kind: 'tool', inputTokens: 0, maxOutputTokens: 0, repeat: 1 },
    model('diagnose', 'See where you stand', 900, small ? 120 : 400),
    model('syllabus', 'Fit a syllabus to your time', 1000, small ? 130 : 900),
    { step: 'find', title: 'Find material', kind: 'tool', inputTokens: 0, maxOutputTokens: 0, repeat: topics },
    model('note', 'Read and write notes', 350 + material, small ? 380 : 1600, topics),
    model('quiz', 'Make a quiz', 400 + topics * 500, small ? 220 : 300 * quizLength(run.timebox_minutes, stage)),
    model('gaps', 'Check for gaps', 300 + topics * 500, small ? 90 : 300),
    ...(small ? [] : [model('fill', 'Fill the gaps', 350 + material, 900, 2)]),
  ];
}

export const learnAgenticAiDefinition = defineCatalogEntry({
  slug: 'learn_agentic_ai', workflowType: 'learnAgenticAi', version: 1, title: 'Learn Agentic AI',
  outcome: 'A syllabus that fits your time, notes with sources for every topic, and a quiz that finds your gaps.',
  description: 'Diagnoses where you stand, fits a syllabus to your timebox, finds and reads material for each topic, writes notes with citations, quizzes you, checks for gaps and fills them.',
  personas: ['student'], tags: ['agents', 'learning', 'notes', 'quiz'], difficulty: 'beginner', estimatedMinutes: 5,
  input,
  tabs: [
    { key: 'objective', title: 'Objective', description: 'What you want to learn, and in how much time.', fields: ['learning_goal', 'difficulty', 'timebox_minutes'] },
    { key: 'framework', title: 'Framework', description: 'The framework the examples use.', fields: ['agent_framework'] },
    { key: 'tools', title: 'Tools', description: 'Where material comes from and what the trace keeps.', fields: ['tools_enabled', 'trace_level'] },
    { key: 'run_mode', title: 'Run mode', description: 'Check, try small, or run fully.', fields: [] },
    { key: 'outputs', title: 'Outputs', description: 'The files you take away.', fields: ['notes_format', 'export_options'] },
  ],
  presets: [
    { key: 'first_agent', title: 'My first agent in an hour', inputs: { learning_goal: 'Build a small agent that calls tools, and understand why it sometimes fails', timebox_minutes: 60 } },
    { key: 'framework_choice', title: 'Choose a framework', inputs: { learning_goal: 'Decide which agent framework fits a customer support assistant, with reasons', difficulty: 'intermediate', timebox_minutes: 120, agent_framework: 'LlamaIndex' } },
    { key: 'safety', title: 'Safe agents', inputs: { learning_goal: 'Know how prompt injection works against agents and which guardrails help', difficulty: 'advanced', timebox_minutes: 90 } },
  ],
  skills: ['agents/agent-loop', 'agents/tool-calling', 'agents/langchain', 'agents/llamaindex', 'agents/crewai', 'agents/autogpt'],
  policy: { fullApproval: null },
  tools: ['library_search', 'web_search', 'fetch_url', 'read_pdf', 'check_citations'],
  toolsFor: (run) => run.tools_enabled.filter((tool) => tool !== 'notes_writer'),
  artifacts: {
    notes: { fileName: 'notes.md', mimeType: 'text/markdown', title: 'Notes' },
    html: { fileName: 'notes.html', mimeType: 'text/html', title: 'Notes as a page' },
    quiz: { fileName: 'quiz.json', mimeType: 'application/json', title: 'Quiz' },
    flashcards: { fileName: 'flashcards.csv', mimeType: 'text/csv', title: 'Flashcards' },
  },
  testSlice: 'One topic with one source: diagnosis, syllabus, a short note, one quiz question and a gap check.',
  plan, answers,
});

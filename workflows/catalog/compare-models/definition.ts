import { z } from 'zod';
import { tableField, uploadField } from '#contracts/catalog-inputs.schema';
import { planOf, plannedTool } from '#contracts/call-sizes';
import { pairAnswer } from '#contracts/pair-answer.schema';
import { defineCatalogEntry } from '#contracts/catalog.schema';
import type { ProviderId } from '#contracts/providers';
import { PRESETS } from './presets.ts';
import { candidateCount, caseCount, judgedCount, SIZES } from './sizes.ts';

/** Compare models on my task: what the form shows, what the API accepts, what a run plans to spend. `own` is the run's model. */
const MODELS = {
  own: 'The model of this run',
  'openai gpt-5.2-2025-12-11': 'OpenAI GPT-5.2', 'openai gpt-4o-mini': 'OpenAI GPT-4o mini',
  'anthropic claude-sonnet-4-20250514': 'Anthropic Claude Sonnet 4', 'anthropic claude-3-5-haiku-20241022': 'Anthropic Claude 3.5 Haiku',
  'gemini gemini-2.0-flash': 'Gemini 2.0 Flash', 'gemini gemini-2.5-flash': 'Gemini 2.5 Flash',
  'deepseek deepseek-chat': 'DeepSeek Chat', 'groq llama-3.3-70b-versatile': 'Llama 3.3 70B on Groq', 'groq llama-3.1-8b-instant': 'Llama 3.1 8B on Groq',
} as const;
const modelNames = Object.keys(MODELS) as [keyof typeof MODELS, ...(keyof typeof MODELS)[]];

/** @returns null for the run's own model */
function targetOf(model: string): { provider: ProviderId; model: string } | null {
  const [provider, ...name] = model.split(' ');
  return model === 'own' ? null : { provider: provider as ProviderId, model: name.join(' ') };
}

const input = z.strictObject({
  task: z.string().trim().min(10).max(1000).meta({ title: 'Task', description: 'What every candidate is asked to do with each case.', 'x-ui': { widget: 'textarea', rows: 3 }, examples: ['Find the invoice number in the e-mail. Answer with the number alone.'] }),
  cases: tableField({
    title: 'Cases', description: 'Real inputs of your task, each with the answer you would accept. Twenty tell more than five.', min: 2, max: 40,
    columns: { text: z.string().trim().min(1).max(2000).meta({ title: 'Input' }), expected: z.string().trim().min(1).max(500).meta({ title: 'Expected answer' }) },
  }),
  cases_file: uploadField({ accept: ['csv'], title: 'More cases from a file', description: 'Added to the cases above. The columns have to be named text and expected.' }).optional(),
  candidates: tableField({
    title: 'Candidates', description: 'The first one is the baseline that the others are tested against. The same model may compete with several instructions.', min: 2, max: 4,
    columns: {
      name: z.string().trim().min(1).max(40).meta({ title: 'Name' }), model: z.enum(modelNames).meta({ title: 'Model', 'x-enum-labels': MODELS }),
      instruction: z.string().trim().max(400).optional().meta({ title: 'Instruction of its own' }),
    },
  }),
  metric: z.enum(['contains', 'exact', 'number']).default('contains').meta({ title: 'When an answer is right', description: 'Decided by code, not by a model.', 'x-enum-labels': { contains: 'It contains the expected text', exact: 'It is the expected text', number: 'Its first number is within 1 % of the expected one' } }),
  sample_size: z.int().min(2).max(20).default(10).meta({ title: 'Cases to use', description: 'A Full run takes this many, spread evenly over all you gave.', 'x-ui': { widget: 'slider', step: 1, unit: 'cases' } }),
  judge: z.boolean().default(true).meta({ title: 'Ask a judge too', description: 'The model of this run compares each candidate with the baseline in both orders. It costs two calls a pair and never changes the score.' }),
  practice: z.boolean().default(true).meta({ title: 'Read good practice in the library', description: 'The advice then says what the library holds on comparing models; in Full only.' }),
});
export type CompareModelsInput = z.infer<typeof input>;

const answers = {
  pair: pairAnswer('which answer serves the task better'),
  failures: (items: number) => z.strictObject({
    failures: z.array(z.strictObject({ kind: z.enum(['wrong_content', 'wrong_format', 'incomplete', 'refused', 'off_task']).describe('kind of failure'), reason: z.string().min(1).max(240).describe('what went wrong in this answer') })).min(items).max(items),
  }),
} as const;
export type FailureReading = z.infer<ReturnType<typeof answers.failures>>;

export const compareModelsDefinition = defineCatalogEntry({
  slug: 'compare_models', workflowType: 'compareModels', version: 2, title: 'Compare models on my task',
  outcome: 'A leaderboard with intervals and significance on your own cases, the failures sorted, and a pick that says how sure it is.',
  description: 'Takes an even sample of your cases, lets every candidate answer, scores by code, asks a judge in both orders, tests the differences, sorts the failures and picks.',
  personas: ['ml_engineer', 'data_scientist', 'ai_architect'], tags: ['evaluation', 'models', 'leaderboard'], difficulty: 'intermediate', estimatedMinutes: 5,
  input,
  tabs: [
    { key: 'task', title: 'Task and cases', description: 'What is to be done, and how you know it is right.', fields: ['task', 'cases', 'cases_file', 'metric'] },
    { key: 'candidates', title: 'Candidates', description: 'Who competes.', fields: ['candidates'] },
    { key: 'method', title: 'Method', description: 'How much is looked at.', fields: ['sample_size', 'judge', 'practice'] },
  ],
  presets: PRESETS,
  skills: ['evaluation/model-comparison', 'agents/evaluation', 'agents/prompting'],
  policy: { fullApproval: null },
  tools: ['query_data', 'library_search'], toolsFor: (run) => [...(run.cases_file ? ['query_data'] : []), ...(run.practice ? ['library_search'] : [])],
  targetsFor: (run) => {
    const named = [...new Set(run.candidates.map((candidate) => candidate.model))];
    return named.map(targetOf).filter((target) => target !== null);
  },
  artifacts: {
    failures: { fileName: 'failures.md', mimeType: 'text/markdown', title: 'Pick and failures' },
    leaderboard: { fileName: 'leaderboard.csv', mimeType: 'text/csv', title: 'Leaderboard' },
  },
  testSlice: 'Two cases and the first two candidates: answers, scores, one judged pair and the reading of at most two failures.',
  plan: (run, stage) => {
    const [cases, candidates] = [caseCount(run.sample_size, stage), candidateCount(run.candidates.length, stage)];
    return planOf(SIZES, stage, { answer: cases * candidates, judge: run.judge ? judgedCount(cases, stage) * (candidates - 1) * 2 : 0 }, [...(run.cases_file ? [plannedTool('cases', 'Read the cases')] : []), ...(run.practice && stage === 'full' ? [plannedTool('library', 'Look into the library')] : [])]);
  },
  answers,
});

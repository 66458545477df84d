import { z } from 'zod';
import { tableField, uploadField } from '#contracts/catalog-inputs.schema';
import { plannedTool, planOf } from '#contracts/call-sizes';
import { pairAnswer } from '#contracts/pair-answer.schema';
import { defineCatalogEntry } from '#contracts/catalog.schema';
import { FEES, INVOICES } from './presets.ts';
import { answerCalls, MAX_JUDGED, roundCount, SIZES, splitOf } from './sizes.ts';
import { STRATEGIES, STRATEGY_LABELS } from './strategies.ts';

/** Prompt optimiser: a prompt and examples go in, a prompt that is better on cases it was not tuned on comes out, or the news that none was found. */
const input = z.strictObject({
  start_prompt: z.string().trim().min(10).max(1500).meta({ title: 'Prompt to improve', description: 'One rule a line; whole lines are added and taken away. It is the baseline.', 'x-ui': { widget: 'textarea', rows: 5 }, examples: ['Find the invoice number in the e-mail.\nAnswer with the number.'] }),
  must_keep: z.string().trim().max(300).default('').meta({ title: 'What has to stay', description: 'A sentence that every version must hold, for law or brand. Left empty: nothing.' }),
  examples: tableField({ title: 'Examples', description: 'Real inputs, each with the answer you would accept. Part of them is held back for the end.', min: 4, max: 40, columns: {
    text: z.string().trim().min(1).max(1500).meta({ title: 'Input' }), expected: z.string().trim().min(1).max(300).meta({ title: 'Expected answer' }),
  } }),
  examples_file: uploadField({ accept: ['csv'], title: 'More examples from a file', description: 'Added to the examples above, up to 40 in all. The columns have to be named text and expected.' }).optional(),
  metric: z.enum(['contains', 'exact', 'number']).default('contains').meta({ title: 'When an answer is right', description: 'Decided by code, not by a model.', 'x-enum-labels': { contains: 'It contains the expected text', exact: 'It is the expected text', number: 'Its first number is within 1 % of the expected one' } }),
  max_words: z.int().min(0).max(300).default(0).meta({ title: 'Longest answer', description: 'An answer with more words counts as wrong. 0: no limit.', 'x-ui': { widget: 'slider', step: 1, unit: 'words' } }),
  strategies: z.array(z.enum(STRATEGIES)).min(1).max(6).refine((names) => new Set(names).size === names.length, 'each kind only once').default(['limit', 'evidence', 'format', 'example']).meta({ title: 'Kinds of change to try', description: 'One change at a time, so that you can see what helped.', uniqueItems: true, 'x-enum-labels': STRATEGY_LABELS }),
  candidates: z.int().min(1).max(4).default(3).meta({ title: 'Candidates a round', description: 'Each is scored on all development cases.', 'x-ui': { widget: 'slider', step: 1, unit: 'prompts' } }),
  rounds: z.int().min(1).max(4).default(2).meta({ title: 'Rounds at most', description: 'It stops earlier when a round brings no gain.', 'x-ui': { widget: 'slider', step: 1, unit: 'rounds' } }),
  call_budget: z.int().min(20).max(300).default(120).meta({ title: 'Call budget', description: 'Answers asked for at most; what the final check needs is kept aside.', 'x-ui': { widget: 'slider', step: 10, unit: 'calls' } }),
  holdout_percent: z.int().min(20).max(50).default(33).meta({ title: 'Held back', description: 'Share of the examples that no round sees; the winner is checked on them once.', 'x-ui': { widget: 'slider', step: 1, unit: '%' } }),
  judge: z.boolean().default(true).meta({ title: 'Ask a judge too', description: `Where the winner answers a held-back case in other words than your prompt, a judge compares both answers in both orders, ${MAX_JUDGED} cases at most. It never changes the score.` }),
});
export type PromptOptimiserInput = z.infer<typeof input>;

const answers = {
  changes: (items: number) => z.strictObject({
    changes: z.array(z.strictObject({
      strategy_title: z.string().min(1).max(60).describe('which kind of change it is, by its title'),
      rule: z.string().min(5).max(300).describe('the one rule to add to the prompt, worded for this task'),
      hypothesis: z.string().min(1).max(240).describe('which failure it mends, and why'),
      removes_line: z.int().min(0).max(30).describe('line of the prompt that it replaces, counted from 1; 0 to only add'),
    })).min(1).max(Math.max(1, items)),
  }),
  pair: pairAnswer('which answer serves the task better'),
} as const;
export type Changes = z.infer<ReturnType<typeof answers.changes>>;

export const promptOptimiserDefinition = defineCatalogEntry({
  slug: 'prompt_optimiser', workflowType: 'promptOptimiser', version: 2, title: 'Prompt optimiser',
  outcome: 'A prompt with its gain on examples it was not tuned on, every try in a table, and a regression set.',
  description: 'Splits the examples, scores your prompt by code, tries one change at a time, keeps what gains, stops when nothing does or the budget ends, checks the winner once on what was held back, and lets a judge compare both there in both orders.',
  personas: ['ml_engineer', 'data_scientist'], tags: ['prompt', 'optimisation', 'evaluation', 'regression'], difficulty: 'intermediate', estimatedMinutes: 5,
  input,
  tabs: [
    { key: 'prompt', title: 'Prompt and examples', description: 'What is to get better, and how that is measured.', fields: ['start_prompt', 'must_keep', 'examples', 'examples_file'] },
    { key: 'metric', title: 'Metric', description: 'When an answer is right.', fields: ['metric', 'max_words'] },
    { key: 'search', title: 'Search', description: 'What is tried, and how much it may cost.', fields: ['strategies', 'candidates', 'rounds', 'call_budget', 'holdout_percent', 'judge'] },
  ],
  presets: [
    { key: 'invoices', title: 'Invoice numbers in at most 20 words', inputs: { start_prompt: 'Read the e-mail and say what it says about the invoice.\nExplain it in 90 words.', examples: INVOICES, max_words: 20 } },
    { key: 'fees', title: 'Yearly fees as a number', inputs: { start_prompt: 'What does the customer have to pay?', examples: FEES, metric: 'number', strategies: ['format', 'order', 'evidence'], candidates: 2, rounds: 1, holdout_percent: 25 } },
  ],
  skills: ['evaluation/prompt-optimisation', 'agents/prompting', 'evaluation/statistics'],
  policy: { fullApproval: null },
  tools: ['library_search', 'query_data'],
  toolsFor: (run) => ['library_search', ...(run.examples_file ? ['query_data'] : [])],
  artifacts: {
    prompt: { fileName: 'prompt.md', mimeType: 'text/markdown', title: 'Prompt' },
    history: { fileName: 'history.csv', mimeType: 'text/csv', title: 'Every try' },
    regress: { fileName: 'regress.json', mimeType: 'application/json', title: 'Regression set' },
    progress: { fileName: 'progress.svg', mimeType: 'image/svg+xml', title: 'Right answers by try' },
  },
  testSlice: 'One round with one change on three examples, and a short reading; nothing is held back.',
  plan: (run, stage) => {
    // A file may bring the examples up to forty.
    const cases = run.examples_file ? 40 : run.examples.length;
    const budget = { cases, holdoutPercent: run.holdout_percent, rounds: run.rounds, candidates: run.candidates, calls: run.call_budget };
    return planOf(SIZES, stage, { answer: answerCalls(budget, stage), propose: roundCount(run.rounds, stage), judge: run.judge && stage === 'full' ? 2 * Math.min(MAX_JUDGED, splitOf(cases, run.holdout_percent, stage).holdout.length) : 0 }, [plannedTool('library', 'Look into the library'), ...(run.examples_file ? [plannedTool('split', 'Read the examples')] : [])]);
  },
  answers,
});

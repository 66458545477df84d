import { z } from 'zod';
import { plannedTool, planOf } from '#contracts/call-sizes';
import { columnsOf, uploadField } from '#contracts/catalog-inputs.schema';
import { defineCatalogEntry } from '#contracts/catalog.schema';
import { TABLE_KINDS } from '#contracts/uploads';
import { ORDERS, TICKETS } from './samples.ts';
import { AGGREGATES, SIZES } from './sizes.ts';

/** Ask my data: a question and a table go in, a memo with figures that two calculations agree on comes out. */
const AGGREGATE_LABELS = { count: 'Number of rows', sum: 'Sum', average: 'Average', median: 'Median', lowest: 'Lowest value', highest: 'Highest value' };
const column = z.string().trim().min(1).max(120);
const tableColumns = columnsOf('data_file', 'data_csv');
const input = z.strictObject({
  question: z.string().trim().min(8).max(400).meta({ title: 'Question', description: 'What you want to know from the table, in one sentence.', 'x-ui': { widget: 'textarea', rows: 2 }, examples: ['What did each region sell?', 'Which team answers slowest?'] }),
  data_csv: z.string().trim().max(10_000).default('').meta({ title: 'Rows as CSV', description: 'Paste rows with a header line, or upload a file below. An upload goes before this text.', 'x-ui': { widget: 'textarea', rows: 10 }, examples: ['region,amount\nNorth,10\nSouth,12'] }),
  data_file: uploadField({ accept: TABLE_KINDS, title: 'Upload', description: 'A table to use in place of the pasted rows.' }).optional(),
  measure_column: column.optional().meta({ ...tableColumns, title: 'Column to calculate with', description: 'A column of numbers. Left out: chosen from the question.', 'x-show-if': { field: 'aggregate', not: 'count' } }),
  group_column: column.optional().meta({ ...tableColumns, title: 'One figure for each', description: 'The column to group by. Left out: chosen from the question.' }),
  aggregate: z.enum([...AGGREGATES, 'choose']).default('choose').meta({ title: 'Calculation', description: 'What to calculate.', 'x-enum-labels': { choose: 'Choose from the question', ...AGGREGATE_LABELS } }),
  reader: z.enum(['team', 'management', 'public']).default('team').meta({ title: 'Reader', description: 'Whom the memo is for.', 'x-enum-labels': { team: 'My team', management: 'Management', public: 'Everybody' } }),
  practice: z.boolean().default(true).meta({ title: 'Read good practice in the library', description: 'The memo then says what such a figure can and cannot show; in Full only.' }),
}).refine((given) => given.data_file !== undefined || given.data_csv.length >= 3, { path: ['data_csv'], error: 'is needed: paste rows here, or upload a file' });
export type AskMyDataInput = z.infer<typeof input>;

const answers = {
  calculation: z.strictObject({
    aggregate: z.enum(AGGREGATES).describe('what answers the question'),
    measure_column: z.string().max(120).describe('name of the column with the numbers, exactly as in the table; empty for count'),
    group_column: z.string().max(120).describe('name of the column to group by, exactly as in the table; empty for one figure over all rows'),
  }),
} as const;
export type CalculationAnswer = z.infer<typeof answers.calculation>;

export const askMyDataDefinition = defineCatalogEntry({
  slug: 'ask_my_data', workflowType: 'askMyData', version: 2, title: 'Ask my data',
  outcome: 'A memo that answers your question with figures that were calculated in two ways.',
  description: 'Profiles the table, plans the calculation, runs it, calculates it again another way, settles a difference by a third, draws a chart and writes a memo that names rows and columns.',
  personas: ['data_scientist'], tags: ['analysis', 'sql', 'chart', 'memo'], difficulty: 'beginner', estimatedMinutes: 2,
  input,
  tabs: [
    { key: 'question', title: 'Question', description: 'What you want to know, and from what.', fields: ['question', 'data_csv', 'data_file'] },
    { key: 'calculation', title: 'Calculation', description: 'Only if you want to fix it yourself.', fields: ['aggregate', 'measure_column', 'group_column'] },
    { key: 'memo', title: 'Memo', description: 'Whom it is for.', fields: ['reader', 'practice'] },
  ],
  presets: [
    { key: 'regions', title: 'Sales by region', inputs: { question: 'What did each region sell in May, in euros?', data_csv: ORDERS, measure_column: 'amount_eur', group_column: 'region', aggregate: 'sum', reader: 'management' } },
    { key: 'tickets', title: 'Slowest support team', inputs: { question: 'Which team takes longest to the first answer, by the median?', data_csv: TICKETS, measure_column: 'hours_to_answer', group_column: 'team', aggregate: 'median' } },
  ],
  skills: ['data/analysis-with-sql', 'data/data-quality'],
  policy: { fullApproval: null },
  tools: ['profile_data', 'query_data', 'library_search'],
  toolsFor: (run) => ['profile_data', 'query_data', ...(run.practice ? ['library_search'] : [])],
  artifacts: {
    memo: { fileName: 'memo.md', mimeType: 'text/markdown', title: 'Memo' },
    code: { fileName: 'analysis.sql', mimeType: 'application/sql', title: 'The queries' },
    figures: { fileName: 'figures.csv', mimeType: 'text/csv', title: 'The figures' },
    chart: { fileName: 'chart.svg', mimeType: 'image/svg+xml', title: 'Chart' },
  },
  testSlice: 'One figure over all rows, calculated in two ways, and a short memo.',
  plan: (input, stage) => planOf(SIZES, stage, {}, [plannedTool('profile', 'Profile the table'), plannedTool('calculate', 'Calculate', 3), ...(input.practice && stage === 'full' ? [plannedTool('library', 'Look into the library')] : [])]),
  answers,
});

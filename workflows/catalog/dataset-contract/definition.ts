import { z } from 'zod';
import { plannedTool, planOf } from '#contracts/call-sizes';
import { columnsOf, uploadField } from '#contracts/catalog-inputs.schema';
import { defineCatalogEntry } from '#contracts/catalog.schema';
import { TABLE_KINDS } from '#contracts/uploads';
import { SENSORS, SUBSCRIPTIONS } from './samples.ts';
import { SIZES, STRICTNESS } from './sizes.ts';

/** Dataset profile and contract: a table goes in, its profile and rules that were tried on it come out. */
const column = z.string().trim().min(1).max(120);
const tableColumns = columnsOf('data_file', 'data_csv');
const input = z.strictObject({
  purpose: z.string().trim().min(10).max(500).meta({ title: 'What the data is for', description: 'The same table can be fine for a report and useless for a model. One or two sentences.', 'x-ui': { widget: 'textarea', rows: 3 }, examples: ['Train a model that predicts which customers cancel', 'Weekly report of station readings'] }),
  data_csv: z.string().trim().max(10_000).default('').meta({ title: 'Rows as CSV', description: 'Paste rows with a header line, or upload a file below. An upload goes before this text.', 'x-ui': { widget: 'textarea', rows: 10 }, examples: ['id,amount\n1,10\n2,12'] }),
  data_file: uploadField({ accept: TABLE_KINDS, title: 'Upload', description: 'A table to use in place of the pasted rows.' }).optional(),
  data_url: z.url({ protocol: /^https?$/, error: 'must be a web address that begins with http:// or https://' }).max(2_048).optional().meta({ title: 'Table at an address', description: 'A CSV or TSV file, read in a Full run; an upload goes before it. A Test takes the pasted rows.' }),
  use: z.enum(['reporting', 'training', 'scoring', 'sharing']).default('reporting').meta({ title: 'Kind of use', description: 'Decides which findings weigh most.', 'x-enum-labels': { reporting: 'Reports and dashboards', training: 'Training a model', scoring: 'Feeding a model that runs', sharing: 'Handing on to another team' } }),
  target_column: column.optional().meta({ ...tableColumns, title: 'Target column', description: 'The column to predict; columns that give it away are looked for.', 'x-show-if': { field: 'use', equals: 'training' } }),
  key_column: column.optional().meta({ ...tableColumns, title: 'Key column', description: 'The column that names a row. Left out: the first column without empty or repeated values.' }),
  strictness: z.enum(STRICTNESS).default('balanced').meta({ title: 'Strictness', description: 'How close the rules lie to the data of today.', 'x-enum-labels': { observe: 'Observe: rules warn only', balanced: 'Balanced: room for what is usual', strict: 'Strict: exactly what is seen now' } }),
  max_empty_percent: z.int().min(0).max(50).default(5).meta({ title: 'Empty cells allowed', description: 'A column with more empty cells than this breaks the contract, if it is filled today.', 'x-ui': { widget: 'slider', step: 1, unit: '%' } }),
  max_rows: z.int().min(100).max(1_000_000).default(200_000).meta({ title: 'Rows to profile', description: 'The report says so when rows were left out.', 'x-ui': { widget: 'slider', step: 100, unit: 'rows' } }),
  owner: z.string().trim().max(120).default('').meta({ title: 'Owner', description: 'Team or person that answers for the data; stands in the contract.' }),
}).refine((given) => given.data_file !== undefined || given.data_csv.length >= 3, { path: ['data_csv'], error: 'is needed: paste rows here, or upload a file; a Test takes a few rows of the address too' });
export type DatasetContractInput = z.infer<typeof input>;

const answers = {
  meaning: (count: number) => z.strictObject({
    fields: z.array(z.strictObject({ column_title: z.string().min(1).max(120).describe('the name of the column, as given'), meaning: z.string().min(1).max(240).describe('what a value of the column says, as far as name and figures show') })).min(1).max(Math.max(1, count)),
  }),
} as const;
export type Meaning = z.infer<ReturnType<typeof answers.meaning>>;

export const datasetContractDefinition = defineCatalogEntry({
  slug: 'dataset_contract', workflowType: 'datasetContract', version: 2, title: 'Dataset profile and contract',
  outcome: 'A profile of your table, and a contract whose rules were tried on the data.',
  description: 'Profiles every column, looks for anomalies, personal data and leakage, makes rules from what it sees, proves each rule on the data, and writes a report and a contract that a pipeline can check.',
  personas: ['data_scientist'], tags: ['data quality', 'contract', 'profiling', 'pii', 'leakage'], difficulty: 'intermediate', estimatedMinutes: 3,
  input,
  tabs: [
    { key: 'data', title: 'Data', description: 'The table and its use.', fields: ['purpose', 'data_csv', 'data_file', 'data_url', 'max_rows'] },
    { key: 'use', title: 'Use', description: 'What matters for this use.', fields: ['use', 'target_column', 'key_column'] },
    { key: 'contract', title: 'Contract', description: 'How strict the rules are, and who answers for the data.', fields: ['strictness', 'max_empty_percent', 'owner'] },
  ],
  presets: [
    { key: 'churn', title: 'Churn training data', inputs: { purpose: 'Train a model that predicts which customers cancel their subscription', data_csv: SUBSCRIPTIONS, use: 'training', target_column: 'churned', key_column: 'customer_id', owner: 'Customer analytics' } },
    { key: 'sensors', title: 'Sensor readings for a report', inputs: { purpose: 'Weekly report on temperature and humidity of three stations', data_csv: SENSORS, use: 'reporting', key_column: 'reading_id', strictness: 'strict', owner: 'Field operations' } },
  ],
  skills: ['data/data-quality', 'data/data-contracts'],
  policy: { fullApproval: null },
  tools: ['profile_data', 'query_data', 'validate_data', 'library_search', 'fetch_table'],
  toolsFor: (run) => ['profile_data', 'query_data', 'validate_data', 'library_search', ...(run.data_url && !run.data_file ? ['fetch_table'] : [])],
  artifacts: {
    profile: { fileName: 'profile.md', mimeType: 'text/markdown', title: 'Profile' },
    contract: { fileName: 'contract.json', mimeType: 'application/json', title: 'Contract' },
    empty: { fileName: 'empty-cells.svg', mimeType: 'image/svg+xml', title: 'Empty cells by column' },
    distribution: { fileName: 'distribution.svg', mimeType: 'image/svg+xml', title: 'Distribution of a number column' },
  },
  testSlice: 'The first 100 rows: profile, rules tried on the data, a short reading, and what three columns mean.',
  plan: (run, stage) => planOf(SIZES, stage, {}, [...(run.data_url && !run.data_file && stage === 'full' ? [plannedTool('fetch', 'Read the table')] : []), plannedTool('profile', 'Profile the table'), plannedTool('prove', 'Prove the rules'), plannedTool('library', 'Look into the library')]),
  answers,
});

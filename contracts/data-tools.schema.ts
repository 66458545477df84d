import { z } from 'zod';
import { MAX_CSV_CHARACTERS } from './data-tools.ts';

/** Arguments of the data tools. Each is a strict object at the top, so that every provider takes it as a function's parameters. */
const Upload = z.uuid().describe('Id of an upload of the person who started the run');
const CsvText = z.string().min(1).max(MAX_CSV_CHARACTERS).describe('The data itself as CSV text with a header line');
const Source = { upload: Upload.optional(), csv: CsvText.optional() };
const oneSource = (args: { upload?: string | undefined; csv?: string | undefined }): boolean => (args.upload === undefined) !== (args.csv === undefined);
const ONE_SOURCE = { error: 'give either upload or csv', path: ['upload'] };
const Column = z.string().min(1).max(300);

export const ReadUploadArgs = z.strictObject({
  upload: Upload,
  label: z.string().regex(/^[a-z][a-z0-9]{0,11}$/).default('u1').describe('Begins the ids of the sections: u1-p3'),
  from: z.int().min(1).max(10_000).default(1).describe('The first section to give, counted from 1; next of the result before goes on'),
  sections: z.int().min(1).max(20).default(12).describe('How many sections at most'),
});

export const ProfileDataArgs = z.strictObject({ ...Source, target: Column.optional().describe('The column to predict: leakage is looked for'), limit_rows: z.int().min(1).max(5_000_000).default(2_000_000).describe('Rows beyond are left out, and the result says so') }).refine(oneSource, ONE_SOURCE);

export const QueryDataArgs = z.strictObject({ ...Source, sql: z.string().trim().min(1).max(10_000).describe('One SELECT over the table `data` in DuckDB\'s SQL'), max_rows: z.int().min(1).max(1_000).default(200) }).refine(oneSource, ONE_SOURCE);

const severity = { id: z.string().min(1).max(60).optional(), severity: z.enum(['error', 'warning']).default('error') };
const Bound = z.union([z.number(), z.string().min(1).max(40)]).describe('A number, or a date as YYYY-MM-DD');
export const DATA_RULE_TYPES = ['integer', 'number', 'boolean', 'date', 'timestamp', 'email', 'uuid', 'url'] as const;
export const DataRule = z.discriminatedUnion('rule', [
  z.strictObject({ rule: z.literal('columns'), names: z.array(Column).min(1).max(200), exact: z.boolean().default(false).describe('No further columns'), ...severity }),
  z.strictObject({ rule: z.literal('row_count'), min: z.int().min(0).optional(), max: z.int().min(0).optional(), ...severity }),
  z.strictObject({ rule: z.literal('type'), column: Column, type: z.enum(DATA_RULE_TYPES), ...severity }),
  z.strictObject({ rule: z.literal('not_null'), column: Column, max_share: z.number().min(0).max(1).default(0).describe('Share of empty cells that is still fine'), ...severity }),
  z.strictObject({ rule: z.literal('unique'), columns: z.array(Column).min(1).max(20), ...severity }),
  z.strictObject({ rule: z.literal('range'), column: Column, min: Bound.optional(), max: Bound.optional(), ...severity }),
  z.strictObject({ rule: z.literal('length'), column: Column, min: z.int().min(0).optional(), max: z.int().min(0).optional(), ...severity }),
  z.strictObject({ rule: z.literal('allowed'), column: Column, values: z.array(z.union([z.string().max(300), z.number(), z.boolean()])).min(1).max(500), ...severity }),
  z.strictObject({ rule: z.literal('pattern'), column: Column, pattern: z.string().min(1).max(300).describe('RE2 syntax; the whole cell has to match'), ...severity }),
  z.strictObject({ rule: z.literal('compare'), column: Column, operator: z.enum(['<', '<=', '=', '<>', '>=', '>']), other_column: Column, ...severity }),
  z.strictObject({ rule: z.literal('reference'), column: Column, table: z.enum(['data', 'reference']).default('reference'), to_column: Column, ...severity }),
]);
export const ValidateDataArgs = z.strictObject({
  ...Source, rules: z.array(DataRule).min(1).max(100),
  reference: z.strictObject(Source).refine(oneSource, ONE_SOURCE).optional().describe('The second table that rules of kind reference point at'),
}).refine(oneSource, ONE_SOURCE);

export const RunJavascriptArgs = z.strictObject({
  code: z.string().min(1).max(30_000).describe('A script; the value of its last expression, or of the promise it makes, is the result. `input` holds the given JSON, `console.log` is kept. No network, files, timers or modules; the clock stands still and Math.random is seeded.'),
  input: z.unknown().optional().describe('Any JSON up to 100 kB'),
  seed: z.int().min(0).max(4_294_967_295).default(1),
});

const Values = z.array(z.number()).min(2).max(5_000);
const Summary = z.strictObject({ mean: z.number(), sd: z.number().min(0), n: z.int().min(2) });
const Sample = z.union([Values, Summary]).describe('The values, or their mean, standard deviation and number');
const confidence = z.number().gt(0.5).lt(1).default(0.95);
const alternative = z.enum(['two_sided', 'less', 'greater']).default('two_sided');
const Count = z.int().min(0).max(1_000_000_000);
export const Analysis = z.discriminatedUnion('test', [
  z.strictObject({ test: z.literal('describe'), values: z.array(z.number()).min(1).max(5_000), confidence }),
  z.strictObject({ test: z.literal('t_test'), a: Sample, b: Sample.optional().describe('Left out: a against mu'), mu: z.number().default(0), paired: z.boolean().default(false), confidence, alternative }),
  z.strictObject({ test: z.literal('welch'), a: Sample, b: Sample, confidence, alternative }),
  z.strictObject({ test: z.literal('chi_square'), table: z.array(z.array(Count).min(2).max(20)).min(2).max(20).describe('Counts, one list a row') }),
  z.strictObject({ test: z.literal('two_proportions'), successes_a: Count, n_a: Count.min(1), successes_b: Count, n_b: Count.min(1), confidence, alternative }),
  z.strictObject({ test: z.literal('bootstrap_mean_difference'), a: Values, b: Values, resamples: z.int().min(100).max(20_000).default(5_000), seed: z.int().min(0).max(4_294_967_295).default(1), confidence }),
  z.strictObject({ test: z.literal('sample_ratio'), observed: z.array(Count).min(2).max(20), expected_ratio: z.array(z.number().positive()).min(2).max(20), alpha: z.number().gt(0).lt(1).default(0.001) }),
  z.strictObject({ test: z.literal('mann_whitney'), a: Values, b: Values, alternative }),
  z.strictObject({ test: z.literal('correlation'), x: Values, y: Values, method: z.enum(['pearson', 'spearman']).default('pearson'), confidence }),
  z.strictObject({ test: z.literal('holm'), p_values: z.array(z.number().min(0).max(1)).min(1).max(500), alpha: z.number().gt(0).lt(1).default(0.05) }),
  z.strictObject({ test: z.literal('sample_size'), kind: z.enum(['proportions', 'means']), baseline: z.number().describe('The rate, or the mean, of the control'), minimal_effect: z.number().describe('Absolute difference that has to be found'), sd: z.number().positive().optional().describe('For means'), alpha: z.number().gt(0).lt(0.5).default(0.05), power: z.number().gt(0.5).lt(1).default(0.8) }),
]);
export const StatisticsArgs = z.strictObject({ analysis: Analysis });

export const CalculateArgs = z.strictObject({
  expressions: z.array(z.strictObject({ name: z.string().regex(/^[A-Za-z_]\w{0,39}$/).optional().describe('Later expressions may use it'), expression: z.string().trim().min(1).max(1_000).describe('+ - * / % ^ ( ) and abs ceil exp floor ln log10 log2 max mean median min pow round sign sqrt sum; pi, e') })).min(1).max(100),
  variables: z.record(z.string().regex(/^[A-Za-z_]\w{0,39}$/), z.number()).default({}),
});

export const CONFIG_SCHEMAS = ['finetune', 'docker_compose', 'k6_script', 'github_workflow', 'json_schema'] as const;
export const LintConfigArgs = z.strictObject({
  format: z.enum(['yaml', 'json', 'javascript']), text: z.string().min(1).max(60_000),
  schema: z.enum(CONFIG_SCHEMAS).optional().describe('finetune: Axolotl, PEFT and Unsloth style; k6_script needs format javascript. Left out: syntax only'),
});

export const TrainCharModelArgs = z.strictObject({
  text: z.string().min(200).max(60_000).describe('What the model learns from'),
  steps: z.int().min(1).max(300).default(200), seed: z.int().min(0).max(4_294_967_295).default(1),
  context: z.int().min(1).max(8).default(4).describe('Characters it looks back at'), embedding: z.int().min(2).max(16).default(8), hidden: z.int().min(4).max(64).default(32),
  batch: z.int().min(8).max(128).default(64), learning_rate: z.number().positive().max(2).default(0.3), sample_length: z.int().min(20).max(400).default(160), samples: z.int().min(1).max(5).default(2), temperature: z.number().min(0.1).max(2).default(0.8),
});

export const RetrievalEvalArgs = z.strictObject({
  documents: z.array(z.strictObject({ id: z.string().min(1).max(200), text: z.string().min(1).max(60_000) })).min(1).max(200),
  questions: z.array(z.strictObject({ question: z.string().min(1).max(1_000), relevant_ids: z.array(z.string().min(1).max(200)).max(50).default([]).describe('Documents that answer it'), answer: z.string().max(1_000).optional().describe('Words that the right chunk holds') })).min(1).max(100),
  variants: z.array(z.strictObject({ name: z.string().min(1).max(80).optional(), chunk_size: z.int().min(50).max(8_000).describe('characters'), overlap: z.int().min(0).max(4_000).default(0), method: z.enum(['bm25', 'tfidf']).default('bm25') })).min(1).max(12),
  k: z.int().min(1).max(50).default(5),
}).refine(({ variants }) => variants.every(({ chunk_size, overlap }) => overlap < chunk_size), { error: 'overlap has to be smaller than chunk_size', path: ['variants'] })
  .refine(({ questions }) => questions.every(({ relevant_ids, answer }) => relevant_ids.length > 0 || answer !== undefined), { error: 'each question needs relevant_ids or answer', path: ['questions'] });

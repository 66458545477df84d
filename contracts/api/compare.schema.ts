import { z } from 'zod';
import { Provider, RunModeSchema, RunStatusSchema, StageSchema, Timestamp, Uuid } from './common.schema.ts';

export const CompareQuery = z.strictObject({
  ids: z.string().transform((text) => text.split(',')).pipe(z.array(z.uuid('must be run ids with commas between')).min(2).max(4).refine((ids) => new Set(ids).size === ids.length, 'each run only once'))
    .meta({ description: 'Two to four run ids with commas between; the others are compared with the first', override: { type: 'string' } }),
});

export const TextDiffSchema = z.object({
  same: z.boolean(), added: z.int(), removed: z.int(), truncated: z.boolean(),
  lines: z.array(z.object({ op: z.enum(['same', 'added', 'removed', 'skip']), text: z.string().meta({ description: 'the line; for `skip` how many equal lines are left out' }) })),
}).meta({ id: 'TextDiff' });

const Cell = z.object({
  status: z.enum(['running', 'done', 'failed', 'skipped']), seconds: z.number().nullable(), input_tokens: z.int(), output_tokens: z.int(), cost_usd_micros: z.int().nullable(), reused: z.int(), edited: z.boolean(),
  models_served: z.array(z.string()), sources: z.array(z.string()), diff: TextDiffSchema.nullable().meta({ description: 'against the first column' }), prompts_same: z.boolean().nullable(),
});
const Row = z.object({ stage: StageSchema, step: z.string(), title: z.string(), same: z.boolean(), cells: z.array(Cell.nullable()).meta({ description: 'one a column; null where there is no such step' }) });
export type CompareRowWire = z.infer<typeof Row>;

export const RunComparisonSchema = z.object({
  runs: z.array(z.object({
    run_id: Uuid, workflow_id: z.string(), workflow_title: z.string(), workflow_version: z.int(), definition_hash: z.string(), run_mode: RunModeSchema, status: RunStatusSchema, provider: Provider, model: z.string(), simulated: z.boolean(),
    forked_from: Uuid.nullable(), created_at: Timestamp, duration_seconds: z.number().nullable(), input_tokens: z.int(), output_tokens: z.int(), cost_usd_micros: z.int().nullable(), reused: z.int(),
  })),
  facts: z.array(z.object({ name: z.string(), values: z.array(z.string()), same: z.boolean() })),
  inputs: z.array(z.object({ field: z.string(), values: z.array(z.unknown()), same: z.boolean() })),
  steps: z.array(Row),
  documents: z.array(z.object({ file_name: z.string(), sha256: z.array(z.string().nullable()), diffs: z.array(TextDiffSchema.nullable()) })).meta({ description: 'Text files that the first run made, against the same file of the others' }),
  first_divergence: z.object({ stage: StageSchema, step: z.string(), run_id: Uuid, kind: z.enum(['missing', 'prompt', 'output', 'status']), detail: z.string() }).nullable(),
}).meta({ id: 'RunComparison' });
export type RunComparisonWire = z.infer<typeof RunComparisonSchema>;

const Figures = z.object({ stage: StageSchema, status: z.string(), seconds: z.number().nullable(), input_tokens: z.int(), output_tokens: z.int(), cost_usd_micros: z.int().nullable(), models_served: z.array(z.string()), sources: z.array(z.string()) });
export const StageDiffSchema = z.object({
  run_id: Uuid,
  test_run_id: Uuid.meta({ description: 'The run whose Test it is: this one, or the one whose evidence let it be skipped' }),
  test: Figures, full: Figures,
  ratio: z.object({ seconds: z.number().nullable(), output_tokens: z.number().nullable(), cost: z.number().nullable() }).meta({ description: 'Full in Tests' }),
  steps: z.array(Row), sources_added: z.array(z.string()),
  flags: z.array(z.string()).meta({ description: 'Where Full did otherwise than Test, in words' }),
}).meta({ id: 'StageDiff' });
export type StageDiffWire = z.infer<typeof StageDiffSchema>;

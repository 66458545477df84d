import { z } from 'zod';
import { ModelId, Provider, RunModeSchema, StageSchema, Uuid } from './common.schema.ts';

export const EstimateRangeSchema = z.object({ low: z.number(), expected: z.number(), worst: z.number() });
const Ranges = { tokens: EstimateRangeSchema, cost_usd_micros: EstimateRangeSchema.nullable().meta({ description: 'null when the price is unknown, never 0 for that' }), seconds: EstimateRangeSchema };
const Basis = z.string().meta({ description: '`plan`, or `<n> past runs` of yours' });

export const EstimateSchema = z.object({ ...Ranges, price_date: z.string(), basis: Basis, stages: z.array(z.object({ stage: StageSchema, ...Ranges, basis: Basis })) }).meta({ id: 'Estimate' });

export const EstimateBody = z.strictObject({
  inputs: z.record(z.string().max(100), z.unknown()).meta({ description: 'By the workflow\'s schema' }), run_mode: RunModeSchema.optional().meta({ description: 'test_run when left out' }), provider: Provider.optional(),
  model: ModelId.optional(),
  channel: z.enum(['draft', 'test', 'live']).optional().meta({ description: 'Of a workflow that people wrote: which version' }),
});
export type EstimateBodyWire = z.input<typeof EstimateBody>;
export const WorkflowEstimateSchema = EstimateSchema.extend({
  workflow_id: z.string(), run_mode: RunModeSchema, provider: Provider, model: z.string(), provider_reason: z.string(),
  evidence_run_id: Uuid.nullable().meta({ description: 'The run whose fresh Test lets this Full run skip its own' }),
}).meta({ id: 'WorkflowEstimate' });
export type WorkflowEstimateWire = z.infer<typeof WorkflowEstimateSchema>;

import { z } from 'zod';
import { MAX_INPUT_FIELDS } from '../limits.ts';
import { GATE_DECISIONS, GATE_KINDS, GATE_OUTCOMES } from '../governance.ts';
import { RUN_EVENT_TYPES } from '../run-events.ts';
import { RUN_RATINGS } from '../runs.ts';
import { ArtifactSchema } from './artifacts.schema.ts';
import { EstimateSchema } from './estimates.schema.ts';
import { ForkKind } from './reruns.schema.ts';
import { CapSchema, ModelId, PagingQuery, Provider, QueryCursor, QueryFlag, RunErrorSchema, RunModeSchema, RunStatusSchema, StageSchema, Timestamp, Uuid, WaitReasonSchema } from './common.schema.ts';
import { BudgetBody, FallbackBody } from './governance.schema.ts';
import { WorkflowRef } from './workflows.schema.ts';

export const RunParams = z.strictObject({ id: Uuid });
export const Inputs = z.record(z.string().max(100), z.unknown()).refine((inputs) => Object.keys(inputs).length <= MAX_INPUT_FIELDS, `at most ${MAX_INPUT_FIELDS} inputs`)
  .meta({ description: 'By the workflow\'s schema: GET /workflows/{id}/schema' });


/** `input_data` and `mode` are the older spellings of `inputs` and `run_mode`; both of a pair at once is an error. */
export const RunBody = z.strictObject({
  workflow_id: WorkflowRef,
  inputs: Inputs.optional(),
  input_data: Inputs.optional().meta({ deprecated: true }),
  run_mode: RunModeSchema.optional().meta({ description: 'test_run when left out' }),
  mode: RunModeSchema.optional().meta({ deprecated: true }),
  provider: Provider.optional().meta({ description: 'Your default provider when left out; the demo provider when none is configured' }),
  model: ModelId.optional().meta({ description: 'The provider\'s default model when left out' }),
  fallback: FallbackBody.min(1).optional().meta({ description: 'Tried in this order when the provider is away. Each needs a key of yours. Without it the workspace\'s chain is used, if an administrator set one; else no other provider is ever called' }),
  budget: BudgetBody.optional(),
  channel: z.enum(['draft', 'test', 'live']).optional().meta({ description: 'Of a workflow that people wrote: which version. live when there is one, else the youngest of your own' }),
  persona: z.string().max(50).optional().meta({ description: 'One of the workflow\'s personas; its first when left out' }),
});
export type RunBodyWire = z.input<typeof RunBody>;

export const RunsQuery = z.strictObject({
  ...PagingQuery, workflow_id: WorkflowRef.optional(), status_filter: RunStatusSchema.optional(), status: RunStatusSchema.optional(), run_mode: RunModeSchema.optional(),
  provider: Provider.optional(), search: z.string().trim().max(200).optional().meta({ description: 'In workflow, headline, inputs and run id' }),
  model: ModelId.optional(), rating: z.enum(RUN_RATINGS).optional(), live: QueryFlag.meta({ description: 'true: not ended yet; false: ended' }), simulated: QueryFlag.meta({ description: 'Of the demo provider, or not' }),
  from: z.iso.date().optional().meta({ description: 'Started on this day or later, UTC' }), to: z.iso.date().optional().meta({ description: 'Started on this day or before, UTC' }),
});

const TotalsSchema = z.object({ input_tokens: z.int(), output_tokens: z.int(), total_tokens: z.int(), cost_usd_micros: z.int().nullable().meta({ description: 'null when a price is unknown' }) });

export const RunSchema = z.object({
  id: Uuid,
  run_id: Uuid.meta({ description: 'the same as `id`' }),
  workflow_id: z.string(),
  workflow_title: z.string(),
  workflow_version: z.int(),
  workflow_type: z.string(),
  persona: z.string(),
  status: RunStatusSchema,
  wait_reason: WaitReasonSchema.nullable(),
  run_mode: RunModeSchema,
  provider: Provider,
  model: z.string(),
  simulated: z.boolean().meta({ description: 'made by the demo provider, no language model was asked' }),
  inputs: z.record(z.string(), z.unknown()),
  cap_reached: CapSchema.nullable(),
  headline: z.string().nullable(),
  error: RunErrorSchema.nullable(),
  error_message: z.string().nullable(),
  totals: TotalsSchema,
  rating: z.enum(RUN_RATINGS).nullable().meta({ description: 'What you think of its result' }),
  rating_note: z.string().nullable(),
  last_sequence: z.int(),
  cancel_requested_at: Timestamp.nullable(),
  created_at: Timestamp,
  started_at: Timestamp.nullable(),
  completed_at: Timestamp.nullable(),
  updated_at: Timestamp,
}).meta({ id: 'Run' });
export type RunWire = z.infer<typeof RunSchema>;

/** The answer to a start: the run, and why this provider. */
export const StartedRunSchema = RunSchema.extend({ provider_reason: z.string().meta({ description: 'Why this provider, in words' }) }).meta({ id: 'StartedRun' });

const CheckSchema = z.object({ check: z.string(), title: z.string(), outcome: z.enum(['passed', 'warning', 'failed']), detail: z.string(), remedy: z.string().nullable(), duration_ms: z.number() });
const StepSchema = z.object({
  step: z.string(), title: z.string(), index: z.int(), total: z.int(), status: z.enum(['running', 'done', 'failed', 'skipped']), summary: z.string().nullable(),
  started_at: Timestamp, ended_at: Timestamp.nullable(), completions: z.int(), tool_calls: z.int(),
});
/** What the run waits for now. */
const WaitSchema = z.object({
  wait_id: z.string(), reason: WaitReasonSchema, detail: z.string(), since: Timestamp, until: Timestamp.nullable().meta({ description: 'It goes on or ends then, whatever happens' }), next_try_at: Timestamp.nullable(),
  budget: z.object({ limit_usd_micros: z.int(), used_usd_micros: z.int(), needed_usd_micros: z.int() }).nullable(),
}).meta({ id: 'Wait' });
const GrantedLimitsSchema = z.object({ cost_usd_micros: z.int().optional(), output_tokens: z.int().optional(), seconds: z.int().optional() }).meta({ description: 'Less than was asked for, where a yes said so' });
/** What people were asked in this run, answered or not. */
const GateSchema = z.object({
  gate_id: z.string(), kind: z.enum(GATE_KINDS), title: z.string(), shown: z.unknown(), shown_hash: z.string(), role: z.string().nullable(), approvers: z.int(), answer_schema: z.record(z.string(), z.unknown()).nullable(), until: Timestamp,
  outcome: z.enum(GATE_OUTCOMES).nullable().meta({ description: 'null while it is open' }), opened_at: Timestamp, closed_at: Timestamp.nullable(),
  decisions: z.array(z.object({ by: z.string(), decision: z.enum(GATE_DECISIONS), reason: z.string().nullable(), at: Timestamp, limits: GrantedLimitsSchema.nullable() })),
}).meta({ id: 'Gate' });
const StageViewSchema = z.object({
  stage: StageSchema, status: z.enum(['running', 'passed', 'failed', 'capped', 'skipped']), remark: z.string().nullable(), cap: CapSchema.nullable(),
  started_at: Timestamp, ended_at: Timestamp.nullable(), checks: z.array(CheckSchema), steps: z.array(StepSchema),
});

/** What Validate found, in the words of programs; the same checks stand in `stages`. */
const ValidationResultSchema = z.object({
  success: z.boolean().meta({ description: 'no check failed, and Validate has ended' }), checks: z.record(z.string(), z.enum(['passed', 'warning', 'failed'])),
  warnings: z.array(z.string()), errors: z.array(z.string()), estimated_cost_usd: z.number().nullable().meta({ description: 'Expected; null when a price is unknown or nothing was estimated' }),
}).meta({ id: 'ValidationResult' });

export const RunDetailSchema = RunSchema.extend({
  temporal_workflow_id: z.string(),
  temporal_run_id: z.string().nullable(),
  temporal_web_url: z.string().nullable(),
  trace_id: z.string().nullable().describe('Trace of the request that asked for the run, for a viewer of OpenTelemetry traces; null when tracing was off'),
  stages: z.array(StageViewSchema),
  validation_result: ValidationResultSchema.nullable().meta({ description: 'null until the first check has ended' }),
  waits: z.array(WaitSchema).meta({ description: 'Open now, oldest first; POST …/budget and …/gates/{gate_id}/decision settle them' }),
  gates: z.array(GateSchema).meta({ description: 'Approvals and questions of this run, oldest first' }),
  estimate: EstimateSchema.nullable(),
  estimate_actual: z.object({
    tokens: z.int(), cost_usd_micros: z.int().nullable(), seconds: z.number(), within_worst: z.boolean(),
    of_expected: z.object({ tokens: z.number().nullable(), cost: z.number().nullable(), seconds: z.number().nullable() }).meta({ description: 'Shares of what was expected, 1 = as expected' }),
  }).nullable().meta({ description: 'What the run bought, beside its estimate; null until it has ended' }),
  forked_from: z.object({ run_id: Uuid, kind: ForkKind }).nullable().meta({ description: 'The run this one re-runs' }),
  forks: z.array(z.object({ run_id: Uuid, kind: ForkKind, status: RunStatusSchema, created_at: Timestamp })).meta({ description: 'Re-runs of this one, newest first' }),
  artifacts: z.array(ArtifactSchema),
  metrics: z.object({
    completions: z.int(), reused: z.int(), tool_calls: z.int(), retries: z.int(), possibly_billed: z.int(), duration_seconds: z.number().nullable(),
  }),
}).meta({ id: 'RunDetail' });
export type RunDetailWire = z.infer<typeof RunDetailSchema>;

export const RatingBody = z.strictObject({ rating: z.enum(RUN_RATINGS).nullable().meta({ description: 'null takes it back' }), note: z.string().trim().max(500).optional().meta({ description: 'Why, for yourself' }) });

export const RunStatusAnswer = z.object({
  run_id: Uuid, status: RunStatusSchema, wait_reason: WaitReasonSchema.nullable(), started_at: Timestamp.nullable(), completed_at: Timestamp.nullable(),
  error_message: z.string().nullable(), last_sequence: z.int(), cancel_requested: z.boolean(),
}).meta({ id: 'RunStatusAnswer' });

export const CancelAnswer = z.object({ run_id: Uuid, status: RunStatusSchema, cancel_requested_at: Timestamp }).meta({ id: 'CancelAnswer' });

export const ExecuteAnswer = z.object({
  run: RunDetailSchema,
  output: z.object({
    formatted: z.string().nullable().meta({ description: 'The main document as it was written; null when there is none, or it is past its days' }),
    raw: z.object({ final: z.string().nullable(), all_steps: z.array(z.object({ stage: StageSchema, step: z.string(), title: z.string(), text: z.string() })) }),
  }),
  metrics: z.object({ total_tokens: z.int(), duration_seconds: z.number().nullable(), steps_executed: z.int(), iterations: z.int(), provider: Provider, model: z.string() }),
}).meta({ id: 'ExecuteAnswer' });

export const ResultQuery = z.strictObject({
  wait_seconds: z.string().regex(/^\d{1,4}$/).transform(Number).optional().meta({ description: 'How long to wait for the end, at most the server\'s limit; 0 when left out', override: { type: 'integer', minimum: 0, maximum: 9999 } }),
});

export const RunEventSchema = z.object({
  run_id: Uuid, sequence: z.int(), position: z.int(), type: z.enum(RUN_EVENT_TYPES), stage: StageSchema.nullable(), step: z.string().nullable(),
  ordinal: z.int().nullable(), attempt: z.int().nullable(), data: z.record(z.string(), z.unknown()), at: Timestamp,
}).meta({ id: 'RunEvent' });
export type RunEventWire = z.infer<typeof RunEventSchema>;

export const EventsQuery = z.strictObject({
  after: z.string().regex(/^\d{1,9}$/).transform(Number).optional().meta({ description: 'Sequence of the last event you have', override: { type: 'integer', minimum: 0 } }),
  limit: PagingQuery.limit,
});
export const StreamQuery = z.strictObject({ after: EventsQuery.shape.after });
/** As many as a browser has open; a page that was left is not among them. */
export const STREAMED_RUNS = 20;
export const StreamsQuery = z.strictObject({
  runs: z.string().transform((text) => text.split(',').map((part) => { const [id = '', after = '0'] = part.split(':'); return { id, after: Number(after) }; }))
    .pipe(z.array(z.object({ id: z.uuid('must be run ids'), after: z.int().min(0).max(999_999_999) })).min(1).max(STREAMED_RUNS).refine((runs) => new Set(runs.map(({ id }) => id)).size === runs.length, 'each run only once'))
    .meta({ description: `Up to ${STREAMED_RUNS} of \`<run id>:<sequence of the last event you have>\` with commas between`, override: { type: 'string' } }),
});
export const RunArtifactsQuery = z.strictObject({ format: z.enum(['json', 'zip']).optional(), limit: PagingQuery.limit, cursor: QueryCursor });

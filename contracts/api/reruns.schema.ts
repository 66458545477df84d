import { z } from 'zod';
import { MAX_INPUT_FIELDS } from '../limits.ts';
import { BudgetBody, FallbackBody } from './governance.schema.ts';
import { EstimateRangeSchema } from './estimates.schema.ts';
import { ModelId, Provider, RunModeSchema, StageSchema, Uuid } from './common.schema.ts';

export const FORK_KINDS = ['start', 'from_step', 'failed_only'] as const;
export const ForkKind = z.enum(FORK_KINDS).meta({ id: 'ForkKind', description: 'start: all anew · from_step: this step and what follows · failed_only: only what has no answer yet' });
export type ForkKindWire = z.infer<typeof ForkKind>;

const Step = z.string().min(1).max(100);
const CallId = z.string().regex(/^(test|full)\/[^/]{1,100}\/\d{1,4}$/, 'must be <stage>/<step>/<ordinal>');
const MAX_EDITS = 20;
const MAX_PROMPT_CHARACTERS = 100_000;
const MESSAGE_ROLES = ['system', 'user', 'assistant'] as const;

/** How to make a run again. What is left out stays as it was. */
export const RerunBody = z.strictObject({
  kind: ForkKind,
  from: z.strictObject({ stage: z.enum(['test', 'full']), step: Step }).optional().meta({ description: 'For from_step: the first step to do anew' }),
  inputs: z.record(z.string().max(100), z.unknown()).refine((inputs) => Object.keys(inputs).length <= MAX_INPUT_FIELDS, `at most ${MAX_INPUT_FIELDS} inputs`).optional().meta({ description: 'Other inputs, whole; steps whose prompts change are paid again' }),
  provider: Provider.optional(),
  model: ModelId.optional(),
  budget: BudgetBody.nullable().optional().meta({ description: 'Other limits, whole, or null for none of your own. Left out: those with which the earlier run started' }),
  fallback: FallbackBody.optional().meta({ description: 'Another chain of providers, empty for none. Left out: that of the earlier run, without the provider that this one asks first' }),
  edits: z.record(CallId, z.strictObject({ text: z.string().min(1) })).refine((edits) => Object.keys(edits).length <= MAX_EDITS, `at most ${MAX_EDITS} edits`).optional()
    .meta({ description: 'Answers of reused calls as you would have them, by call id, e.g. `test/diagnose/1`. Marked as edited by you; such a run is no evidence.' }),
  prompts: z.record(CallId, z.array(z.strictObject({ role: z.enum(MESSAGE_ROLES), content: z.string().min(1).max(MAX_PROMPT_CHARACTERS) })).min(1).max(20).nullable()).refine((prompts) => Object.keys(prompts).length <= MAX_EDITS, `at most ${MAX_EDITS} prompts`).optional()
    .meta({ description: 'Other prompts, whole, by the id of the call that asks first in its step, e.g. `test/note-1/1`; GET …/calls gives the recorded ones. That call is paid, and marked as asked by you; such a run is no evidence. null gives a call the workflow\'s prompt back; those of the earlier run that are left out go on.' }),
}).refine((body) => (body.kind === 'from_step') === (body.from !== undefined), { path: ['from'], message: 'belongs to from_step, and only there' });
export type RerunBodyWire = z.input<typeof RerunBody>;

export const RERUN_STATES = ['reused', 'edited', 'maybe', 'to_pay'] as const;
export const RerunPreviewSchema = z.object({
  source_run_id: Uuid, kind: ForkKind, run_mode: RunModeSchema, provider: Provider, model: z.string(), version_changed: z.boolean(),
  calls: z.array(z.object({
    call_id: z.string().nullable().meta({ description: 'null for a call the earlier run never reached' }), stage: StageSchema, step: z.string(), title: z.string(),
    state: z.enum(RERUN_STATES).meta({ description: 'reused, edited: free · maybe: free if its prompt stays the same · to_pay' }),
    cost_usd_micros: EstimateRangeSchema.nullable().meta({ description: 'null when the price is unknown' }), tokens: EstimateRangeSchema,
  })),
  counts: z.object({ reused: z.int(), maybe: z.int(), to_pay: z.int() }),
  cost_usd_micros: EstimateRangeSchema.nullable(), tokens: EstimateRangeSchema, price_date: z.string(),
  evidence_run_id: Uuid.nullable().meta({ description: 'The run whose fresh Test lets this one skip its own' }),
  limits: z.object({ cost_usd_micros: z.int().nullable(), output_tokens: z.int(), seconds: z.number() }).meta({ description: 'Of its last stage; cost_usd_micros null = no money cap' }),
  fallback: z.array(z.object({ provider: Provider, model: z.string() })).meta({ description: 'Who may stand in, in this order' }),
  notes: z.array(z.string()).meta({ description: 'What to know before the click, in words' }),
}).meta({ id: 'RerunPreview' });
export type RerunPreviewWire = z.infer<typeof RerunPreviewSchema>;

export const CallQuery = z.strictObject({ call_id: CallId });
export const RunCallSchema = z.object({
  call_id: z.string(), stage: StageSchema, step: z.string(), ordinal: z.int(), provider: Provider, model: z.string(),
  messages: z.array(z.object({ role: z.string(), content: z.string() })).meta({ description: 'As they were sent' }),
  prompt_edited: z.boolean().meta({ description: 'A person wrote this prompt in place of the workflow\'s' }),
  answer: z.string().nullable().meta({ description: 'Whole, as it was recorded; null when there is none' }),
  edited_by: Uuid.nullable().meta({ description: 'The answer is this person\'s, not the model\'s' }),
}).meta({ id: 'RunCall' });
export type RunCallWire = z.infer<typeof RunCallSchema>;

import { z } from 'zod';
import { DIFFICULTIES, PERSONAS } from '../catalog.schema.ts';
import { UPLOAD_KINDS } from '../uploads.ts';
import { PagingQuery, QueryFlag, RunModeSchema, StageSchema, Timestamp, Uuid } from './common.schema.ts';

export const WorkflowRef = z.union([z.uuid(), z.string().regex(/^[a-z][a-z0-9_]{1,63}$/, 'must be a slug (a–z, 0–9, _) or a UUID')]).meta({ description: 'Slug or UUID', override: { type: 'string' } });
export const WorkflowParams = z.strictObject({ id: WorkflowRef });
export const WorkflowsQuery = z.strictObject({
  ...PagingQuery, persona: z.enum(PERSONAS).optional(), difficulty: z.enum(DIFFICULTIES).optional(), active_only: QueryFlag,
  search: z.string().trim().max(200).optional().meta({ description: 'In name, description and tags' }),
});

const UploadNeed = z.object({ field: z.string(), title: z.string(), accept: z.array(z.enum(UPLOAD_KINDS)), required: z.boolean() });
const TypicalUse = z.object({
  run_mode: RunModeSchema, simulated: z.boolean().meta({ description: 'Runs with the demo provider' }), runs: z.int().meta({ description: 'How many of your runs this is the median of' }),
  seconds: z.number().meta({ description: 'Of work; waiting is taken off' }), cost_usd_micros: z.int().nullable().meta({ description: 'null: no price known' }),
});

export const WorkflowSummarySchema = z.object({
  workflow_id: z.string().meta({ description: 'slug' }),
  id: Uuid,
  name: z.string(),
  title: z.string(),
  outcome: z.string().meta({ description: 'What the person holds afterwards, one sentence' }),
  description: z.string(),
  personas: z.array(z.string()),
  tags: z.array(z.string()),
  difficulty: z.enum(DIFFICULTIES),
  estimated_minutes: z.number(),
  estimated_duration_seconds: z.int(),
  version: z.int(),
  is_active: z.boolean(),
  workflow_type: z.string().meta({ description: 'Temporal Workflow Type' }),
  tools: z.array(z.string()),
  uploads: z.array(UploadNeed).meta({ description: 'Files that its form takes' }),
  full_approval: z.object({ approvers: z.int(), role: z.string() }).nullable().meta({ description: 'Who has to say yes before a Full run' }),
  requires_prior_evidence: z.boolean().meta({ description: 'A Full run needs a passed Test of its own before' }),
  typical: TypicalUse.nullable().meta({ description: 'Medians of your own finished runs: of a real provider before the demo, Full before Test; null = no runs yet' }),
  ratings: z.object({ good: z.int(), poor: z.int() }).meta({ description: 'How you rated results of your own runs' }),
  sample: z.object({ file_name: z.string(), mime_type: z.string(), title: z.string() }).nullable().meta({ description: 'What the demo provider made of its first preset; the text is in the workflow itself' }),
  kind: z.enum(['catalog', 'own']).meta({ description: 'own: written by people' }),
  channels: z.object({ draft: z.int(), test: z.int().nullable(), live: z.int().nullable() }).nullable().meta({ description: 'Versions that the channels of a written workflow show; null for the catalog' }),
  created_at: Timestamp,
  updated_at: Timestamp,
}).meta({ id: 'WorkflowSummary' });
export type WorkflowSummaryWire = z.infer<typeof WorkflowSummarySchema>;

const Tab = z.object({ key: z.string(), title: z.string(), description: z.string(), fields: z.array(z.string()) });
const Preset = z.object({ key: z.string(), title: z.string(), inputs: z.record(z.string(), z.unknown()) });
const CapsSchema = z.object({ output_tokens: z.int(), input_tokens: z.int(), seconds: z.number(), iterations: z.int(), cost_usd_micros: z.int().nullable() }).meta({ id: 'Caps' });
const PlannedCallSchema = z.object({
  step: z.string(), title: z.string(), kind: z.enum(['model', 'tool']), repeat: z.int(),
  input_tokens: z.int().meta({ description: 'per call, as planned' }), max_output_tokens: z.int().meta({ description: 'per call, at most' }),
});

export const WorkflowModeSchema = z.object({
  run_mode: RunModeSchema, label: z.string(), verb: z.string(), sentence: z.string(), stages: z.array(StageSchema),
  detail: z.string().meta({ description: 'What this mode does with this workflow' }),
  caps: CapsSchema.nullable(),
  plan: z.array(PlannedCallSchema).meta({ description: 'Calls of the first preset; inputs change it' }),
  is_default: z.boolean(),
});

export const WorkflowDetailSchema = WorkflowSummarySchema.extend({
  modes: z.array(WorkflowModeSchema),
  artifacts: z.array(z.object({ key: z.string(), file_name: z.string(), mime_type: z.string(), title: z.string() })),
  presets: z.array(Preset), skills: z.array(z.string()), tabs: z.array(Tab), content_hash: z.string(),
  sample_text: z.string().nullable().meta({ description: 'Begin of the main file of a Full run with the demo provider' }),
}).meta({ id: 'WorkflowDetail' });
export type WorkflowDetailWire = z.infer<typeof WorkflowDetailSchema>;

export const WorkflowSchemaSchema = z.object({
  workflow_id: z.string(), version: z.int(),
  json_schema: z.record(z.string(), z.unknown()).meta({ description: 'JSON Schema 2020-12 of `inputs`; `x-…` keys steer the form' }),
  tabs: z.array(Tab),
  fields: z.array(z.object({
    name: z.string(), type: z.string(), title: z.string().nullable(), description: z.string().nullable(), tab: z.string(), required: z.boolean(),
    default: z.unknown().optional(), options: z.array(z.unknown()).nullable(),
  })),
  presets: z.array(Preset),
}).meta({ id: 'WorkflowSchema' });
export type WorkflowSchemaWire = z.infer<typeof WorkflowSchemaSchema>;

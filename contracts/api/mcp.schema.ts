import { z } from 'zod';
import { RUN_STATUSES } from '../runs.ts';
import { PERSONAS } from '../catalog.schema.ts';
import { ArtifactSchema } from './artifacts.schema.ts';
import { CapSchema, ModelId, Provider, RunModeSchema, RunStatusSchema, StageSchema, Uuid, WaitReasonSchema } from './common.schema.ts';
import { BudgetBody } from './governance.schema.ts';
import { Inputs } from './runs.schema.ts';
import { WorkflowRef, WorkflowSchemaSchema } from './workflows.schema.ts';

/** What the tools of the MCP server take and give. Small on purpose: a host's model reads all of it. */
export const MAX_READ_CHARACTERS = 100_000;
export const LONGEST_MCP_WAIT_SECONDS = 50;
const page = { limit: z.int().min(1).max(50).default(20), skip: z.int().min(0).max(10_000).default(0) };

export const ListWorkflowsArgs = z.strictObject({ search: z.string().max(200).optional().describe('In name, description and tags'), persona: z.enum(PERSONAS).optional(), ...page });
export const GetSchemaArgs = z.strictObject({ workflow_id: WorkflowRef.describe('As list_workflows names it') });
export const StartRunArgs = z.strictObject({
  workflow_id: WorkflowRef.describe('As list_workflows names it'),
  inputs: Inputs.default({}).describe('By the json_schema of get_schema'),
  run_mode: RunModeSchema.default('test_run').describe('validate_only: free checks. test_run: a small slice with small caps. full_run: the whole of it; needs a Test before, and an approval by a person'),
  provider: Provider.optional().describe('The person\'s default when left out; demo costs nothing'),
  model: ModelId.optional(),
  budget: BudgetBody.optional().describe('Limits of this run below the platform\'s'),
  idempotency_key: z.string().regex(/^[\x21-\x7e]{1,200}$/).optional().describe('Sent again with the same key and arguments it is the same run'),
});
export const RunArgs = z.strictObject({ run_id: Uuid });
export const GetRunArgs = z.strictObject({ run_id: Uuid, wait_seconds: z.int().min(0).max(LONGEST_MCP_WAIT_SECONDS).default(0).describe('Waits that long for the end of the run; ask again while it has not ended') });
export const ListRunsArgs = z.strictObject({ workflow_id: WorkflowRef.optional(), status: z.enum(RUN_STATUSES).optional(), ...page });
export const ReadArtifactArgs = z.strictObject({
  artifact_id: Uuid.describe('Of the artifacts that get_run lists'), offset: z.int().min(0).default(0).describe('In characters'), limit: z.int().min(1).max(MAX_READ_CHARACTERS).default(20_000).describe('Characters'),
});

const WorkflowLine = z.object({
  workflow_id: z.string(), title: z.string(), outcome: z.string(), description: z.string(), personas: z.array(z.string()), tags: z.array(z.string()), estimated_minutes: z.number(),
  requires_prior_evidence: z.boolean().describe('A Full run needs a passed Test with the same inputs first'), full_needs_approval: z.boolean(),
});
export const WorkflowList = z.object({ total: z.int(), workflows: z.array(WorkflowLine) });
export const WorkflowForm = WorkflowSchemaSchema.pick({ workflow_id: true, version: true, json_schema: true, presets: true });
const Totals = z.object({ input_tokens: z.int(), output_tokens: z.int(), total_tokens: z.int(), cost_usd_micros: z.int().nullable() });
const RunLine = z.object({
  run_id: Uuid, workflow_id: z.string(), run_mode: RunModeSchema, status: RunStatusSchema, has_ended: z.boolean(), simulated: z.boolean().describe('Made by the demo provider; no language model was asked'),
  headline: z.string().nullable(), totals: Totals, page_url: z.string().describe('Where the person sees it, and decides what it waits for'),
});
export const RunList = z.object({ total: z.int(), runs: z.array(RunLine) });
export const RunSummary = RunLine.extend({
  provider: Provider, model: z.string(), cap_reached: CapSchema.nullable(), wait_reason: WaitReasonSchema.nullable(),
  waits: z.array(z.object({ reason: WaitReasonSchema, detail: z.string(), until: z.string().nullable() })).describe('Open now. Approvals, questions and budgets are the person\'s to decide, on page_url'),
  error: z.object({ code: z.string(), detail: z.string(), remedy: z.string().nullable() }).nullable(),
  stages: z.array(z.object({ stage: StageSchema, status: z.string(), remark: z.string().nullable(), steps: z.array(z.object({ title: z.string(), status: z.string(), summary: z.string().nullable() })) })),
  artifacts: z.array(ArtifactSchema.pick({ file_name: true, mime_type: true, file_size_bytes: true, summary: true }).extend({ artifact_id: Uuid, is_text: z.boolean() })),
});
export const Started = RunLine.extend({ provider: Provider, provider_reason: z.string() });
export const Cancelled = z.object({ run_id: Uuid, status: RunStatusSchema });
export const ArtifactText = z.object({ artifact_id: Uuid, file_name: z.string(), mime_type: z.string(), content: z.string(), total_characters: z.int(), next_offset: z.int().nullable().describe('Where to go on; null at the end') });

/** One message of the protocol; the SDK reads the rest. */
export const McpMessage = z.looseObject({ jsonrpc: z.literal('2.0'), method: z.string().max(200).optional(), id: z.union([z.string().max(200), z.number()]).nullable().optional() }).meta({ id: 'McpMessage', description: 'A JSON-RPC 2.0 message of the Model Context Protocol' });

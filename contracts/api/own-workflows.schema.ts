import { z } from 'zod';
import { Timestamp, Uuid } from './common.schema.ts';
import { WorkflowParams } from './workflows.schema.ts';

/** A definition goes over the wire as it is written; the checker says what is wrong with it, so that everything is told at once. */
const Document = z.record(z.string(), z.unknown()).meta({ description: 'The definition: format, slug, name, personas, inputs, steps, outputs, policy (docs/own-workflows.md)' });
const ChannelName = z.enum(['draft', 'test', 'live']);
const Note = z.string().trim().max(500).optional().meta({ description: 'What changed, for the list of versions' });

export const OwnWorkflowBody = z.strictObject({
  workflow_id: z.string().max(50).optional().meta({ description: 'Slug; made of the name when left out' }), name: z.string().max(255).optional(), description: z.string().max(4000).optional(), persona: z.string().max(50).optional(), personas: z.array(z.string().max(50)).max(10).optional(),
  tags: z.array(z.string().max(40)).max(20).optional(), is_active: z.boolean().optional(), definition: Document.optional(), note: Note,
});
export const ProblemSchema = z.object({ pointer: z.string(), detail: z.string() });
export const CheckSchema = z.object({ valid: z.boolean(), workflow_id: z.string().nullable(), errors: z.array(ProblemSchema), warnings: z.array(ProblemSchema), plan: z.array(z.object({ step: z.string(), title: z.string(), kind: z.string(), repeat: z.int(), input_tokens: z.int(), max_output_tokens: z.int() })).meta({ description: 'Calls of a Full run at most (of the catalog: with the inputs of its first example); empty while it is not valid' }) }).meta({ id: 'DefinitionCheck' });
export const CheckBody = z.strictObject({ definition: Document.optional().meta({ description: 'The stored draft when left out' }) });

export const OwnWorkflowSchema = z.object({
  id: Uuid, workflow_id: z.string(), name: z.string(), description: z.string(), persona: z.string(), personas: z.array(z.string()), tags: z.array(z.string()), is_active: z.boolean(), is_mine: z.boolean(),
  version: z.int().meta({ description: 'Of the definition shown' }), content_hash: z.string(), channels: z.object({ draft: z.int(), test: z.int().nullable(), live: z.int().nullable() }), definition: Document,
  warnings: z.array(ProblemSchema), created_at: Timestamp, updated_at: Timestamp,
}).meta({ id: 'OwnWorkflow' });
export type OwnWorkflowWire = z.infer<typeof OwnWorkflowSchema>;

/** What the database can number. */
const VersionNumber = z.coerce.number().int().min(1).max(1_000_000);
/** Which version of a written workflow; means nothing for one of the catalog. */
export const ChannelQuery = z.strictObject({ channel: ChannelName.optional().meta({ description: 'Of a workflow that people wrote: which version. live when there is one, else the youngest of your own' }) });
export const DefinitionQuery = z.strictObject({ version: VersionNumber.optional(), channel: ChannelName.optional() });
export const VersionSchema = z.object({ version: z.int(), content_hash: z.string(), note: z.string().nullable(), author_id: Uuid.nullable(), created_at: Timestamp, channels: z.array(ChannelName) }).meta({ id: 'WorkflowVersion' });
export const DiffQuery = z.strictObject({ from: VersionNumber, to: VersionNumber });
export const DiffSchema = z.object({ from: z.int(), to: z.int(), same: z.boolean(), changes: z.array(z.object({ pointer: z.string(), kind: z.enum(['added', 'removed', 'changed']), before: z.unknown().optional(), after: z.unknown().optional() })) }).meta({ id: 'WorkflowDiff' });
export const ChannelParams = WorkflowParams.extend({ channel: z.enum(['test', 'live']) });
export const ChannelBody = z.strictObject({ version: z.int().min(1).max(1_000_000).nullable().meta({ description: 'An older one rolls back; null takes the channel down' }) });
export const ExportQuery = z.strictObject({ version: VersionNumber.optional(), format: z.enum(['json', 'yaml']).optional() });
export const EXPORT_FORMAT = 'awp.workflow/v1';
export const ImportBody = z.strictObject({
  format: z.literal(EXPORT_FORMAT), definition: Document, workflow_id: z.string().max(50).optional().meta({ description: 'Another slug than the one in the file' }),
  version: z.int().optional(), content_hash: z.string().max(64).optional(), algorithm: z.literal('Ed25519').optional(), key_id: z.string().max(64).optional(), signature: z.string().max(200).optional(),
});
export const ImportedSchema = OwnWorkflowSchema.extend({ signed_by: z.enum(['this_installation', 'another_installation', 'nobody']) }).meta({ id: 'ImportedWorkflow' });

export const WorkingCopyBody = z.strictObject({ definition: Document });
export const WorkingCopySchema = z.object({
  workflow_id: z.string(), base_version: z.int().meta({ description: 'The youngest version, which it was made from' }), revision: z.int().meta({ description: '0 = nothing was edited since' }), definition: Document,
  saved_at: Timestamp.nullable(), saved_by_you: z.boolean(),
}).meta({ id: 'WorkingCopy' });
export type WorkingCopyWire = z.infer<typeof WorkingCopySchema>;

export const TryStepBody = z.strictObject({
  definition: Document.optional().meta({ description: 'As it is edited; the youngest draft when left out' }), step: z.string().min(3).max(300).regex(/^#\/steps\//).meta({ description: 'JSON Pointer of the step, like #/steps/2 or #/steps/1/do/0' }),
  values: z.record(z.string(), z.unknown()).default({}).meta({ description: 'A sample for every name that the step uses' }), provider: z.string().max(50).optional(), model: z.string().max(200).optional(),
});

import { ChannelQuery } from '#contracts/api/own-workflows.schema';
import { WorkflowParams, WorkflowSchemaSchema } from '#contracts/api/workflows.schema';
import { defineEndpoint } from '../../../endpoint.ts';
import { requireWorkflow } from '../catalog-lookup.ts';
import { schemaToWire } from '../workflow-to-wire.ts';

export const getWorkflowSchema = defineEndpoint({
  method: 'get', path: '/api/v1/workflows/{id}/schema', operationId: 'getWorkflowSchema', tag: 'Workflows', summary: 'The form of a workflow', description: 'JSON Schema of the inputs, the tabs they stand in, and ready-made input sets.', permission: 'workflow:read', audit: 'none', params: WorkflowParams, query: ChannelQuery,
  answers: { 200: { description: 'Schema, tabs and presets', schema: WorkflowSchemaSchema } }, errors: ['InvalidInput', 'NotFound'],
  handler: (deps) => async ({ principal, params, query }) => ({ status: 200, body: schemaToWire((await requireWorkflow(deps, params.id, principal, query.channel)).entry), revalidate: true }),
});

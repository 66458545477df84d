import { ChannelQuery } from '#contracts/api/own-workflows.schema';
import { WorkflowDetailSchema, WorkflowParams } from '#contracts/api/workflows.schema';
import { typicalUse } from '#platform/repositories/typical-use';
import { defineEndpoint } from '../../../endpoint.ts';
import { requireWorkflow } from '../catalog-lookup.ts';
import { detailToWire } from '../workflow-to-wire.ts';

export const getWorkflow = defineEndpoint({
  method: 'get', path: '/api/v1/workflows/{id}', operationId: 'getWorkflow', tag: 'Workflows', summary: 'One workflow', description: 'With what each mode does, its caps, the planned calls and the files it makes.', permission: 'workflow:read', audit: 'none', params: WorkflowParams, query: ChannelQuery,
  answers: { 200: { description: 'The workflow', schema: WorkflowDetailSchema } }, errors: ['InvalidInput', 'NotFound'],
  handler: (deps) => async ({ principal, params, query }) => {
    const { row, entry } = await requireWorkflow(deps, params.id, principal, query.channel);
    return { status: 200, body: detailToWire(row, entry, deps.config, (await typicalUse(deps.db, principal.userId)).get(entry.slug) ?? null), revalidate: true };
  },
});

import { z } from 'zod';
import { WorkflowsQuery, WorkflowSummarySchema } from '#contracts/api/workflows.schema';
import { pageFrom } from '#platform/repositories/paging';
import { typicalUse } from '#platform/repositories/typical-use';
import { listWorkflows } from '#platform/repositories/workflows';
import { defineEndpoint } from '../../endpoint.ts';
import { pagedAnswer } from '../../paged.ts';
import { entryOfRow, mayManage } from './catalog-lookup.ts';
import { summaryToWire } from './workflow-to-wire.ts';

export const getWorkflows = defineEndpoint({
  method: 'get', path: '/api/v1/workflows', operationId: 'listWorkflows', tag: 'Workflows', summary: 'The catalog', description: 'All filters narrow together.', permission: 'workflow:read', audit: 'none', query: WorkflowsQuery,
  answers: { 200: { description: 'Workflows', schema: z.array(WorkflowSummarySchema) } }, errors: ['InvalidInput'],
  handler: (deps) => async ({ principal, query, req }) => {
    const { persona, difficulty, search } = query;
    const [paged, typical] = await Promise.all([listWorkflows(deps.db, { persona, difficulty, search: search || undefined, activeOnly: query.active_only ?? true, viewerId: mayManage(principal) ? undefined : principal.userId }, pageFrom(query)), typicalUse(deps.db, principal.userId)]);
    const known = (await Promise.all(paged.rows.map((row) => entryOfRow(deps, row, principal)))).flatMap((found) => (found ? [found] : []));
    return { ...pagedAnswer(req, { ...paged, rows: known }, ({ row, entry }) => summaryToWire(row, entry, typical.get(entry.slug) ?? null)), revalidate: true };
  },
});

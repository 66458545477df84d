import { CompareQuery, RunComparisonSchema } from '#contracts/api/compare.schema';
import { compareRuns } from '../../compare/compare-runs.ts';
import { defineEndpoint } from '../../endpoint.ts';
import { requireOneOfRuns } from './require-run.ts';

export const getRunsCompare = defineEndpoint({
  method: 'get', path: '/api/v1/runs/compare', operationId: 'compareRuns', tag: 'Runs', summary: 'Runs side by side', description: 'Inputs, versions, steps with time, tokens and cost, what each step made as a diff against the first run, and where they part for the first time.', permission: 'run:read', audit: 'none',
  query: CompareQuery, answers: { 200: { description: 'The comparison', schema: RunComparisonSchema } }, errors: ['InvalidInput', 'NotFound'],
  handler: (deps) => async ({ principal, query }) => ({ status: 200, body: await compareRuns(deps, await Promise.all(query.ids.map((id) => requireOneOfRuns(deps.db, principal.userId, id)))) }),
});

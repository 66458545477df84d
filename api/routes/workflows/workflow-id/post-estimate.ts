import { EstimateBody, WorkflowEstimateSchema } from '#contracts/api/estimates.schema';
import { WorkflowParams } from '#contracts/api/workflows.schema';
import { DEFAULT_RUN_MODE } from '#contracts/runs';
import { estimateFor } from '#platform/estimates';
import { digestOf } from '#platform/ids';
import { priceOf } from '#platform/provider-catalog';
import { capsOf } from '../../../caps.ts';
import { defineEndpoint } from '../../../endpoint.ts';
import { parseWith } from '../../../problem.ts';
import { chooseProvider } from '../../runs/choose-provider.ts';
import { evidenceSubject } from '../../runs/prepare-run.ts';
import { requireWorkflow } from '../catalog-lookup.ts';

export const postEstimate = defineEndpoint({
  method: 'post', path: '/api/v1/workflows/{id}/estimate', operationId: 'estimateWorkflow', tag: 'Workflows', summary: 'What a run would use', description: 'Low, expected and worst tokens, cost and seconds for these inputs, from the plan or from your past runs with the same model. Nothing is started, nothing is bought. Validate uses the same figures.',
  permission: 'workflow:read', audit: 'none', params: WorkflowParams, body: EstimateBody, answers: { 200: { description: 'The estimate', schema: WorkflowEstimateSchema } }, errors: ['InvalidInput', 'NotFound'],
  handler: (deps) => async ({ principal, params, body }) => {
    const { row, entry } = await requireWorkflow(deps, params.id, principal, body.channel);
    const input: Record<string, unknown> = parseWith(entry.input, body.inputs, '#/inputs', 'The inputs');
    const { provider, reason } = await chooseProvider(deps, principal.userId, body.provider);
    const mode = body.run_mode ?? DEFAULT_RUN_MODE;
    const model = body.model ?? deps.providerData[provider].defaultModel;
    const subject = evidenceSubject({ userId: principal.userId, workflowSlug: entry.slug, inputDigest: digestOf(input), provider, model }, entry.version, row.versions[0]?.contentHash ?? '');
    const { estimate, evidenceRunId } = await estimateFor(deps, entry, { userId: principal.userId, mode, provider, model, input, caps: capsOf(deps.config), price: priceOf(deps.config, provider, model), subject });
    return { status: 200, body: { ...estimate, workflow_id: entry.slug, run_mode: mode, provider, model, provider_reason: reason, evidence_run_id: evidenceRunId } };
  },
});

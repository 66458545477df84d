import { DecisionAnswer, RaiseBudgetBody } from '#contracts/api/governance.schema';
import { RunParams } from '#contracts/api/runs.schema';
import { RAISE_BUDGET_UPDATE, type RaiseBudget } from '#contracts/governance';
import { CodedError, invalidField, notFound } from '#platform/coded-error';
import { uuidv7 } from '#platform/ids';
import { standingOf } from '#platform/repositories/rights';
import { findRunRequest } from '#platform/repositories/run-queries';
import { decide } from '../../../decide.ts';
import type { Deps } from '../../../deps.ts';
import { defineEndpoint } from '../../../endpoint.ts';
import { requirePolicy } from '../require-policy.ts';
import { requireRun } from '../require-run.ts';

export const postBudget = defineEndpoint({
  method: 'post', path: '/api/v1/runs/{id}/budget', operationId: 'raiseBudget', tag: 'Runs', summary: 'Raise the budget of a waiting run', permission: 'workflow:run:full', audit: 'run.budget_raised',
  description: 'Only while the run waits for its budget, only upward, and not above what the run policy allows or others have approved. The run goes on at once.', params: RunParams, body: RaiseBudgetBody,
  answers: { 200: { description: 'The run goes on', schema: DecisionAnswer }, 202: { description: 'Stored; no worker has taken it yet', schema: DecisionAnswer } }, errors: ['InvalidInput', 'NotFound', 'Conflict', 'PermissionDenied'],
  handler: (deps) => async ({ principal, params, body, audit }) => {
    const run = await requireRun(deps.db, principal.userId, params.id);
    const wait = (await deps.views.viewOf(run.id, run.lastSequence)).waits.find((open) => open.reason === 'budget');
    if (!wait || (body.wait_id !== undefined && body.wait_id !== wait.waitId)) throw new CodedError('Conflict', 'This run does not wait for its budget.', { remedy: 'Reload: it may have gone on, or ended.' });
    const limit = wait.budget?.limit_usd_micros ?? 0;
    if (body.cost_usd_micros <= limit) throw invalidField('#/cost_usd_micros', `must be more than the present budget of ${limit}`);
    await requireWithinRules(deps, principal.userId, run.id, body.cost_usd_micros);
    const id = uuidv7();
    const payload: RaiseBudget = { decisionId: id, waitId: wait.waitId, costUsdMicros: body.cost_usd_micros, by: principal.name };
    return decide(deps, { id, runId: run.id, waitId: wait.waitId, decidedBy: principal.userId, updateName: RAISE_BUDGET_UPDATE, payload },
      audit({ type: 'run.budget_raised', resource: `run/${run.id}`, data: { wait_id: wait.waitId, from_usd_micros: limit, to_usd_micros: body.cost_usd_micros } }));
  },
});

/** What was refused at the start is refused later: the limit of the run policy, as it is now, and the sum that approvers saw.
 * @throws CodedError PermissionDenied */
async function requireWithinRules(deps: Deps, userId: string, runId: string, wantedUsdMicros: number): Promise<void> {
  const [stored, standing] = await Promise.all([findRunRequest(deps.db, userId, runId), standingOf(deps.db, userId)]);
  if (!stored) throw notFound('This run');
  if (!standing) throw new CodedError('PermissionDenied', 'This account is switched off.');
  const { slug, mode, provider, fallback = [], targets = [], fullApproval } = stored.request;
  const refused = { resource: `run/${runId}`, data: { wanted_usd_micros: String(wantedUsdMicros) } };
  if (fullApproval) throw new CodedError('PermissionDenied', 'Others have approved this run with its budget.', { refused, remedy: 'Start it again with a bigger budget, and have that approved; what was made is taken over.' });
  const { maxCostUsdMicros } = requirePolicy(standing, { workflowId: slug, mode, provider, fallback, targets });
  if (maxCostUsdMicros !== null && wantedUsdMicros > maxCostUsdMicros) throw new CodedError('PermissionDenied', `The run policy allows at most ${maxCostUsdMicros} micro-dollars for this run.`, { refused, errors: [{ pointer: '#/cost_usd_micros', detail: `must be at most ${maxCostUsdMicros}` }] });
}

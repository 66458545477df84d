import { DecisionAnswer, RaiseBudgetBody } from '#contracts/api/governance.schema';
import { RunParams } from '#contracts/api/runs.schema';
import { RAISE_BUDGET_UPDATE, type RaiseBudget } from '#contracts/governance';
import { CodedError, invalidField } from '#platform/coded-error';
import { uuidv7 } from '#platform/ids';
import { decide } from '../../../decide.ts';
import { defineEndpoint } from '../../../endpoint.ts';
import { requireRun } from '../require-run.ts';

export const postBudget = defineEndpoint({
  method: 'post', path: '/api/v1/runs/{id}/budget', operationId: 'raiseBudget', tag: 'Runs', summary: 'Raise the budget of a waiting run', permission: 'workflow:run:full', audit: 'run.budget_raised',
  description: 'Only while the run waits for its budget, and only upward. The run goes on at once.', params: RunParams, body: RaiseBudgetBody,
  answers: { 200: { description: 'The run goes on', schema: DecisionAnswer }, 202: { description: 'Stored; no worker has taken it yet', schema: DecisionAnswer } }, errors: ['InvalidInput', 'NotFound', 'Conflict'],
  handler: (deps) => async ({ principal, params, body, audit }) => {
    const run = await requireRun(deps.db, principal.userId, params.id);
    const wait = (await deps.views.viewOf(run.id, run.lastSequence)).waits.find((open) => open.reason === 'budget');
    if (!wait || (body.wait_id !== undefined && body.wait_id !== wait.waitId)) throw new CodedError('Conflict', 'This run does not wait for its budget.', { remedy: 'Reload: it may have gone on, or ended.' });
    const limit = wait.budget?.limit_usd_micros ?? 0;
    if (body.cost_usd_micros <= limit) throw invalidField('#/cost_usd_micros', `must be more than the present budget of ${limit}`);
    const id = uuidv7();
    const payload: RaiseBudget = { decisionId: id, waitId: wait.waitId, costUsdMicros: body.cost_usd_micros, by: principal.name };
    return decide(deps, { id, runId: run.id, waitId: wait.waitId, decidedBy: principal.userId, updateName: RAISE_BUDGET_UPDATE, payload },
      audit({ type: 'run.budget_raised', resource: `run/${run.id}`, data: { wait_id: wait.waitId, from_usd_micros: limit, to_usd_micros: body.cost_usd_micros } }));
  },
});

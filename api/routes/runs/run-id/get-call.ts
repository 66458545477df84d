import { CallQuery, RunCallSchema, type RunCallWire } from '#contracts/api/reruns.schema';
import { RunParams } from '#contracts/api/runs.schema';
import { notFound } from '#platform/coded-error';
import { findRunCall } from '#platform/repositories/run-calls';
import { findRunRequest } from '#platform/repositories/run-queries';
import { defineEndpoint } from '../../../endpoint.ts';
import { requireRun } from '../require-run.ts';

export const getRunCall = defineEndpoint({
  method: 'get', path: '/api/v1/runs/{id}/calls', operationId: 'getRunCall', tag: 'Runs', summary: 'One call: what was asked and answered', description: 'Whole, as the ledger keeps it; a start for an edited prompt or answer of a re-run.', permission: 'run:read', audit: 'none', params: RunParams, query: CallQuery,
  answers: { 200: { description: 'Prompt and answer', schema: RunCallSchema } }, errors: ['InvalidInput', 'NotFound'],
  handler: (deps) => async ({ principal, params, query }) => {
    const run = await requireRun(deps.db, principal.userId, params.id);
    const [call, stored] = await Promise.all([findRunCall(deps.db, principal.userId, run.id, query.call_id), findRunRequest(deps.db, principal.userId, run.id)]);
    if (!call) throw notFound('This call');
    const body: RunCallWire = {
      call_id: query.call_id, stage: call.stage as RunCallWire['stage'], step: call.step, ordinal: call.ordinal, provider: call.provider as RunCallWire['provider'], model: call.model,
      messages: call.messages.map(({ role, content }) => ({ role, content })), prompt_edited: Object.hasOwn(stored?.request.fork?.prompts ?? {}, query.call_id), answer: call.answer, edited_by: call.editedBy,
    };
    return { status: 200, body };
  },
});

import { GateParams, ReminderAnswer } from '#contracts/api/governance.schema';
import { REMIND_AGAIN_MS } from '#contracts/limits';
import { CodedError, notFound } from '#platform/coded-error';
import { findGate, remindAgain } from '#platform/repositories/approvals';
import { appendAuditEvent } from '#platform/repositories/audit';
import { appendRunEvents } from '#platform/repositories/run-events';
import { defineEndpoint } from '../../../../endpoint.ts';
import { requireRun } from '../../require-run.ts';

export const postGateRemind = defineEndpoint({
  method: 'post', path: '/api/v1/runs/{id}/gates/{gate_id}/remind', operationId: 'remindGate', tag: 'Runs', summary: 'Remind whoever may approve', permission: 'run:decide', audit: 'run.gate_reminded',
  description: 'By the one who started the run, while nobody has decided; every quarter of an hour at most. It is marked in their list of approvals.', params: GateParams,
  answers: { 200: { description: 'Reminded', schema: ReminderAnswer } }, errors: ['InvalidInput', 'NotFound', 'Conflict', 'PermissionDenied'],
  handler: (deps) => async ({ principal, params, audit, requestId }) => {
    const run = await requireRun(deps.db, principal.userId, params.id);
    const gate = await findGate(deps.db, principal, run.id, params.gate_id);
    if (!gate) throw notFound('What this run asks');
    if (gate.kind !== 'approval') throw new CodedError('Conflict', 'This question is for you; there is nobody to remind.');
    if (gate.state !== 'open') throw new CodedError('Conflict', `This was closed already: ${gate.state}.`);
    const at = await deps.db.$transaction(async (tx) => {
      const now = await remindAgain(tx, gate.id, REMIND_AGAIN_MS);
      if (!now) return null;
      await appendRunEvents(tx, run.id, [{ key: `api/gate/${gate.gateId}/remind/${requestId}`, event: { type: 'gate-remind', data: { gate_id: gate.gateId, until: gate.expiresAt.toISOString(), by: principal.name } } }]);
      await appendAuditEvent(tx, audit({ type: 'run.gate_reminded', resource: `run/${run.id}`, data: { gate_id: gate.gateId } }));
      return now;
    });
    if (!at) throw new CodedError('Conflict', 'They were reminded a short while ago.', { remedy: 'Once every quarter of an hour is enough; send them the link of this page if it is urgent.' });
    return { status: 200, body: { run_id: run.id, gate_id: gate.gateId, reminded_at: at.toISOString(), again_at: new Date(at.getTime() + REMIND_AGAIN_MS).toISOString() } };
  },
});

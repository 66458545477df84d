import type { z } from 'zod';
import { DelegationAnswer, DelegationBody, GateParams } from '#contracts/api/governance.schema';
import { mayApprove, type ApproverRole } from '#contracts/governance';
import { CodedError, invalidField, notFound } from '#platform/coded-error';
import { appendAuditEvent } from '#platform/repositories/audit';
import { delegateApproval, findGate } from '#platform/repositories/approvals';
import { appendRunEvents } from '#platform/repositories/run-events';
import type { Deps } from '../../../../deps.ts';
import { defineEndpoint } from '../../../../endpoint.ts';
import { refuse } from './post-decision.ts';

type Gate = NonNullable<Awaited<ReturnType<typeof findGate>>>;
type Body = z.output<typeof DelegationBody>;

export const postGateDelegate = defineEndpoint({
  method: 'post', path: '/api/v1/runs/{id}/gates/{gate_id}/delegate', operationId: 'delegateGate', tag: 'Runs', summary: 'Hand an approval on', permission: 'run:decide', audit: 'run.gate_delegated',
  description: 'To a person, or to a role, with at least the role that the approval needs; never to the one who started the run. You cannot decide it any more, unless it is handed back.', params: GateParams, body: DelegationBody,
  answers: { 200: { description: 'Handed on', schema: DelegationAnswer } }, errors: ['InvalidInput', 'NotFound', 'Conflict', 'PermissionDenied'],
  handler: (deps) => async ({ principal, params, body, audit, requestId }) => {
    const gate = await findGate(deps.db, principal, params.id, params.gate_id);
    if (!gate) throw notFound('What this run asks');
    if (gate.kind !== 'approval') throw new CodedError('Conflict', 'A question is for the one who started the run; it cannot be handed on.');
    refuse(principal, gate);
    if (gate.state !== 'open') throw new CodedError('Conflict', `This was closed already: ${gate.state}.`);
    const decided = await deps.db.runDecision.findMany({ where: { runId: gate.runId, waitId: gate.gateId, state: { not: 'refused' } }, select: { decidedBy: true } });
    if (decided.some((decision) => decision.decidedBy === principal.userId)) throw new CodedError('Conflict', 'You have decided this already.');
    if (body.user_id !== undefined && decided.some((decision) => decision.decidedBy === body.user_id)) throw invalidField('#/user_id', 'has decided this already');
    const { name, to } = await target(deps, principal.userId, gate, body);
    const reason = body.reason ?? null;
    await deps.db.$transaction(async (tx) => {
      if (!(await delegateApproval(tx, { approvalId: gate.id, from: { id: principal.userId, name: principal.name }, to, reason }))) throw new CodedError('Conflict', 'You have handed this on already.');
      await appendRunEvents(tx, gate.runId, [{ key: `api/gate/${gate.gateId}/delegate/${principal.userId}/${requestId}`, event: { type: 'gate-delegate', data: { gate_id: gate.gateId, by: principal.name, to: name, reason } } }]);
      await appendAuditEvent(tx, audit({ type: 'run.gate_delegated', resource: `run/${gate.runId}`, data: { gate_id: gate.gateId, shown_hash: gate.shownHash, to: 'userId' in to ? `user/${to.userId}` : `role/${to.role}`, reason } }));
    });
    return { status: 200, body: { run_id: gate.runId, gate_id: gate.gateId, delegated_to: name } };
  },
});

/** @throws CodedError InvalidInput: nobody, the requester, oneself or a role that is too low; one answer for all people, so that none is found out */
async function target(deps: Deps, from: string, gate: Gate, body: Body): Promise<{ name: string; to: { userId: string } | { role: string } }> {
  const needed = gate.role as ApproverRole;
  if (body.role !== undefined) {
    if (!mayApprove(body.role, needed)) throw invalidField('#/role', `must be at least ${needed}`);
    return { name: body.role, to: { role: body.role } };
  }
  const user = await deps.db.user.findFirst({ where: { id: body.user_id, isActive: true } });
  if (!user || user.id === gate.userId || user.id === from || !mayApprove(user.role, needed)) throw invalidField('#/user_id', 'is nobody else who may approve this');
  return { name: user.name, to: { userId: user.id } };
}

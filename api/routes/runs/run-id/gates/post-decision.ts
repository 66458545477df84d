import { DecisionAnswer, DecisionBody, GateParams } from '#contracts/api/governance.schema';
import { answerSchema } from '#contracts/catalog.schema';
import { DECIDE_GATE_UPDATE, mayApprove, type ApproverRole, type DecideGate, type GateDecision } from '#contracts/governance';
import { notLower, type AskedCaps } from '#contracts/granted-limits';
import type { RunLimits } from '#contracts/run-events';
import { CodedError, invalidField, notFound } from '#platform/coded-error';
import { uuidv7 } from '#platform/ids';
import { findGate, hasDelegated } from '#platform/repositories/approvals';
import { decide } from '../../../../decide.ts';
import { findOwnEntry } from '#platform/repositories/own-entries';
import { askedLimits } from '../../../../asked-limits.ts';
import type { Deps } from '../../../../deps.ts';
import { defineEndpoint, type Principal } from '../../../../endpoint.ts';
import { parseWith } from '../../../../problem.ts';

type Gate = NonNullable<Awaited<ReturnType<typeof findGate>>>;

export const postGateDecision = defineEndpoint({
  method: 'post', path: '/api/v1/runs/{id}/gates/{gate_id}/decision', operationId: 'decideGate', tag: 'Runs', summary: 'Approve, reject or answer what a run asks', permission: 'run:decide', audit: 'run.gate_decided',
  description: 'Bound to what you saw by `shown_hash`. Who started a run answers its questions and never approves it.', params: GateParams, body: DecisionBody,
  answers: { 200: { description: 'The run has taken it', schema: DecisionAnswer }, 202: { description: 'Stored; no worker has taken it yet', schema: DecisionAnswer } }, errors: ['InvalidInput', 'NotFound', 'Conflict', 'PermissionDenied'],
  handler: (deps) => async ({ principal, params, body, audit }) => {
    const gate = await findGate(deps.db, principal, params.id, params.gate_id);
    if (!gate) throw notFound('What this run asks');
    refuse(principal, gate);
    if (await hasDelegated(deps.db, gate.id, principal.userId)) throw new CodedError('Conflict', 'You have handed this decision on.', { remedy: 'Ask the one who has it to hand it back.' });
    if (gate.state !== 'open') throw new CodedError('Conflict', `This was closed already: ${gate.state}.`);
    if (gate.shownHash !== body.shown_hash) throw new CodedError('Conflict', 'What is asked has changed since you saw it.', { remedy: 'Look at it again, then decide.' });
    if ((body.decision === 'answer') !== (gate.kind === 'question')) throw invalidField('#/decision', gate.kind === 'question' ? 'must be answer' : 'must be approve or reject');
    if (body.limits) checkLimits(body.decision, askedLimits(gate), body.limits);
    const id = uuidv7();
    const payload: DecideGate = {
      decisionId: id, gateId: gate.gateId, shownHash: gate.shownHash, by: { id: principal.userId, name: principal.name }, decision: body.decision, reason: body.reason ?? null,
      ...(body.limits ? { limits: body.limits } : {}),
      ...(body.decision === 'answer' ? { answer: await parsedAnswer(deps, gate, body.answer) } : {}),
    };
    return decide(deps, { id, runId: gate.runId, waitId: gate.gateId, decidedBy: principal.userId, updateName: DECIDE_GATE_UPDATE, payload },
      audit({ type: 'run.gate_decided', resource: `run/${gate.runId}`, data: { gate_id: gate.gateId, decision: body.decision, shown_hash: gate.shownHash, reason: body.reason ?? null, ...granted(body.limits) } }));
  },
});

/** @throws CodedError PermissionDenied: the owner on an approval, a role that is too low */
export function refuse(principal: Pick<Principal, 'userId' | 'role'>, gate: Gate): void {
  if (gate.kind === 'question') return;
  if (gate.userId === principal.userId) throw new CodedError('PermissionDenied', 'Who started the run cannot approve it.', { remedy: 'Ask somebody else who may approve.' });
  if (!mayApprove(principal.role, gate.role as ApproverRole)) throw new CodedError('PermissionDenied', `This needs the role ${gate.role}.`);
}

/** As plain facts of the audit log. */
const granted = (limits: RunLimits | undefined): Record<string, number> => Object.fromEntries(Object.entries(limits ?? {}).flatMap(([key, value]) => (value === undefined ? [] : [[`granted_${key}`, value]])));

/** A yes may give less than was asked, never more. @throws CodedError InvalidInput */
function checkLimits(decision: GateDecision, asked: AskedCaps | null, limits: RunLimits): void {
  if (decision !== 'approve' || !asked) throw invalidField('#/limits', 'can be set only with approve, where the approval has asked_limits');
  const [wrong] = notLower(asked, limits);
  if (wrong) throw invalidField(`#/limits/${wrong.key}`, `must be below the ${wrong.asked} that are asked for`);
}

async function parsedAnswer(deps: Deps, gate: Gate, answer: unknown): Promise<unknown> {
  const run = await deps.db.run.findUniqueOrThrow({ where: { id: gate.runId }, select: { workflowSlug: true } });
  const schema = answerSchema(deps.catalog.find((entry) => entry.slug === run.workflowSlug) ?? await findOwnEntry(deps.db, gate.runId), { name: gate.answers ?? '' });
  if (!schema) throw new CodedError('Conflict', 'The workflow that asks this is not installed here any more.');
  return parseWith(schema, answer, '#/answer', 'The answer');
}

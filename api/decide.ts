import type { DecisionAnswerWire } from '#contracts/api/governance.schema';
import { CodedError } from '#platform/coded-error';
import { deliverDecision } from '#platform/deliver-decision';
import { appendAuditEvent, type NewAuditEvent } from '#platform/repositories/audit';
import { insertDecision, type NewDecision } from '#platform/repositories/run-decisions';
import type { Deps } from './deps.ts';
import type { Answer } from './endpoint.ts';

const DEADLINE_MS = 2000;

/** Stores a decision with its audit event, then sends it as an Update under the row's id. 200 once the run has taken it, 202
 * when no worker did yet: it is stored, and the reconciler passes it on.
 * @throws CodedError Conflict when this person has decided already, or the run's own refusal */
export async function decide(deps: Deps, decision: NewDecision, audit: NewAuditEvent): Promise<Answer> {
  await deps.db.$transaction(async (tx) => {
    if (!(await insertDecision(tx, decision))) throw new CodedError('Conflict', 'You have decided this already.', { remedy: 'Reload: the run may have gone on.' });
    await appendAuditEvent(tx, audit);
  });
  const delivery = await deliverDecision(deps.db, deps.temporal, decision, DEADLINE_MS);
  if (delivery.state === 'refused') throw new CodedError(delivery.code, delivery.refusal, { remedy: 'Reload, look at the present state, and decide again.' });
  const body: DecisionAnswerWire = { decision_id: decision.id, run_id: decision.runId, wait_id: decision.waitId, state: delivery.state };
  return { status: delivery.state === 'delivered' ? 200 : 202, body };
}

import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowNotFoundError, WorkflowUpdateFailedError, type Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { isErrorCode, type ErrorCode } from '#contracts/errors';
import type { Database } from './db.ts';
import { settleDecision } from './repositories/run-decisions.ts';
import { bounded } from './bounded.ts';

/** A row of run_decisions; `payload` is the Update's one argument. */
export interface StoredDecision { id: string; runId: string; updateName: string; payload: unknown }
export type Delivery = { state: 'delivered' } | { state: 'pending' } | { state: 'refused'; code: ErrorCode; refusal: string };

const RETRY_MS = 100;

/** Sends a stored decision to its run as an Update whose id is the decision's: sent twice it counts once and gets the same
 * answer. A run that has not come to the question yet is asked again until the deadline; after it, or without a worker, the
 * decision stays pending and the reconciler sends it. */
export async function deliverDecision(db: Database, client: Client, decision: StoredDecision, deadlineMs: number): Promise<Delivery> {
  const endsAt = Date.now() + deadlineMs;
  let delivery = await send(client, decision, deadlineMs);
  for (let leftMs = endsAt - Date.now(); delivery.state === 'early' && leftMs > RETRY_MS; leftMs = endsAt - Date.now()) {
    await sleep(RETRY_MS);
    delivery = await send(client, decision, leftMs);
  }
  if (delivery.state === 'early') return { state: 'pending' };
  if (delivery.state === 'delivered') await settleDecision(db, decision.id, delivery);
  if (delivery.state === 'refused') await settleDecision(db, decision.id, { state: 'refused', refusal: delivery.refusal });
  return delivery;
}

async function send(client: Client, decision: StoredDecision, deadlineMs: number): Promise<Delivery | { state: 'early' }> {
  try {
    const handle = client.workflow.getHandle(decision.runId);
    await bounded(client.withDeadline(Date.now() + deadlineMs, () => handle.executeUpdate(decision.updateName, { args: [decision.payload], updateId: decision.id })), deadlineMs + 500);
    return { state: 'delivered' };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return { state: 'refused', code: 'Conflict', refusal: 'The run has ended.' };
    if (!(error instanceof WorkflowUpdateFailedError)) return { state: 'pending' };
    const { cause } = error;
    const type = cause instanceof ApplicationFailure ? cause.type : null;
    if (type === 'ServiceUnavailable') return { state: 'early' };
    return { state: 'refused', code: isErrorCode(type) ? type : 'Conflict', refusal: cause?.message ?? 'The run does not wait for this.' };
  }
}

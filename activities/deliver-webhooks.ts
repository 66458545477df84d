import { Context } from '@temporalio/activity';
import { WEBHOOK_LANES, WEBHOOK_TIMEOUT_MS, webhookRetryMs, type DeliverRequest, type DeliverResult } from '#contracts/webhooks';
import { appendAuditEvent } from '#platform/repositories/audit';
import { databaseNow } from '#platform/db';
import { nextDueMs, settleTry, takeDue, type TakenDelivery, type TryOutcome } from '#platform/repositories/webhook-deliveries';
import { openWebhookSecrets, signingTarget } from '#platform/repositories/webhooks';
import { SecretUnreadable } from '#platform/secrets/envelope';
import { transaction } from '#platform/sql';
import { CLOUD_EVENTS_TYPE, cloudEvent } from '#platform/webhooks/cloud-event';
import { signedHeaders } from '#platform/webhooks/sign';
import type { ActivityDeps } from './deps.ts';
import { classify, toFailure } from './failures.ts';
import { postMessage, type Posted } from './webhooks/post-message.ts';
import type { Resolve } from './tools/net/url-guard.ts';

const GONE = 410;
/** Rounds of one attempt; the workflow asks again. */
const ROUNDS = 25;

/** Sends what is due to one endpoint, a few at a time, until nothing is. Safe to repeat at any moment: a row that was taken is due again
 * when its lease is over, and a try counts when its outcome is stored.
 * @param resolve  names to addresses; tests hand in their own
 * @returns how long until the next row is due */
export async function deliverWebhooks(deps: ActivityDeps, { webhookId }: DeliverRequest, resolve?: Resolve): Promise<DeliverResult> {
  const counts = { delivered: 0, failed: 0 };
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      const due = await takeDue(deps.db, webhookId, WEBHOOK_LANES);
      if (due.length === 0) break;
      for (const outcome of await Promise.all(due.map((delivery) => deliver(deps, webhookId, delivery, resolve)))) if (outcome) counts[outcome] += 1;
    }
    return { ...counts, nextInMs: await nextDueMs(deps.db, webhookId) };
  } catch (error) {
    Context.current().cancellationSignal.throwIfAborted();
    throw toFailure({ ...classify(error, () => 1, deps.config.AWP_RETRY_BASE_MS), delayMs: 2_000 }, null);
  }
}

/** @returns null when the endpoint is off or gone meanwhile: its rows are as well */
async function deliver(deps: ActivityDeps, webhookId: string, delivery: TakenDelivery, resolve: Resolve | undefined): Promise<'delivered' | 'failed' | null> {
  const target = await signingTarget(deps.db, webhookId);
  if (!target) return null;
  const outcome = outcomeOf(delivery, await send(deps, target, delivery, resolve), deps.config.AWP_WEBHOOK_RETRY_MS);
  const off = await transaction(deps.db.pool, async (client) => {
    const switchedOff = await settleTry(client, delivery.id, outcome);
    if (switchedOff) await appendAuditEvent(client, { type: 'webhook.switched_off', subject: switchedOff.userId, actorKind: 'system', resource: `webhook/${webhookId}`, outcome: 'success', data: { reason: switchedOff.reason } });
    return switchedOff;
  });
  deps.metrics.webhookDeliveries.inc({ outcome: outcome.state === 'delivered' ? 'delivered' : outcome.nextMs === null ? 'given_up' : 'retried' });
  deps.logger.info({ webhook_id: webhookId, event_id: delivery.eventId, event: delivery.eventType, outcome: outcome.state, status: outcome.status, tries: delivery.tries + 1, duration_ms: outcome.durationMs, switched_off: off?.reason }, 'webhook sent');
  return outcome.state;
}

async function send(deps: ActivityDeps, target: NonNullable<Awaited<ReturnType<typeof signingTarget>>>, delivery: TakenDelivery, resolve: Resolve | undefined): Promise<Posted> {
  let secrets: string[];
  try {
    secrets = await openWebhookSecrets(deps.secrets.keeper, target);
  } catch (error) {
    if (!(error instanceof SecretUnreadable)) throw error;
    return { status: null, answer: null, problem: 'The signing secret cannot be read: make a new one.', retryAfterMs: 0, durationMs: 0 };
  }
  const body = cloudEvent(delivery, deps.config.WEB_ORIGIN);
  const headers = { 'content-type': CLOUD_EVENTS_TYPE, ...signedHeaders(delivery.eventId, await databaseNow(deps.db), body, secrets) };
  return postMessage(target.url, headers, body, { allowedPrivateHosts: deps.config.AWP_ALLOWED_PRIVATE_HOSTS, timeoutMs: WEBHOOK_TIMEOUT_MS, signal: Context.current().cancellationSignal, resolve });
}

function outcomeOf({ tries }: TakenDelivery, { status, answer, problem, retryAfterMs, durationMs }: Posted, firstWaitMs: number): TryOutcome {
  const gone = status === GONE;
  const nextMs = problem === null || gone ? null : webhookRetryMs(tries + 1, Math.random(), firstWaitMs, retryAfterMs);
  return { state: problem === null ? 'delivered' : 'failed', nextMs, status, answer, problem, durationMs, gone };
}

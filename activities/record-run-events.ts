import type { CarriedEvents, RecordRequest } from '#contracts/workflow';
import type { KeyedEvent } from '#platform/repositories/run-events';
import { waitingForRun } from '#platform/repositories/webhook-deliveries';
import { tellsSomething } from '#platform/webhooks/outbox';
import { wakeWebhooks } from '#platform/webhooks/wake';
import type { ActivityDeps } from './deps.ts';
import { storeEvents } from './run-lines.ts';

/** The workflow's events with their idempotency keys `<temporal run id>/<n>`, and the execution that tells them. */
export function carriedEvents(before: CarriedEvents): KeyedEvent[] {
  return before.entries.map(({ n, event }) => ({ key: `${before.keyPrefix}/${n}`, event, temporalRunId: before.keyPrefix }));
}

/** Stores events that no other activity carries, for example before a long wait. Idempotent. */
export async function recordRunEvents(deps: ActivityDeps, request: RecordRequest): Promise<void> {
  const events = carriedEvents(request.before);
  await storeEvents(deps, request.runId, events);
  if (tellsSomething(events)) await wakeWebhooks(deps, await waitingForRun(deps.db, request.runId));
}

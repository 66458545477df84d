import type { DeliveryDetailWire, DeliveryWire, SomebodysWebhookWire, WebhookWire } from '#contracts/api/webhooks.schema';
import type { DeliveredEvent, DeliveryState, WebhookEvent, WebhookOffReason } from '#contracts/webhooks';
import type { Database, Transaction } from '#platform/db';
import type { DeliveryRecord } from '#platform/repositories/webhook-deliveries';
import { secretTimes, type OwnedWebhook, type WebhookRecord } from '#platform/repositories/webhooks';

const iso = (at: Date | null | undefined): string | null => at?.toISOString() ?? null;
const stateOf = (row: WebhookRecord) => ({ is_active: row.isActive, off_reason: row.offReason as WebhookOffReason | null, off_at: iso(row.offAt), failing_since: iso(row.failingSince) });

export async function webhooksToWire(db: Database | Transaction, rows: readonly WebhookRecord[]): Promise<WebhookWire[]> {
  const times = await secretTimes(db, rows.map(({ id }) => id));
  return rows.map((row) => ({
    id: row.id, url: row.url, description: row.description, events: row.events as WebhookEvent[], ...stateOf(row),
    secret_since: iso(times.get(row.id)?.since), secret_overlap_until: iso(times.get(row.id)?.overlapUntil), created_at: row.createdAt.toISOString(), updated_at: row.updatedAt.toISOString(),
  }));
}

export async function webhookToWire(db: Database | Transaction, row: WebhookRecord): Promise<WebhookWire> {
  const [wire] = await webhooksToWire(db, [row]);
  return wire as WebhookWire;
}

export const hostOfWebhook = (url: string): string => new URL(url).host;

export const somebodysToWire = (row: OwnedWebhook): SomebodysWebhookWire =>
  ({ id: row.id, host: hostOfWebhook(row.url), events: row.events as WebhookEvent[], ...stateOf(row), owner: row.user, created_at: row.createdAt.toISOString() });

export const deliveryToWire = (row: DeliveryRecord): DeliveryWire => ({
  id: row.id, event_id: row.eventId, event: row.eventType as DeliveredEvent, run_id: row.runId, state: row.state as DeliveryState, tries: row.tries, next_try_at: iso(row.nextTryAt), last_try_at: iso(row.lastTryAt),
  response_status: row.responseStatus, problem: row.problem, duration_ms: row.durationMs, created_at: row.createdAt.toISOString(),
});

export const deliveryDetailToWire = (row: DeliveryRecord, body: string): DeliveryDetailWire => ({ ...deliveryToWire(row), body, response_body: row.responseBody });

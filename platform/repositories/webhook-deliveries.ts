import { WEBHOOK_DELIVERY_DAYS, WEBHOOK_FAILING_DAYS, WEBHOOK_TEST, type DeliveryState } from '#contracts/webhooks';
import type { Prisma, WebhookDelivery } from '#prisma/client';
import { databaseNow, type Database, type Transaction } from '../db.ts';
import { uuidv7 } from '../ids.ts';
import { query, queryIn, statement } from '../sql.ts';
import type { ToldEvent, ToldRun } from '../webhooks/cloud-event.ts';
import { after, pageOf, type Page, type Paged } from './paging.ts';

/** The outbox as its worker and its owner see it. Each "now" is the database's; compared with `now()`, which an index serves. */

/** Who took a row has so long; then it is due again, whoever took it: longer than the longest try. */
const LEASE_SECONDS = 30;

export interface TakenDelivery extends ToldEvent { id: string; tries: number }
interface TakenRow extends Omit<TakenDelivery, 'run'>, Omit<ToldRun, 'id' | 'createdAt'> { runId: string | null; queuedAt: Date }

const TAKE = statement(`
  WITH due AS (
    SELECT d.id FROM webhook_deliveries d WHERE d.webhook_id = $1::uuid AND d.next_try_at <= now()
      AND EXISTS (SELECT FROM webhooks w JOIN users u ON u.id = w.user_id AND u.is_active WHERE w.id = $1::uuid AND w.is_active)
    ORDER BY d.next_try_at LIMIT $2::int FOR UPDATE OF d SKIP LOCKED
  ), taken AS (
    UPDATE webhook_deliveries d SET next_try_at = clock_timestamp() + ${LEASE_SECONDS} * interval '1 second', last_try_at = clock_timestamp() FROM due WHERE d.id = due.id
    RETURNING d.id, d.run_id, d.event_id, d.event_type, d.created_at, d.data, d.tries
  )
  SELECT t.id, t.run_id AS "runId", t.event_id AS "eventId", t.event_type AS "eventType", t.created_at AS "createdAt", t.data, t.tries, r.workflow_slug AS "workflowSlug", r.run_mode AS "runMode", r.provider, r.model, r.simulated,
    r.created_at AS "queuedAt", r.status, r.cap_reached AS "capReached", r.error ->> 'code' AS "errorCode", r.started_at AS "startedAt", r.completed_at AS "completedAt", r.input_tokens AS "inputTokens", r.output_tokens AS "outputTokens", r.cost_usd_micros::float8 AS "costUsdMicros"
  FROM taken t LEFT JOIN runs r ON r.id = t.run_id`);

/** Takes what is due of an endpoint that is on, and whose owner is. Two workers never take the same row within its lease. */
export async function takeDue(db: Database, webhookId: string, limit: number): Promise<TakenDelivery[]> {
  return (await query<TakenRow>(db.pool, TAKE, [webhookId, limit])).map(({ runId, queuedAt, id, eventId, eventType, createdAt, data, tries, ...run }) =>
    ({ id, eventId, eventType, createdAt, data, tries, run: runId === null ? null : { ...run, id: runId, createdAt: queuedAt } }));
}

const NEXT = statement(`
  SELECT GREATEST(0, extract(epoch FROM min(d.next_try_at) - clock_timestamp()) * 1000)::float8 AS ms FROM webhook_deliveries d
  WHERE d.webhook_id = $1::uuid AND d.next_try_at IS NOT NULL AND EXISTS (SELECT FROM webhooks w JOIN users u ON u.id = w.user_id AND u.is_active WHERE w.id = $1::uuid AND w.is_active)`);

/** @returns ms until the next row of this endpoint is due; null when none waits */
export async function nextDueMs(db: Database, webhookId: string): Promise<number | null> {
  const [row] = await query<{ ms: number | null }>(db.pool, NEXT, [webhookId]);
  return row?.ms == null ? null : Math.ceil(row.ms);
}

const OVERDUE = statement(`
  SELECT DISTINCT d.webhook_id AS id FROM webhook_deliveries d JOIN webhooks w ON w.id = d.webhook_id AND w.is_active JOIN users u ON u.id = w.user_id AND u.is_active
  WHERE d.next_try_at <= now() - $1::int * interval '1 millisecond' LIMIT $2::int`);

/** Endpoints with rows that were due so long ago and that nobody took. */
export async function overdueWebhooks(db: Database, sinceMs: number, limit: number): Promise<string[]> {
  return (await query<{ id: string }>(db.pool, OVERDUE, [sinceMs, limit])).map(({ id }) => id);
}

const OLDEST = statement(`
  SELECT extract(epoch FROM clock_timestamp() - min(d.next_try_at))::float8 AS seconds FROM webhook_deliveries d JOIN webhooks w ON w.id = d.webhook_id AND w.is_active JOIN users u ON u.id = w.user_id AND u.is_active
  WHERE d.next_try_at <= now()`);

/** @returns seconds since the oldest row that is due was due; 0 when none is */
export async function oldestDueSeconds(db: Database): Promise<number> {
  const [row] = await query<{ seconds: number | null }>(db.pool, OLDEST, []);
  return Math.max(0, row?.seconds ?? 0);
}

// Times are kept in whole milliseconds: one of this moment may lie a little ahead.
const WAITING = statement("SELECT DISTINCT webhook_id AS id FROM webhook_deliveries WHERE run_id = $1::uuid AND next_try_at <= now() + interval '1 second'");

/** Endpoints that are to be told something of this run now. */
export async function waitingForRun(db: Database, runId: string): Promise<string[]> {
  return (await query<{ id: string }>(db.pool, WAITING, [runId])).map(({ id }) => id);
}

/** `nextMs`: null = it was the last try. */
export interface TryOutcome { state: 'delivered' | 'failed'; nextMs: number | null; status: number | null; answer: string | null; problem: string | null; durationMs: number; /** the receiver said that it is gone for good */ gone: boolean }

const SETTLE = statement(`
  UPDATE webhook_deliveries SET tries = tries + 1, state = CASE WHEN $2::text = 'delivered' THEN 'delivered' WHEN $3::int IS NULL THEN 'failed' ELSE 'pending' END,
    next_try_at = CASE WHEN $2::text = 'delivered' OR $3::int IS NULL THEN NULL ELSE clock_timestamp() + $3::int * interval '1 millisecond' END,
    response_status = $4::int, response_body = $5::text, problem = $6::text, duration_ms = $7::int
  WHERE id = $1::uuid AND state = 'pending' RETURNING webhook_id AS "webhookId"`);
const DELIVERED = statement('UPDATE webhooks SET failing_since = NULL WHERE id = $1::uuid AND failing_since IS NOT NULL');
const FAILED = statement(`
  WITH hook AS (SELECT id, COALESCE(failing_since, clock_timestamp()) AS since FROM webhooks WHERE id = $1::uuid AND is_active FOR UPDATE),
  verdict AS (SELECT id, since, CASE WHEN $2::boolean THEN 'gone' WHEN since <= clock_timestamp() - ${WEBHOOK_FAILING_DAYS} * interval '1 day' THEN 'failing' END AS reason FROM hook)
  UPDATE webhooks w SET failing_since = verdict.since, is_active = verdict.reason IS NULL, off_reason = verdict.reason, off_at = CASE WHEN verdict.reason IS NULL THEN NULL ELSE clock_timestamp() END
  FROM verdict WHERE w.id = verdict.id RETURNING verdict.reason AS "reason", w.user_id AS "userId"`);

/** Stores how a try went, and what follows for the endpoint. A row that was stopped or deleted meanwhile stays as it is.
 * @returns why the endpoint was switched off by this, null when it was not */
export async function settleTry(client: Parameters<typeof query>[0], id: string, { state, nextMs, status, answer, problem, durationMs, gone }: TryOutcome): Promise<{ webhookId: string; userId: string; reason: 'gone' | 'failing' } | null> {
  const [row] = await query<{ webhookId: string }>(client, SETTLE, [id, state, nextMs, status, answer, problem, durationMs]);
  if (!row) return null;
  if (state === 'delivered') {
    await query(client, DELIVERED, [row.webhookId]);
    return null;
  }
  const [hook] = await query<{ reason: 'gone' | 'failing' | null; userId: string }>(client, FAILED, [row.webhookId, gone]);
  if (!hook?.reason) return null;
  await query(client, STOP, [row.webhookId]);
  return { webhookId: row.webhookId, userId: hook.userId, reason: hook.reason };
}

const STOP = statement("UPDATE webhook_deliveries SET state = 'stopped', next_try_at = NULL WHERE webhook_id = $1::uuid AND next_try_at IS NOT NULL");

/** What still waited for an endpoint that is off now is not sent by itself any more. */
export async function stopDeliveries(tx: Transaction, webhookId: string): Promise<void> {
  await tx.webhookDelivery.updateMany({ where: { webhookId, nextTryAt: { not: null } }, data: { state: 'stopped', nextTryAt: null } });
}

export type DeliveryRecord = WebhookDelivery;

/** Newest first. The caller has found the endpoint among the person's. */
export async function listDeliveries(db: Database, userId: string, webhookId: string, filter: { state?: DeliveryState | undefined }, page: Page): Promise<Paged<DeliveryRecord>> {
  const where: Prisma.WebhookDeliveryWhereInput = { webhookId, userId, ...(filter.state ? { state: filter.state } : {}) };
  const [total, rows] = await Promise.all([
    db.webhookDelivery.count({ where }),
    db.webhookDelivery.findMany({ where: { AND: [where, after(page)] }, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], skip: page.skip, take: page.limit + 1 }),
  ]);
  return pageOf(rows, total, page);
}

const WITH_RUN = { run: { select: { id: true, workflowSlug: true, runMode: true, provider: true, model: true, simulated: true, createdAt: true, status: true, capReached: true, error: true, startedAt: true, completedAt: true, inputTokens: true, outputTokens: true, costUsdMicros: true } } } as const satisfies Prisma.WebhookDeliveryInclude;

/** One delivery with what its body is made of. */
export async function findDelivery(db: Database, userId: string, webhookId: string, id: string): Promise<{ row: DeliveryRecord; told: ToldEvent } | null> {
  const found = await db.webhookDelivery.findFirst({ where: { id, webhookId, userId }, include: WITH_RUN });
  if (!found) return null;
  const { run, ...row } = found;
  const told: ToldEvent = {
    eventId: row.eventId, eventType: row.eventType as ToldEvent['eventType'], createdAt: row.createdAt, data: row.data as ToldEvent['data'],
    run: run && { ...run, costUsdMicros: run.costUsdMicros === null ? null : Number(run.costUsdMicros), errorCode: (run.error as { code?: string } | null)?.code ?? null },
  };
  return { row, told };
}

/** A message of its own that tells nothing. */
export async function addTestDelivery(tx: Transaction, userId: string, webhookId: string): Promise<DeliveryRecord> {
  const [id, now] = [uuidv7(), await databaseNow(tx)];
  return tx.webhookDelivery.create({ data: { id, webhookId, userId, eventId: `evt_${id.replaceAll('-', '')}`, eventType: WEBHOOK_TEST, data: {}, nextTryAt: now, createdAt: now } });
}

/** Sends it again, with all its tries, under the same id. @returns null when there is none, or it still waits for its next try of today */
export async function sendAgain(tx: Transaction, userId: string, webhookId: string, id: string): Promise<DeliveryRecord | null> {
  const changed = await tx.webhookDelivery.updateMany({ where: { id, webhookId, userId }, data: { state: 'pending', tries: 0, nextTryAt: await databaseNow(tx) } });
  return changed.count === 1 ? tx.webhookDelivery.findFirst({ where: { id, webhookId, userId } }) : null;
}

const DELETE_OLD = statement(`DELETE FROM webhook_deliveries WHERE ctid = ANY(ARRAY(SELECT ctid FROM webhook_deliveries WHERE created_at <= now() - ${WEBHOOK_DELIVERY_DAYS} * interval '1 day' LIMIT $1::int)) RETURNING 1 AS gone`);

/** Deliveries past their days, sent or not. @returns how many went */
export async function deleteOldDeliveries(tx: Transaction, limit: number): Promise<number> {
  return (await queryIn(tx, DELETE_OLD, [limit])).length;
}

import { MAX_WEBHOOKS, WEBHOOK_OVERLAP_HOURS, type WebhookEvent, type WebhookOffReason } from '#contracts/webhooks';
import type { Prisma, Webhook } from '#prisma/client';
import { databaseNow, type Database, type Transaction } from '../db.ts';
import { query, statement } from '../sql.ts';
import type { SecretBinding } from '../secrets/envelope.ts';
import type { SecretKeeper, StoredForm } from '../secrets/keeper.ts';
import { after, pageOf, type Page, type Paged } from './paging.ts';
import { stopDeliveries } from './webhook-deliveries.ts';

/** Endpoints of people and what signs for them. Every read and write names the person, but those of the administrator. */
export type WebhookRecord = Webhook;
export interface WebhookFields { url: string; description: string; events: WebhookEvent[] }
/** `id` of the row that `stored` was sealed for */
export interface NewSecret { id: string; stored: StoredForm }

/** A secret belongs to its own row: copied beside another endpoint it is refused. */
export const secretBinding = (userId: string, secretId: string): SecretBinding => ({ ownerId: userId, provider: 'webhook', rowId: secretId });

export async function listWebhooks(db: Database, userId: string): Promise<WebhookRecord[]> {
  return db.webhook.findMany({ where: { userId }, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] });
}

export async function findWebhook(db: Database | Transaction, userId: string, id: string): Promise<WebhookRecord | null> {
  return db.webhook.findFirst({ where: { id, userId } });
}

/** When the newest secret of each was made, and until when the one before signs too. */
export async function secretTimes(db: Database | Transaction, webhookIds: readonly string[]): Promise<Map<string, { since: Date; overlapUntil: Date | null }>> {
  const now = await databaseNow(db);
  const rows = await db.webhookSecret.findMany({ where: { webhookId: { in: [...webhookIds] }, OR: [{ validUntil: null }, { validUntil: { gt: now } }] }, select: { webhookId: true, validUntil: true, createdAt: true }, orderBy: { createdAt: 'asc' } });
  const times = new Map<string, { since: Date; overlapUntil: Date | null }>();
  for (const { webhookId, validUntil, createdAt } of rows) {
    const known = times.get(webhookId);
    times.set(webhookId, { since: validUntil === null ? createdAt : (known?.since ?? createdAt), overlapUntil: validUntil ?? known?.overlapUntil ?? null });
  }
  return times;
}

/** @returns `many` or `known` when it was not added for that reason */
export async function addWebhook(tx: Transaction, userId: string, id: string, fields: WebhookFields, secret: NewSecret): Promise<WebhookRecord | 'many' | 'known'> {
  await tx.$queryRaw`SELECT id FROM users WHERE id = ${userId}::uuid FOR UPDATE`;
  const there = await tx.webhook.findMany({ where: { userId }, select: { url: true } });
  if (there.some(({ url }) => url === fields.url)) return 'known';
  if (there.length >= MAX_WEBHOOKS) return 'many';
  const row = await tx.webhook.create({ data: { id, userId, ...fields } });
  await tx.webhookSecret.create({ data: { id: secret.id, webhookId: id, userId, secretEnvelope: secret.stored as unknown as Prisma.InputJsonValue } });
  return row;
}

/** @param isActive  on: what made it fail is forgotten. An administrator's "off" is not the owner's to lift.
 * @returns null when there is none; `known` when another one has this address; `locked` when an administrator switched it off */
export async function changeWebhook(tx: Transaction, userId: string, id: string, { isActive, ...fields }: WebhookFields & { isActive: boolean }): Promise<WebhookRecord | 'known' | 'locked' | null> {
  await tx.$queryRaw`SELECT id FROM users WHERE id = ${userId}::uuid FOR UPDATE`;
  const row = await findWebhook(tx, userId, id);
  if (!row) return null;
  if (isActive && row.offReason === 'administrator') return 'locked';
  if ((await tx.webhook.count({ where: { userId, url: fields.url, id: { not: id } } })) > 0) return 'known';
  await tx.webhook.updateMany({ where: { id, userId }, data: fields });
  if (isActive !== row.isActive) await switchWebhook(tx, id, isActive ? null : 'owner');
  return findWebhook(tx, userId, id);
}

/** @param reason  null = on again */
export async function switchWebhook(tx: Transaction, id: string, reason: WebhookOffReason | null): Promise<void> {
  await tx.webhook.updateMany({ where: { id }, data: { isActive: reason === null, offReason: reason, offAt: reason === null ? null : await databaseNow(tx), failingSince: null } });
  if (reason !== null) await stopDeliveries(tx, id);
}

/** @returns what was stored, for the keeper to drop; null when there was none */
export async function deleteWebhook(tx: Transaction, userId: string, id: string): Promise<{ url: string; stored: StoredForm[] } | null> {
  const row = await findWebhook(tx, userId, id);
  if (!row) return null;
  const stored = await webhookSecretForms(tx, { userId, webhookId: id });
  await tx.webhook.deleteMany({ where: { id, userId } });
  return { url: row.url, stored };
}

/** The secret before it signs on for the overlap; one that was in its overlap already ends now.
 * @returns what ended, for the keeper to drop; null when there is no such endpoint */
export async function rotateWebhookSecret(tx: Transaction, userId: string, id: string, secret: NewSecret): Promise<StoredForm[] | null> {
  await tx.$queryRaw`SELECT id FROM users WHERE id = ${userId}::uuid FOR UPDATE`;
  if (!(await findWebhook(tx, userId, id))) return null;
  const ended = await tx.webhookSecret.findMany({ where: { webhookId: id, userId, validUntil: { not: null } }, select: { secretEnvelope: true } });
  await tx.webhookSecret.deleteMany({ where: { webhookId: id, userId, validUntil: { not: null } } });
  await tx.webhookSecret.updateMany({ where: { webhookId: id, userId }, data: { validUntil: new Date((await databaseNow(tx)).getTime() + WEBHOOK_OVERLAP_HOURS * 3_600_000) } });
  await tx.webhookSecret.create({ data: { id: secret.id, webhookId: id, userId, secretEnvelope: secret.stored as unknown as Prisma.InputJsonValue } });
  return ended.map((row) => row.secretEnvelope as unknown as StoredForm);
}

/** What is stored of all secrets of a person, or of one endpoint. */
export async function webhookSecretForms(tx: Transaction, { userId, webhookId }: { userId: string; webhookId?: string }): Promise<StoredForm[]> {
  const rows = await tx.webhookSecret.findMany({ where: { userId, ...(webhookId ? { webhookId } : {}) }, select: { secretEnvelope: true } });
  return rows.map((row) => row.secretEnvelope as unknown as StoredForm);
}

/** Secrets whose overlap is over. @returns what was stored, for the keeper to drop */
export async function deleteReplacedWebhookSecrets(tx: Transaction, limit: number): Promise<StoredForm[]> {
  const rows = await tx.$queryRaw<{ stored: StoredForm }[]>`DELETE FROM webhook_secrets WHERE ctid IN (SELECT ctid FROM webhook_secrets WHERE valid_until <= now() LIMIT ${limit}) RETURNING secret_envelope AS stored`;
  return rows.map((row) => row.stored);
}

export interface SigningTarget { url: string; userId: string; /** newest first */ secrets: { id: string; stored: StoredForm }[] }
const TARGET = statement(`
  SELECT w.url, w.user_id AS "userId", jsonb_agg(jsonb_build_object('id', s.id, 'stored', s.secret_envelope) ORDER BY s.created_at DESC) AS secrets
  FROM webhooks w JOIN webhook_secrets s ON s.webhook_id = w.id AND (s.valid_until IS NULL OR s.valid_until > clock_timestamp()) WHERE w.id = $1::uuid AND w.is_active GROUP BY w.id`);

/** Where to send and what signs, for the worker. @returns null when it is off or gone */
export async function signingTarget(db: Database, webhookId: string): Promise<SigningTarget | null> {
  const [row] = await query<SigningTarget>(db.pool, TARGET, [webhookId]);
  return row ?? null;
}

/** Opens what signs. @throws SecretUnreadable */
export async function openWebhookSecrets(keeper: SecretKeeper, { userId, secrets }: SigningTarget): Promise<string[]> {
  return Promise.all(secrets.map(({ id, stored }) => keeper.take(stored, secretBinding(userId, id))));
}

const WITH_OWNER = { user: { select: { id: true, name: true, email: true } } } as const satisfies Prisma.WebhookInclude;
export type OwnedWebhook = Prisma.WebhookGetPayload<{ include: typeof WITH_OWNER }>;

/** Everybody's, newest first, for the administrator. */
export async function listAllWebhooks(db: Database, page: Page): Promise<Paged<OwnedWebhook>> {
  const [total, rows] = await Promise.all([
    db.webhook.count(),
    db.webhook.findMany({ where: after(page), include: WITH_OWNER, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], skip: page.skip, take: page.limit + 1 }),
  ]);
  return pageOf(rows, total, page);
}

/** Anybody's, for the administrator. */
export async function findAnyWebhook(db: Database | Transaction, id: string): Promise<OwnedWebhook | null> {
  return db.webhook.findUnique({ where: { id }, include: WITH_OWNER });
}

import type { Prisma } from '#prisma/client';
import type { Database, Transaction } from '../db.ts';
import { uuidv7 } from '../ids.ts';
import type { KeyedSecret } from './settings.ts';
import type { SecretBinding } from '../secrets/envelope.ts';
import type { SecretKeeper, StoredForm } from '../secrets/keeper.ts';
import { queryIn, statement } from '../sql.ts';

const PUBLIC = { id: true, settingId: true, provider: true, last4: true, weight: true, isActive: true, baseUrlHash: true, restedUntil: true, validUntil: true, createdAt: true } as const satisfies Prisma.ProviderKeySelect;
/** A further key without its secret. */
export type KeyRecord = Prisma.ProviderKeyGetPayload<{ select: typeof PUBLIC }>;
/** Beside the setting's own. */
export const MAX_FURTHER_KEYS = 9;

/** Those that are there: a replaced key whose overlap is over is not. */
export async function findKeys(db: Database | Transaction, userId: string, settingId?: string): Promise<KeyRecord[]> {
  return db.providerKey.findMany({ where: { userId, ...(settingId ? { settingId } : {}), OR: [{ validUntil: null }, { validUntil: { gt: new Date() } }] }, select: PUBLIC, orderBy: { createdAt: 'asc' } });
}

/** @param row  sealed for `row.id` @returns null when there are as many as may be */
export async function addKey(tx: Transaction, userId: string, setting: { id: string; provider: string }, row: { id: string; weight: number } & KeyedSecret): Promise<KeyRecord | null> {
  await tx.$queryRaw`SELECT FROM provider_settings WHERE id = ${setting.id}::uuid FOR UPDATE`;
  if ((await tx.providerKey.count({ where: { settingId: setting.id, validUntil: null } })) >= MAX_FURTHER_KEYS) return null;
  return tx.providerKey.create({ data: { ...row, userId, settingId: setting.id, provider: setting.provider }, select: PUBLIC });
}

/** @returns null when the person has no such key beside this setting */
export async function updateKey(tx: Transaction, userId: string, settingId: string, id: string, patch: { weight?: number; isActive?: boolean }): Promise<KeyRecord | null> {
  const where = { id, settingId, userId, validUntil: null };
  return (await tx.providerKey.updateMany({ where, data: patch })).count === 0 ? null : tx.providerKey.findFirst({ where, select: PUBLIC });
}

/** @returns what was stored, for the keeper to drop; null when there was none */
export async function deleteKey(tx: Transaction, userId: string, settingId: string, id: string): Promise<(KeyRecord & { stored: StoredForm }) | null> {
  const row = await tx.providerKey.findFirst({ where: { id, settingId, userId }, select: { ...PUBLIC, secretEnvelope: true } });
  if (!row || (await tx.providerKey.deleteMany({ where: { id, userId } })).count === 0) return null;
  const { secretEnvelope, ...rest } = row;
  return { ...rest, stored: secretEnvelope as unknown as StoredForm };
}

/** Sets the key that is about to be replaced aside for the runs that began with it, sealed for its new row. */
export async function keepOutgoing(tx: Transaction, keeper: SecretKeeper, userId: string, settingId: string, minutes: number): Promise<void> {
  const row = await tx.providerSetting.findFirst({ where: { id: settingId, userId } });
  if (!row?.baseUrlHash || !row.isActive) return;
  const from: SecretBinding = { ownerId: userId, provider: row.provider, rowId: settingId };
  const id = uuidv7();
  const stored = await keeper.put(await keeper.take(row.secretEnvelope as unknown as StoredForm, from), { ...from, rowId: id });
  await tx.$executeRaw`
    INSERT INTO provider_keys (id, setting_id, user_id, provider, secret_envelope, last4, base_url_hash, weight, valid_until, created_at)
    VALUES (${id}::uuid, ${settingId}::uuid, ${userId}::uuid, ${row.provider}, ${JSON.stringify(stored)}::jsonb, ${row.last4}, ${row.baseUrlHash}, ${row.weight}, clock_timestamp() + ${minutes} * interval '1 minute', clock_timestamp())`;
}

const REST = statement(`
  WITH main AS (UPDATE provider_settings SET rested_until = GREATEST(rested_until, clock_timestamp() + $3::int * interval '1 millisecond') WHERE id = $1::uuid AND user_id = $2::uuid RETURNING id),
  further AS (UPDATE provider_keys SET rested_until = GREATEST(rested_until, clock_timestamp() + $3::int * interval '1 millisecond') WHERE id = $1::uuid AND user_id = $2::uuid RETURNING setting_id),
  setting AS (SELECT id FROM main UNION SELECT setting_id FROM further)
  SELECT EXISTS (SELECT FROM provider_settings s JOIN setting ON setting.id = s.id WHERE s.id <> $1::uuid AND s.is_active AND s.base_url_hash = $4::text AND (s.rested_until IS NULL OR s.rested_until <= clock_timestamp()))
    OR EXISTS (SELECT FROM provider_keys k JOIN setting ON setting.id = k.setting_id WHERE k.id <> $1::uuid AND k.is_active AND k.valid_until IS NULL AND k.base_url_hash = $4::text AND (k.rested_until IS NULL OR k.rested_until <= clock_timestamp())) AS "another"`);

/** A key of the person rests for so long. @returns whether another of theirs for this address is awake */
export async function restKey(db: Database, userId: string, keyId: string, restMs: number, baseUrlHash: string): Promise<boolean> {
  const [row] = await queryIn<{ another: boolean }>(db, REST, [keyId, userId, Math.round(restMs), baseUrlHash]);
  return row?.another ?? false;
}

/** Replaced keys whose overlap is over (nothing has used them since). @returns what was stored, for the keeper to drop */
export async function deleteReplacedKeys(tx: Transaction, limit: number): Promise<StoredForm[]> {
  const rows = await tx.$queryRaw<{ stored: StoredForm }[]>`DELETE FROM provider_keys WHERE ctid IN (SELECT ctid FROM provider_keys WHERE valid_until <= now() LIMIT ${limit}) RETURNING secret_envelope AS stored`;
  return rows.map((row) => row.stored);
}

/** What is stored of all keys of a person, or of one setting. */
export async function storedForms(tx: Transaction, { userId, settingId }: { userId: string; settingId?: string }): Promise<StoredForm[]> {
  const main = await tx.providerSetting.findMany({ where: { userId, ...(settingId ? { id: settingId } : {}) }, select: { secretEnvelope: true } });
  const further = await tx.providerKey.findMany({ where: { userId, ...(settingId ? { settingId } : {}) }, select: { secretEnvelope: true } });
  return [...main, ...further].map((row) => row.secretEnvelope as unknown as StoredForm);
}

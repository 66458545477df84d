import type { ProviderId } from '#contracts/providers';
import type { Prisma } from '#prisma/client';
import type { Database, Transaction } from '../db.ts';
import { uuidv7 } from '../ids.ts';
import type { SecretBinding } from '../secrets/envelope.ts';
import type { SecretKeeper, StoredForm } from '../secrets/keeper.ts';
import { keepOutgoing, storedForms } from './provider-keys.ts';
import type { Page, Paged } from './paging.ts';
import { after, pageOf } from './paging.ts';

const PUBLIC = {
  id: true, provider: true, last4: true, keyVersion: true, baseUrlHash: true, isActive: true, isDefault: true, weight: true, restedUntil: true, lastTestedAt: true, testStatus: true, testMessage: true, createdAt: true, updatedAt: true,
} as const satisfies Prisma.ProviderSettingSelect;
/** A setting without its secret; nothing in this file returns the envelope. */
export type SettingRecord = Prisma.ProviderSettingGetPayload<{ select: typeof PUBLIC }>;

/** A secret as a row takes it. */
export interface KeyedSecret { secretEnvelope: Prisma.InputJsonValue; last4: string; baseUrlHash: string }
export interface SecretWrite { apiKey: string; baseUrlHash: string }

export const last4 = (apiKey: string): string => (apiKey.length >= 12 ? apiKey.slice(-4) : '');
const CLEARED_TEST = { lastTestedAt: null, testStatus: null, testMessage: null, listedModels: [] as string[] } as const;

export async function findSettings(db: Database | Transaction, userId: string): Promise<SettingRecord[]> {
  return db.providerSetting.findMany({ where: { userId }, select: PUBLIC });
}

export async function listSettings(db: Database, userId: string, activeOnly: boolean, page: Page): Promise<Paged<SettingRecord>> {
  const where = { userId, ...(activeOnly ? { isActive: true } : {}) };
  const [total, rows] = await Promise.all([
    db.providerSetting.count({ where }),
    db.providerSetting.findMany({ where: { AND: [where, after(page)] }, select: PUBLIC, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], skip: page.skip, take: page.limit + 1 }),
  ]);
  return pageOf(rows, total, page);
}

export async function findSetting(db: Database | Transaction, userId: string, by: { id: string } | { provider: string }): Promise<SettingRecord | null> {
  return db.providerSetting.findFirst({ where: { userId, ...by }, select: PUBLIC });
}

/** @returns null when the person already has a setting for this provider */
export async function createSetting(tx: Transaction, keeper: SecretKeeper, userId: string, provider: ProviderId, secret: SecretWrite, flags: { isActive: boolean; isDefault: boolean }): Promise<SettingRecord | null> {
  const id = uuidv7();
  if (await findSetting(tx, userId, { provider })) return null;
  const made = await tx.providerSetting.createMany({
    data: [{ id, userId, provider, ...flags, ...(await sealed(keeper, secret, { ownerId: userId, provider, rowId: id })) }], skipDuplicates: true,
  });
  if (made.count === 0) return null;
  if (flags.isDefault) await clearOtherDefaults(tx, userId, id);
  return findSetting(tx, userId, { id });
}

export async function sealed(keeper: SecretKeeper, secret: SecretWrite, binding: SecretBinding): Promise<KeyedSecret> {
  return { secretEnvelope: (await keeper.put(secret.apiKey, binding)) as unknown as Prisma.InputJsonValue, last4: last4(secret.apiKey), baseUrlHash: secret.baseUrlHash };
}

/** Changes a setting; a new key raises its version and clears what was known of the old one, which stays for runs under way
 * during `overlapMinutes`.
 * @returns null when the person has no such setting */
export async function updateSetting(tx: Transaction, keeper: SecretKeeper, userId: string, id: string, patch: { secret?: SecretWrite; overlapMinutes?: number; isActive?: boolean; isDefault?: boolean; weight?: number }): Promise<SettingRecord | null> {
  const row = await findSetting(tx, userId, { id });
  if (!row) return null;
  if (patch.secret && patch.overlapMinutes) await keepOutgoing(tx, keeper, userId, id, patch.overlapMinutes);
  await tx.providerSetting.update({
    where: { id, userId },
    data: {
      ...(patch.secret ? { restedUntil: null, ...(await sealed(keeper, patch.secret, { ownerId: userId, provider: row.provider, rowId: id })), keyVersion: { increment: 1 }, ...CLEARED_TEST } : {}),
      ...(patch.isActive === undefined ? {} : { isActive: patch.isActive }),
      ...(patch.weight === undefined ? {} : { weight: patch.weight }),
      ...(patch.isDefault === undefined ? {} : { isDefault: patch.isDefault }),
    },
    select: { id: true },
  });
  if (patch.isDefault) await clearOtherDefaults(tx, userId, id);
  return findSetting(tx, userId, { id });
}

async function clearOtherDefaults(tx: Transaction, userId: string, id: string): Promise<void> {
  await tx.providerSetting.updateMany({ where: { userId, id: { not: id }, isDefault: true }, data: { isDefault: false } });
}

/** @returns the deleted row with what was stored of its keys, for the keeper to drop afterwards; null when there was none */
export async function deleteSetting(tx: Transaction, userId: string, by: { id: string } | { provider: string }): Promise<(SettingRecord & { stored: StoredForm[] }) | null> {
  const row = await findSetting(tx, userId, by);
  if (!row) return null;
  const stored = await storedForms(tx, { userId, settingId: row.id });
  return (await tx.providerSetting.deleteMany({ where: { id: row.id, userId } })).count === 1 ? { ...row, stored } : null;
}

/** Stores what a test of a key found. A result for a key that was replaced meanwhile is dropped.
 * @returns whether it was stored */
export async function recordKeyTest(db: Database | Transaction, settingId: string, keyVersion: number, result: { testStatus: 'success' | 'failed' | 'pending'; testMessage: string }): Promise<boolean> {
  // `pending` never replaces a result of this key: the worker may have written it a moment ago.
  const open = result.testStatus === 'pending' ? { testStatus: null } : {};
  const done = await db.providerSetting.updateMany({
    where: { id: settingId, keyVersion, ...open },
    data: { testStatus: result.testStatus, testMessage: result.testMessage.slice(0, 500), ...(result.testStatus === 'pending' ? {} : { lastTestedAt: new Date() }) },
  });
  return done.count === 1;
}

import type { Role } from '#contracts/permissions';
import { ADVISORY_LOCKS } from '../advisory-locks.ts';
import type { Database, Transaction } from '../db.ts';
import { uuidv7 } from '../ids.ts';
import { afterOldest, pageOf, type Page, type Paged } from './paging.ts';

export interface UserRecord { id: string; name: string; email: string; role: string; isActive: boolean }

const LOCAL_ADMIN_EMAIL = 'admin@localhost';
/** Sign-in with e-mail and password is an account of this provider, as better-auth writes it. */
export const CREDENTIAL = 'credential';

/** The administrator whom the sign-in link and the bootstrap key stand for: the oldest active one, made when there is none.
 * Two processes that start together get the same one. */
export async function ensureLocalAdmin(db: Database): Promise<UserRecord> {
  return db.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(${ADVISORY_LOCKS.administrators})`;
    const existing = await tx.user.findFirst({ where: { role: 'admin', isActive: true }, orderBy: { createdAt: 'asc' } });
    return existing ?? tx.user.create({ data: { id: uuidv7(), name: 'Administrator', email: LOCAL_ADMIN_EMAIL, emailVerified: false, role: 'admin' } });
  });
}

export async function createUser(db: Database | Transaction, user: { name: string; email: string; role: string; emailVerified?: boolean }): Promise<UserRecord> {
  return db.user.create({ data: { id: uuidv7(), ...user } });
}

const WITH_SIGN_IN = { accounts: { select: { providerId: true } }, sessions: { select: { lastSeenAt: true, expiresAt: true } } } as const;
export interface PersonRecord extends UserRecord { twoFactorEnabled: boolean; createdAt: Date; accounts: { providerId: string }[]; sessions: { lastSeenAt: Date; expiresAt: Date }[] }

/** Oldest first. */
export async function listUsers(db: Database, page: Page): Promise<Paged<PersonRecord>> {
  const [total, rows] = await Promise.all([
    db.user.count(),
    db.user.findMany({ where: afterOldest(page), include: WITH_SIGN_IN, orderBy: [{ createdAt: 'asc' }, { id: 'asc' }], skip: page.skip, take: page.limit + 1 }),
  ]);
  return pageOf(rows, total, page);
}

export async function findUser(db: Database | Transaction, id: string): Promise<PersonRecord | null> {
  return db.user.findUnique({ where: { id }, include: WITH_SIGN_IN });
}

export async function findUserByEmail(db: Database | Transaction, email: string): Promise<UserRecord | null> {
  return db.user.findUnique({ where: { email } });
}

/** One change of who is an administrator at a time. @returns `last_admin` when nobody would be left to let others in */
export async function changeUser(tx: Transaction, id: string, patch: { role?: Role | undefined; isActive?: boolean | undefined; name?: string | undefined }): Promise<PersonRecord | 'last_admin' | null> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${ADVISORY_LOCKS.administrators})`;
  const before = await tx.user.findUnique({ where: { id } });
  if (!before) return null;
  const staysAdmin = (patch.role ?? before.role) === 'admin' && (patch.isActive ?? before.isActive);
  if (before.role === 'admin' && before.isActive && !staysAdmin && (await tx.user.count({ where: { role: 'admin', isActive: true } })) === 1) return 'last_admin';
  await tx.user.update({ where: { id }, data: { ...(patch.role === undefined ? {} : { role: patch.role }), ...(patch.isActive === undefined ? {} : { isActive: patch.isActive }), ...(patch.name === undefined ? {} : { name: patch.name }) } });
  return findUser(tx, id);
}

/** @returns the stored hash of the person's password; null when they sign in otherwise */
export async function passwordHashOf(db: Database | Transaction, userId: string): Promise<string | null> {
  return (await db.account.findFirst({ where: { userId, providerId: CREDENTIAL }, select: { password: true } }))?.password ?? null;
}

/** Sets or replaces the password. @param hash  argon2id, never the password */
export async function writePasswordHash(tx: Transaction, userId: string, hash: string): Promise<void> {
  await tx.account.upsert({
    where: { providerId_accountId: { providerId: CREDENTIAL, accountId: userId } }, update: { password: hash },
    create: { id: uuidv7(), userId, accountId: userId, providerId: CREDENTIAL, password: hash },
  });
}

/** Of somebody who lost app and backup codes. A sign-in that waits for a code ends with it. @returns false when there is none */
export async function removeSecondFactor(tx: Transaction, userId: string): Promise<boolean> {
  const { count } = await tx.twoFactor.deleteMany({ where: { userId } });
  await tx.user.update({ where: { id: userId }, data: { twoFactorEnabled: false } });
  return count === 1;
}

/** Ends every session and token of a person, and the links by which somebody could still set their password.
 * @param but  a session that stays */
export async function signOutEverywhere(tx: Transaction, userId: string, but: string | null = null): Promise<{ sessions: number; tokens: number }> {
  await tx.accountLink.deleteMany({ where: { userId, usedAt: null } });
  const sessions = await tx.session.deleteMany({ where: { userId, ...(but ? { id: { not: but } } : {}) } });
  const tokens = await tx.apiToken.updateMany({ where: { userId, revokedAt: null, publicId: { not: 'bootstrap' } }, data: { revokedAt: new Date() } });
  return { sessions: sessions.count, tokens: tokens.count };
}

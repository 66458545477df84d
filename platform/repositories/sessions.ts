import { randomBytes } from 'node:crypto';
import type { Database, Transaction } from '../db.ts';
import { sha256Hex, uuidv7 } from '../ids.ts';
import { query, statement } from '../sql.ts';
import { after, pageOf, type Page, type Paged } from './paging.ts';
import type { UserRecord } from './users.ts';

const LINK = 'sign-in-link';
/** How stale `last_seen_at` may be before a request writes it again, ms. */
const SEEN_EVERY_MS = 60_000;

export interface SessionLimits { /** ms without a request; null = none */ idleMs: number | null; /** ms since sign-in */ absoluteMs: number }

/** Makes the one-time link's token known, as a hash. Starting again with the same token changes nothing: a used one stays used. */
export async function registerSignInLink(db: Database, token: string, expiresAt: Date): Promise<void> {
  await db.verification.upsert({
    where: { identifier_value: { identifier: LINK, value: sha256Hex(token) } }, update: {},
    create: { id: uuidv7(), identifier: LINK, value: sha256Hex(token), expiresAt },
  });
}

/** Uses the link up. @returns false when it is unknown, expired or was used; of two at the same moment one gets true */
export async function consumeSignInLink(tx: Transaction, token: string): Promise<boolean> {
  const now = new Date();
  const used = await tx.verification.updateMany({ where: { identifier: LINK, value: sha256Hex(token), usedAt: null, expiresAt: { gt: now } }, data: { usedAt: now } });
  return used.count === 1;
}

/** @returns the cookie's token (256 bits, base64url); only its SHA-256 is stored */
export async function createSession(tx: Transaction, userId: string, limits: SessionLimits, client: { ipAddress: string | null; userAgent: string | null }): Promise<{ token: string; id: string; expiresAt: Date }> {
  const token = randomBytes(32).toString('base64url');
  const id = uuidv7();
  const expiresAt = new Date(Date.now() + limits.absoluteMs);
  await tx.session.create({ data: { id, userId, token: sha256Hex(token), expiresAt, ipAddress: client.ipAddress, userAgent: client.userAgent?.slice(0, 300) ?? null } });
  return { token, id, expiresAt };
}

const FIND = statement(`
  SELECT s.id, s.expires_at AS "expiresAt", s.last_seen_at AS "lastSeenAt", u.id AS "userId", u.name, u.email, u.role
  FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.token = $1 AND u.is_active`);
interface FoundRow { id: string; expiresAt: Date; lastSeenAt: Date; userId: string; name: string; email: string; role: string }

/** The person behind a cookie, or null when the session is unknown, ended, idle too long, or its user is disabled. */
export async function findSession(db: Database, token: string, limits: SessionLimits): Promise<{ id: string; expiresAt: Date; user: Omit<UserRecord, 'isActive'> } | null> {
  const [row] = await query<FoundRow>(db.pool, FIND, [sha256Hex(token)]);
  const now = Date.now();
  if (!row || row.expiresAt.getTime() <= now) return null;
  if (limits.idleMs !== null && now - row.lastSeenAt.getTime() > limits.idleMs) return null;
  if (now - row.lastSeenAt.getTime() > SEEN_EVERY_MS) await db.session.updateMany({ where: { id: row.id }, data: { lastSeenAt: new Date(now) } });
  return { id: row.id, expiresAt: row.expiresAt, user: { id: row.userId, name: row.name, email: row.email, role: row.role } };
}

/** @returns false when the person has no such session */
export async function deleteSession(tx: Transaction, id: string, userId: string): Promise<boolean> {
  return (await tx.session.deleteMany({ where: { id, userId } })).count === 1;
}

/** Ends the session of a cookie, if there is one. @returns its id and its person's */
export async function deleteSessionOf(tx: Transaction, token: string): Promise<{ id: string; userId: string } | null> {
  const row = await tx.session.findUnique({ where: { token: sha256Hex(token) }, select: { id: true, userId: true } });
  return row && (await deleteSession(tx, row.id, row.userId)) ? row : null;
}

/** @returns how many were ended */
export async function deleteOtherSessions(tx: Transaction, userId: string, current: string): Promise<number> {
  return (await tx.session.deleteMany({ where: { userId, id: { not: current } } })).count;
}

export interface SessionRecord { id: string; createdAt: Date; lastSeenAt: Date; expiresAt: Date; ipAddress: string | null; userAgent: string | null }

export async function listSessions(db: Database, userId: string, page: Page): Promise<Paged<SessionRecord>> {
  const where = { userId, expiresAt: { gt: new Date() } };
  const [total, rows] = await Promise.all([
    db.session.count({ where }),
    db.session.findMany({ where: { AND: [where, after(page)] }, select: { id: true, createdAt: true, lastSeenAt: true, expiresAt: true, ipAddress: true, userAgent: true }, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], skip: page.skip, take: page.limit + 1 }),
  ]);
  return pageOf(rows, total, page);
}

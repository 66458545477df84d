import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Database, Transaction } from '../db.ts';
import { sha256Hex, uuidv7 } from '../ids.ts';
import { query, statement } from '../sql.ts';
import { after, pageOf, type Page, type Paged } from './paging.ts';
import type { UserRecord } from './users.ts';

/** API tokens `awp_<public id>_<secret>`: the public id finds the row, SHA-256 of the 256-bit secret proves it. */
const FORM = /^awp_([A-Za-z0-9]{12})_([A-Za-z0-9_-]{43})$/;
const BOOTSTRAP = 'bootstrap';
const SEEN_EVERY_MS = 60_000;

export interface ApiTokenRecord { id: string; name: string; publicId: string; scopes: string[]; expiresAt: Date | null; lastUsedAt: Date | null; createdAt: Date }

const equalHashes = (a: string, b: string): boolean => a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

/** @returns the token in clear, this once */
export async function createApiToken(tx: Transaction, userId: string, options: { name: string; scopes: string[]; expiresAt: Date | null }): Promise<{ token: string; record: ApiTokenRecord }> {
  const publicId = randomBytes(9).toString('base64url').replaceAll(/[-_]/g, 'x');
  const secret = randomBytes(32).toString('base64url');
  const record = await tx.apiToken.create({ data: { id: uuidv7(), userId, publicId, secretHash: sha256Hex(secret), ...options } });
  return { token: `awp_${publicId}_${secret}`, record };
}

/** Live ones, counted by one request of a person at a time. */
export async function countApiTokens(tx: Transaction, userId: string): Promise<number> {
  await tx.$queryRaw`SELECT id FROM users WHERE id = ${userId}::uuid FOR UPDATE`;
  return tx.apiToken.count({ where: { userId, revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: new Date() } }] } });
}

/** Makes AWP_BOOTSTRAP_API_KEY an administrator's token, whatever its form; without a value an old one is revoked.
 * Every start with the same value changes nothing. */
export async function setBootstrapToken(db: Database, value: string | undefined, adminId: string): Promise<void> {
  if (value === undefined) {
    await db.apiToken.updateMany({ where: { publicId: BOOTSTRAP, revokedAt: null }, data: { revokedAt: new Date() } });
    return;
  }
  if (value.length < 16) throw new Error('AWP_BOOTSTRAP_API_KEY must have at least 16 characters.');
  const data = { userId: adminId, secretHash: sha256Hex(value), revokedAt: null };
  await db.apiToken.upsert({ where: { publicId: BOOTSTRAP }, update: data, create: { id: uuidv7(), publicId: BOOTSTRAP, name: 'AWP_BOOTSTRAP_API_KEY', scopes: [], ...data } });
}

const FIND = statement(`
  SELECT t.id, t.public_id AS "publicId", t.secret_hash AS "secretHash", t.scopes, t.expires_at AS "expiresAt", t.last_used_at AS "lastUsedAt", u.id AS "userId", u.name, u.email, u.role
  FROM api_tokens t JOIN users u ON u.id = t.user_id WHERE t.public_id = ANY($1) AND t.revoked_at IS NULL AND u.is_active`);
interface FoundRow { id: string; publicId: string; secretHash: string; scopes: string[]; expiresAt: Date | null; lastUsedAt: Date | null; userId: string; name: string; email: string; role: string }

/** The person behind a bearer token, or null when it is unknown, revoked, expired, or its user is disabled. Empty scopes
 * mean all rights of the owner. */
export async function findApiToken(db: Database, bearer: string): Promise<{ record: Pick<ApiTokenRecord, 'id' | 'scopes' | 'expiresAt'>; user: Omit<UserRecord, 'isActive'> } | null> {
  const parts = FORM.exec(bearer);
  const rows = await query<FoundRow>(db.pool, FIND, [[BOOTSTRAP, ...(parts ? [parts[1] as string] : [])]]);
  const row = rows.find((candidate) => equalHashes(candidate.secretHash, sha256Hex(candidate.publicId === BOOTSTRAP ? bearer : (parts?.[2] ?? ''))));
  const now = Date.now();
  if (!row || (row.expiresAt && row.expiresAt.getTime() <= now)) return null;
  if (!row.lastUsedAt || now - row.lastUsedAt.getTime() > SEEN_EVERY_MS) await db.apiToken.updateMany({ where: { id: row.id }, data: { lastUsedAt: new Date(now) } });
  return { record: row, user: { id: row.userId, name: row.name, email: row.email, role: row.role } };
}

export async function listApiTokens(db: Database, userId: string, page: Page): Promise<Paged<ApiTokenRecord>> {
  const where = { userId, revokedAt: null, publicId: { not: BOOTSTRAP } };
  const [total, rows] = await Promise.all([
    db.apiToken.count({ where }),
    db.apiToken.findMany({ where: { AND: [where, after(page)] }, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], skip: page.skip, take: page.limit + 1 }),
  ]);
  return pageOf(rows, total, page);
}

/** @returns false when the person has no such token */
export async function revokeApiToken(tx: Transaction, id: string, userId: string): Promise<boolean> {
  return (await tx.apiToken.updateMany({ where: { id, userId, revokedAt: null, publicId: { not: BOOTSTRAP } }, data: { revokedAt: new Date() } })).count === 1;
}

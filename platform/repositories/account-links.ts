import { randomBytes } from 'node:crypto';
import type { Role } from '#contracts/permissions';
import type { AccountLink } from '#prisma/client';
import type { Database, Transaction } from '../db.ts';
import { sha256Hex, uuidv7 } from '../ids.ts';
import { after, pageOf, type Page, type Paged } from './paging.ts';

export type { AccountLink };

/** Links that work once. Only the SHA-256 of the token is stored; a new link for the same matter ends the one before. */
export type LinkKind = 'invitation' | 'password_reset';
const LIFE_MS: Record<LinkKind, number> = { invitation: 7 * 24 * 3600_000, password_reset: 3600_000 };
export interface NewLink { kind: LinkKind; email: string; name?: string | undefined; role?: Role; userId?: string; createdBy: string | null }

export async function createAccountLink(tx: Transaction, link: NewLink): Promise<{ token: string; row: AccountLink }> {
  await tx.accountLink.deleteMany({ where: { kind: link.kind, email: link.email, usedAt: null } });
  const token = randomBytes(32).toString('base64url');
  const row = await tx.accountLink.create({
    data: { id: uuidv7(), kind: link.kind, tokenHash: sha256Hex(token), email: link.email, name: link.name ?? null, role: link.role ?? null, userId: link.userId ?? null, createdBy: link.createdBy, expiresAt: new Date(Date.now() + LIFE_MS[link.kind]) },
  });
  return { token, row };
}

/** @returns null for a link that is unknown, over or used: nobody is told which */
export async function findAccountLink(db: Database | Transaction, token: string): Promise<AccountLink | null> {
  return db.accountLink.findFirst({ where: { tokenHash: sha256Hex(token), usedAt: null, expiresAt: { gt: new Date() } } });
}

/** Uses it up; of two at the same moment one gets the row. */
export async function consumeAccountLink(tx: Transaction, kind: LinkKind, token: string): Promise<AccountLink | null> {
  const now = new Date();
  const { count } = await tx.accountLink.updateMany({ where: { kind, tokenHash: sha256Hex(token), usedAt: null, expiresAt: { gt: now } }, data: { usedAt: now } });
  return count === 1 ? tx.accountLink.findUnique({ where: { tokenHash: sha256Hex(token) } }) : null;
}

/** Who lets nobody in any more leaves no door open: an invitation that they keep would bring them back.
 * @returns how many links that somebody made were open */
export async function endLinksMadeBy(tx: Transaction, createdBy: string): Promise<number> {
  return (await tx.accountLink.deleteMany({ where: { createdBy, usedAt: null } })).count;
}

export async function listInvitations(db: Database, page: Page): Promise<Paged<AccountLink>> {
  const where = { kind: 'invitation' };
  const [total, rows] = await Promise.all([
    db.accountLink.count({ where }),
    db.accountLink.findMany({ where: { AND: [where, after(page)] }, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], skip: page.skip, take: page.limit + 1 }),
  ]);
  return pageOf(rows, total, page);
}

/** @returns the row that was withdrawn; null when there is no open one */
export async function withdrawInvitation(tx: Transaction, id: string): Promise<AccountLink | null> {
  const row = await tx.accountLink.findFirst({ where: { id, kind: 'invitation', usedAt: null } });
  return row && (await tx.accountLink.deleteMany({ where: { id, usedAt: null } })).count === 1 ? row : null;
}

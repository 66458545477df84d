import type { Database, Transaction } from '../db.ts';
import { uuidv7 } from '../ids.ts';

export interface UserRecord { id: string; name: string; email: string; role: string; isActive: boolean }

const LOCAL_ADMIN_EMAIL = 'admin@localhost';
const LOCAL_ADMIN_LOCK = 7_201_502;

/** The administrator whom the sign-in link and the bootstrap key stand for: the oldest active one, made when there is none.
 * Two processes that start together get the same one. */
export async function ensureLocalAdmin(db: Database): Promise<UserRecord> {
  return db.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(${LOCAL_ADMIN_LOCK})`;
    const existing = await tx.user.findFirst({ where: { role: 'admin', isActive: true }, orderBy: { createdAt: 'asc' } });
    return existing ?? tx.user.create({ data: { id: uuidv7(), name: 'Administrator', email: LOCAL_ADMIN_EMAIL, emailVerified: false, role: 'admin' } });
  });
}

export async function createUser(db: Database | Transaction, user: { name: string; email: string; role: string }): Promise<UserRecord> {
  return db.user.create({ data: { id: uuidv7(), ...user } });
}

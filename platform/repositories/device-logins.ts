import { randomBytes, randomInt } from 'node:crypto';
import type { DeviceLogin } from '#prisma/client';
import type { Database, Transaction } from '../db.ts';
import { sha256Hex, uuidv7 } from '../ids.ts';

/** Sign-in of a command line by a code that its person confirms elsewhere (the flow of RFC 8628). Only hashes of the codes are kept. */
export type { DeviceLogin };
export const DEVICE_LOGIN_SECONDS = 600;
export const POLL_SECONDS = 5;
/** Consonants that are not mistaken for one another and make no words: 20^8 codes (RFC 8628 §6.1). */
const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ';
const MAX_OPEN = 1000;

/** As it is typed: any case, with or without the dash. */
const canonical = (userCode: string): string => userCode.toUpperCase().replaceAll(/[^A-Z]/g, '');
const hashOf = (userCode: string): string => sha256Hex(`device ${canonical(userCode)}`);

/** @returns both codes in clear, this once; null when too many wait already */
export async function createDeviceLogin(tx: Transaction, clientName: string, ipAddress: string | null): Promise<{ deviceCode: string; userCode: string } | null> {
  await tx.deviceLogin.deleteMany({ where: { expiresAt: { lte: new Date() } } });
  if ((await tx.deviceLogin.count()) >= MAX_OPEN) return null;
  const deviceCode = randomBytes(32).toString('base64url');
  const letters = Array.from({ length: 8 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
  const userCode = `${letters.slice(0, 4)}-${letters.slice(4)}`;
  await tx.deviceLogin.create({ data: { id: uuidv7(), deviceCodeHash: sha256Hex(deviceCode), userCodeHash: hashOf(userCode), clientName, ipAddress, expiresAt: new Date(Date.now() + DEVICE_LOGIN_SECONDS * 1000) } });
  return { deviceCode, userCode };
}

/** One that waits for its person. */
export async function findByUserCode(db: Database | Transaction, userCode: string): Promise<DeviceLogin | null> {
  return db.deviceLogin.findFirst({ where: { userCodeHash: hashOf(userCode), state: 'pending', expiresAt: { gt: new Date() } } });
}

/** @returns false when somebody was first */
export async function decideDeviceLogin(tx: Transaction, id: string, userId: string, state: 'approved' | 'denied'): Promise<boolean> {
  return (await tx.deviceLogin.updateMany({ where: { id, state: 'pending', expiresAt: { gt: new Date() } }, data: { state, userId } })).count === 1;
}

export type Poll = { kind: 'pending' | 'slow_down' | 'denied' | 'expired' } | { kind: 'approved'; id: string; userId: string; clientName: string };

/** What became of it. An approved one is used up by this. */
export async function pollDeviceLogin(tx: Transaction, deviceCode: string): Promise<Poll> {
  const row = await tx.deviceLogin.findUnique({ where: { deviceCodeHash: sha256Hex(deviceCode) } });
  if (!row || row.expiresAt <= new Date() || row.state === 'used') return { kind: 'expired' };
  if (row.state === 'denied') return { kind: 'denied' };
  if (row.state === 'pending') {
    const quick = row.polledAt !== null && Date.now() - row.polledAt.getTime() < (POLL_SECONDS - 1) * 1000;
    await tx.deviceLogin.update({ where: { id: row.id }, data: { polledAt: new Date() }, select: { id: true } });
    return { kind: quick ? 'slow_down' : 'pending' };
  }
  const used = await tx.deviceLogin.updateMany({ where: { id: row.id, state: 'approved' }, data: { state: 'used' } });
  return used.count === 1 && row.userId ? { kind: 'approved', id: row.id, userId: row.userId, clientName: row.clientName } : { kind: 'expired' };
}

import type { ProviderId } from '#contracts/providers';
import { databaseNow, type Database, type Transaction } from '../db.ts';

/** The chain of providers that stands in for everybody's runs, set by an administrator; models are null for the default. */
export interface WorkspaceFallback { chain: { provider: ProviderId; model: string | null }[]; updatedAt: Date | null }
const FALLBACK = 'fallback';
const PAUSE = 'pause';

/** The kill switch: while it is set no model is called. `since` in ms since 1970, by the database's clock. */
export interface Pause { reason: string; since: number }

export async function readFallback(db: Database | Transaction): Promise<WorkspaceFallback> {
  const row = await db.workspaceSetting.findUnique({ where: { name: FALLBACK } });
  return row ? { chain: row.value as unknown as WorkspaceFallback['chain'], updatedAt: row.updatedAt } : { chain: [], updatedAt: null };
}

export async function writeFallback(tx: Transaction, chain: WorkspaceFallback['chain'], updatedBy: string): Promise<WorkspaceFallback> {
  const value = chain.map(({ provider, model }) => ({ provider, model }));
  const row = await tx.workspaceSetting.upsert({ where: { name: FALLBACK }, create: { name: FALLBACK, value, updatedBy }, update: { value, updatedBy, updatedAt: new Date() } });
  return { chain, updatedAt: row.updatedAt };
}

/** @returns null when model calls are not paused */
export async function readPause(db: Database | Transaction): Promise<(Pause & { by: string | null }) | null> {
  const row = await db.workspaceSetting.findUnique({ where: { name: PAUSE } });
  return row ? { ...(row.value as unknown as Pause), by: row.updatedBy } : null;
}

/** Sets the switch; who sets it again changes the reason, not the time. @returns what holds now */
export async function writePause(tx: Transaction, reason: string, by: string): Promise<Pause & { by: string | null }> {
  const before = await readPause(tx);
  const value = { reason, since: before?.since ?? (await databaseNow(tx)).getTime() };
  await tx.workspaceSetting.upsert({ where: { name: PAUSE }, create: { name: PAUSE, value, updatedBy: by }, update: { value, updatedBy: by, updatedAt: new Date() } });
  return { ...value, by };
}

export async function clearPause(tx: Transaction): Promise<boolean> {
  return (await tx.workspaceSetting.deleteMany({ where: { name: PAUSE } })).count > 0;
}

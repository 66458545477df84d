import type { ProviderId } from '#contracts/providers';
import type { Database, Transaction } from '../db.ts';

/** The chain of providers that stands in for everybody's runs, set by an administrator; models are null for the default. */
export interface WorkspaceFallback { chain: { provider: ProviderId; model: string | null }[]; updatedAt: Date | null }
const FALLBACK = 'fallback';

export async function readFallback(db: Database | Transaction): Promise<WorkspaceFallback> {
  const row = await db.workspaceSetting.findUnique({ where: { name: FALLBACK } });
  return row ? { chain: row.value as unknown as WorkspaceFallback['chain'], updatedAt: row.updatedAt } : { chain: [], updatedAt: null };
}

export async function writeFallback(tx: Transaction, chain: WorkspaceFallback['chain'], updatedBy: string): Promise<WorkspaceFallback> {
  const value = chain.map(({ provider, model }) => ({ provider, model }));
  const row = await tx.workspaceSetting.upsert({ where: { name: FALLBACK }, create: { name: FALLBACK, value, updatedBy }, update: { value, updatedBy, updatedAt: new Date() } });
  return { chain, updatedAt: row.updatedAt };
}

import { BREAKER_FAILURES, BREAKER_OPEN_MAX_MS, BREAKER_WINDOW_MS } from '#contracts/limits';
import type { ProviderId } from '#contracts/providers';
import type { Database, Transaction } from '../db.ts';

/** The breaker of one provider for one owner of keys, shared by all runs and workers through the database: it opens after
 * BREAKER_FAILURES availability failures in a row within BREAKER_WINDOW_MS; while it is open nobody calls the vendor; when its
 * time is over one call goes first and decides. All times are the database's. */
export interface BreakerKey { provider: ProviderId; /** user id, or `workspace` for the installation's key */ keyOwner: string }

export type Admission = { admitted: true; /** this call decides whether the breaker closes */ probe: boolean; /** failures stand against it */ counted: boolean } | { admitted: false; until: Date };

/** @param probeMs how long the one call that goes first may take before another may */
export async function admitCall(tx: Transaction, { provider, keyOwner }: BreakerKey, probeMs: number): Promise<Admission> {
  const row = await tx.providerHealth.findUnique({ where: { provider_keyOwner: { provider, keyOwner } } });
  if (!row?.openUntil) return { admitted: true, probe: false, counted: (row?.failures ?? 0) > 0 };
  const claimed = await tx.$executeRaw`UPDATE provider_health SET open_until = now() + ${probeMs} * interval '1 millisecond', updated_at = now()
    WHERE provider = ${provider} AND key_owner = ${keyOwner} AND open_until <= now()`;
  return claimed === 1 ? { admitted: true, probe: true, counted: true } : { admitted: false, until: row.openUntil };
}

/** The vendor answered, whatever it said: it is there. Writes only when something was counted. */
export async function countAnswer(db: Database, { provider, keyOwner }: BreakerKey): Promise<void> {
  await db.$executeRaw`UPDATE provider_health SET failures = 0, first_failure_at = NULL, opens = 0, open_until = NULL, updated_at = now()
    WHERE provider = ${provider} AND key_owner = ${keyOwner} AND (failures > 0 OR open_until IS NOT NULL)`;
}

/** One availability failure. A failed probe opens for twice as long; calls that were in flight when it opened change nothing. */
export async function countFailure(db: Database, { provider, keyOwner }: BreakerKey, openMs: number, probe: boolean): Promise<void> {
  const longestMs = Math.max(BREAKER_OPEN_MAX_MS, openMs);
  const [row] = await db.$queryRaw<{ failures: number }[]>`
    INSERT INTO provider_health AS h (provider, key_owner, failures, first_failure_at) VALUES (${provider}, ${keyOwner}, 1, now())
    ON CONFLICT (provider, key_owner) DO UPDATE SET updated_at = now(),
      failures = CASE WHEN h.first_failure_at > now() - ${BREAKER_WINDOW_MS} * interval '1 millisecond' OR h.open_until IS NOT NULL THEN h.failures + 1 ELSE 1 END,
      first_failure_at = CASE WHEN h.first_failure_at > now() - ${BREAKER_WINDOW_MS} * interval '1 millisecond' OR h.open_until IS NOT NULL THEN h.first_failure_at ELSE now() END
    RETURNING failures`;
  if (!row || row.failures < BREAKER_FAILURES) return;
  await db.$executeRaw`UPDATE provider_health SET open_until = now() + LEAST(${openMs} * power(2, LEAST(opens, 10)), ${longestMs}) * interval '1 millisecond', opens = opens + 1, updated_at = now()
    WHERE provider = ${provider} AND key_owner = ${keyOwner} AND (open_until IS NULL OR ${probe})`;
}

/** Until when the provider is left alone for this person: by the breaker of their own key or of the installation's. */
export async function findOpenBreaker(db: Database, provider: ProviderId, userId: string): Promise<Date | null> {
  const row = await db.providerHealth.findFirst({ where: { provider, keyOwner: { in: [userId, 'workspace'] }, openUntil: { gt: new Date() } }, orderBy: { openUntil: 'desc' }, select: { openUntil: true } });
  return row?.openUntil ?? null;
}

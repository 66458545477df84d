import type { Database, Transaction } from '../db.ts';
import type { BreakerKey } from './provider-health.ts';

/** The token bucket of one provider key, in the database so that it holds over all workers, with a waiting line that is fair
 * between people: start-time fair queueing, each call of equal weight. Nobody sleeps here: a call that has to wait is told when
 * to come again, and its place in the line is kept. The bucket holds one second's worth of calls, at least one. */
export interface Turn { /** unique among the calls of the key */ callId: string; userId: string }
export type TurnAnswer = { granted: true } | { granted: false; /** database time */ dueAt: Date; waitMs: number };

/** A call that has not come this long after its time gives its place up: its run was cancelled, or its worker died. */
const GONE_AFTER_MS = 10_000;

/** Takes a turn, or a place in the line. Idempotent for a call that waits already.
 * @param perMinute calls a minute; more than 0 */
export async function takeTurn(db: Database, { provider, keyOwner }: BreakerKey, turn: Turn, perMinute: number): Promise<TurnAnswer> {
  const intervalMs = 60_000 / perMinute;
  const burst = Math.max(1, Math.floor(perMinute / 60));
  return db.$transaction(async (tx) => {
    // The lock of the key: whoever holds it sees the whole line.
    const [pace] = await tx.$queryRaw<{ now: Date; full_at: Date; virtual_time: number }[]>`
      INSERT INTO provider_pace AS p (provider, key_owner, full_at) VALUES (${provider}, ${keyOwner}, clock_timestamp())
      ON CONFLICT (provider, key_owner) DO UPDATE SET full_at = GREATEST(p.full_at, clock_timestamp()) RETURNING clock_timestamp() AS now, full_at, virtual_time`;
    if (!pace) throw new Error('the pace of the key was not written');
    await tx.$executeRaw`DELETE FROM provider_turns WHERE provider = ${provider} AND key_owner = ${keyOwner} AND due_at < clock_timestamp() - ${GONE_AFTER_MS} * interval '1 millisecond'`;
    const [place] = await tx.$queryRaw<{ start_tag: number; ahead: number }[]>`
      WITH line AS (SELECT call_id, user_id, start_tag FROM provider_turns WHERE provider = ${provider} AND key_owner = ${keyOwner}),
      mine AS (SELECT COALESCE((SELECT start_tag FROM line WHERE call_id = ${turn.callId}), GREATEST(
        ${pace.virtual_time}, (SELECT end_tag FROM provider_shares WHERE provider = ${provider} AND key_owner = ${keyOwner} AND user_id = ${turn.userId}::uuid),
        (SELECT max(start_tag) + 1 FROM line WHERE user_id = ${turn.userId}::uuid))) AS start_tag)
      SELECT mine.start_tag, (SELECT count(*)::int FROM line WHERE line.call_id <> ${turn.callId} AND (line.start_tag, line.call_id) < (mine.start_tag, ${turn.callId})) AS ahead FROM mine`;
    if (!place) throw new Error('the place in the line was not read');
    // The nth token from now is there once the bucket lacks no more than `burst - n`.
    const waitMs = pace.full_at.getTime() + (place.ahead + 1 - burst) * intervalMs - pace.now.getTime();
    if (waitMs <= 0) {
      await grant(tx, { provider, keyOwner }, turn, place.start_tag, intervalMs);
      return { granted: true };
    }
    const dueAt = new Date(pace.now.getTime() + waitMs);
    await tx.$executeRaw`INSERT INTO provider_turns (provider, key_owner, call_id, user_id, start_tag, due_at) VALUES (${provider}, ${keyOwner}, ${turn.callId}, ${turn.userId}::uuid, ${place.start_tag}, ${dueAt.toISOString()}::timestamptz)
      ON CONFLICT (provider, key_owner, call_id) DO UPDATE SET due_at = EXCLUDED.due_at`;
    return { granted: false, dueAt, waitMs };
  });
}

async function grant(tx: Transaction, { provider, keyOwner }: BreakerKey, { callId, userId }: Turn, startTag: number, intervalMs: number): Promise<void> {
  await tx.$executeRaw`UPDATE provider_pace SET full_at = full_at + ${intervalMs} * interval '1 millisecond', virtual_time = GREATEST(virtual_time, ${startTag}) WHERE provider = ${provider} AND key_owner = ${keyOwner}`;
  await tx.$executeRaw`DELETE FROM provider_turns WHERE provider = ${provider} AND key_owner = ${keyOwner} AND call_id = ${callId}`;
  await tx.$executeRaw`INSERT INTO provider_shares (provider, key_owner, user_id, end_tag) VALUES (${provider}, ${keyOwner}, ${userId}::uuid, ${startTag + 1})
    ON CONFLICT (provider, key_owner, user_id) DO UPDATE SET end_tag = GREATEST(provider_shares.end_tag, EXCLUDED.end_tag)`;
  // Shares that the line has passed say nothing any more.
  await tx.$executeRaw`DELETE FROM provider_shares WHERE provider = ${provider} AND key_owner = ${keyOwner} AND end_tag <= ${startTag}`;
}

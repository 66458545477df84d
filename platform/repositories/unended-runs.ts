import { isTerminal, RUN_STATUSES, type RunStatus } from '#contracts/runs';
import type { RunLabels } from '#contracts/workflow';
import type { Database } from '../db.ts';
import { query, statement } from '../sql.ts';

/** A run of anybody that has not ended, as the reconciler looks at it, with what counters and log lines say of it. */
export interface UnendedRun extends RunLabels { id: string; userId: string; status: RunStatus; cancelRequested: boolean; createdAt: Date }
/** The last row of a page; dates as text, because it travels as a heartbeat's detail. */
export interface UnendedCursor { createdAt: string; id: string }

/** Status by status, so that each page is read from an index whatever the planner thinks of its values (query-plans.test.ts). By
 * what does not change: a run that goes on meanwhile is neither passed over nor met again and again, as by `updated_at`. */
const PAGE = statement(`
  SELECT page.* FROM unnest(ARRAY[${RUN_STATUSES.filter((status) => !isTerminal(status)).map((status) => `'${status}'`).join(', ')}]) AS live(status) CROSS JOIN LATERAL (
    SELECT r.id, r.user_id AS "userId", r.status, r.cancel_requested_at IS NOT NULL AS "cancelRequested", r.created_at AS "createdAt", r.workflow_slug AS slug, r.run_mode AS mode, r.provider, r.model FROM runs r
    WHERE r.status = live.status AND r.created_at < now() - $1 * interval '1 millisecond' AND (r.created_at, r.id) > ($2::timestamptz, $3::uuid) ORDER BY r.created_at, r.id LIMIT $4
  ) page ORDER BY page."createdAt", page.id LIMIT $4`);
const BEFORE_ALL: UnendedCursor = { createdAt: new Date(0).toISOString(), id: '00000000-0000-0000-0000-000000000000' };

/** Oldest first. @param olderThanMs  younger ones are left to whoever is starting them */
export async function unendedRuns(db: Database, olderThanMs: number, limit: number, after: UnendedCursor | null): Promise<UnendedRun[]> {
  const { createdAt, id } = after ?? BEFORE_ALL;
  return query<UnendedRun>(db.pool, PAGE, [olderThanMs, createdAt, id, limit]);
}

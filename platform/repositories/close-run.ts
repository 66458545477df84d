import type { Database } from '../db.ts';
import { query, transaction } from '../sql.ts';
import { appending, appendValues } from './append-events.ts';
import { appendAuditEvent, type NewAuditEvent } from './audit.ts';
import type { KeyedEvent } from './run-events.ts';

/** What the run still asked is closed, and what was decided too late is refused. */
const CLOSE = appending({
  // The row as it was before: what is closed here began long ago.
  select: `EXISTS (SELECT FROM written JOIN new ON new.key = written.key WHERE new.type = 'run-end') AS "ended", (SELECT extract(epoch FROM change.now - runs.started_at)::float8 FROM runs, change WHERE runs.id = run.id) AS "seconds"`,
  write: `
    gates AS (UPDATE approvals SET state = 'stopped', closed_at = clock_timestamp() FROM run WHERE approvals.run_id = run.id AND approvals.state = 'open' AND NOT EXISTS (SELECT FROM blocked)),
    decisions AS (UPDATE run_decisions SET state = 'refused', refusal = 'The run has ended.', settled_at = clock_timestamp() FROM run WHERE run_decisions.run_id = run.id AND run_decisions.state = 'pending' AND NOT EXISTS (SELECT FROM blocked)),`,
});

/** Ends a run in one transaction: its last events, its gates, its entry in the audit log. A second time it changes nothing.
 * @param events  the last is `run-end`
 * @param audit  written with the end, and only with it: who comes after another end says nothing about it
 * @returns from its start to this end in seconds (null: it never started); null when it had ended before, or is gone: whoever counts ends counts only what is told here
 * @throws a unique violation when another process ends it at this very moment; then try again */
export async function closeRun(db: Database, runId: string, events: readonly KeyedEvent[], audit: NewAuditEvent | null): Promise<{ seconds: number | null } | null> {
  return transaction(db.pool, async (client) => {
    const [row] = await query<{ ended: boolean; seconds: number | null }>(client, CLOSE, appendValues(runId, events));
    if (!row?.ended) return null;
    if (audit) await appendAuditEvent(client, audit);
    return { seconds: row.seconds };
  });
}

import type { Database } from '../db.ts';
import { query, transaction } from '../sql.ts';
import { appending, appendValues } from './append-events.ts';
import { appendAuditOnce, type NewAuditEvent } from './audit.ts';
import type { KeyedEvent } from './run-events.ts';

/** What the run still asked is closed, and what was decided too late is refused. */
const CLOSE = appending({
  write: `
    gates AS (UPDATE approvals SET state = 'stopped', closed_at = clock_timestamp() FROM run WHERE approvals.run_id = run.id AND approvals.state = 'open' AND NOT EXISTS (SELECT FROM blocked)),
    decisions AS (UPDATE run_decisions SET state = 'refused', refusal = 'The run has ended.', settled_at = clock_timestamp() FROM run WHERE run_decisions.run_id = run.id AND run_decisions.state = 'pending' AND NOT EXISTS (SELECT FROM blocked)),`,
});

/** Ends a run in one transaction: its last events, its gates, its entry in the audit log. A second time it changes nothing.
 * @param events  the last is `run-end`
 * @throws a unique violation when another process ends it at this very moment; then try again */
export async function closeRun(db: Database, runId: string, events: readonly KeyedEvent[], audit: (NewAuditEvent & { resource: string }) | null): Promise<void> {
  await transaction(db.pool, async (client) => {
    await query(client, CLOSE, appendValues(runId, events));
    if (audit) await appendAuditOnce(client, audit);
  });
}

import type { Database } from '../db.ts';
import { query, transaction } from '../sql.ts';
import { appending, appendValues } from './append-events.ts';
import { appendAuditEvent, type NewAuditEvent } from './audit.ts';
import type { KeyedEvent } from './run-events.ts';

/** What the run still asked is closed, and what was decided too late is refused. */
const CLOSE = appending({
  select: `run.live AND changed.completed_at IS NOT NULL AS "ended", extract(epoch FROM changed.completed_at - changed.started_at)::float8 AS "seconds",
    changed.input_tokens AS "inputTokens", changed.output_tokens AS "outputTokens", changed.cost_usd_micros::float8 AS "costUsdMicros"`,
  write: `
    gates AS (UPDATE approvals SET state = 'stopped', closed_at = clock_timestamp() FROM run WHERE approvals.run_id = run.id AND approvals.state = 'open' AND NOT EXISTS (SELECT FROM blocked)),
    decisions AS (UPDATE run_decisions SET state = 'refused', refusal = 'The run has ended.', settled_at = clock_timestamp() FROM run WHERE run_decisions.run_id = run.id AND run_decisions.state = 'pending' AND NOT EXISTS (SELECT FROM blocked)),`,
});

/** What a run took. */
export interface RunFigures { /** from its start to its end; null = it never started */ seconds: number | null; inputTokens: number; outputTokens: number; /** null = a model without a known price was called */ costUsdMicros: number | null }

/** Ends a run in one transaction: its last events, its gates, its entry in the audit log. A second time it changes nothing.
 * @param events  the last is `run-end`
 * @param audit  written with the end, and only with it: who comes after another end says nothing about it
 * @returns what it took; null when it had ended before, or is gone: whoever counts or tells ends does it only with what is told here
 * @throws a unique violation when another process ends it at this very moment; then try again */
export async function closeRun(db: Database, runId: string, events: readonly KeyedEvent[], audit: NewAuditEvent | null): Promise<RunFigures | null> {
  return transaction(db.pool, async (client) => {
    const [row] = await query<RunFigures & { ended: boolean }>(client, CLOSE, appendValues(runId, events));
    if (!row?.ended) return null;
    if (audit) await appendAuditEvent(client, audit);
    const { seconds, inputTokens, outputTokens, costUsdMicros } = row;
    return { seconds, inputTokens, outputTokens, costUsdMicros };
  });
}

import type { Database } from '../db.ts';
import { query, transaction } from '../sql.ts';
import { insertTellings, tellings } from '../webhooks/outbox.ts';
import { appending, appendValues } from './append-events.ts';
import { appendAuditEvent, type NewAuditEvent } from './audit.ts';
import type { KeyedEvent } from './run-events.ts';

/** What the run still asked is closed, what was decided too late is refused, and whoever listens is to be told. */
const CLOSE = appending({
  select: `run.live AND changed.completed_at IS NOT NULL AS "ended", extract(epoch FROM changed.completed_at - changed.started_at)::float8 AS "seconds",
    changed.input_tokens AS "inputTokens", changed.output_tokens AS "outputTokens", changed.cost_usd_micros::float8 AS "costUsdMicros",
    ARRAY(SELECT webhook_id FROM told) AS "told"`,
  write: `
    gates AS (UPDATE approvals SET state = 'stopped', closed_at = clock_timestamp() FROM run WHERE approvals.run_id = run.id AND approvals.state = 'open' AND NOT EXISTS (SELECT FROM blocked)),
    decisions AS (UPDATE run_decisions SET state = 'refused', refusal = 'The run has ended.', settled_at = clock_timestamp() FROM run WHERE run_decisions.run_id = run.id AND run_decisions.state = 'pending' AND NOT EXISTS (SELECT FROM blocked)),
    told AS (${insertTellings('$4', 'SELECT run.id FROM run WHERE run.live AND NOT EXISTS (SELECT FROM blocked)')}),`,
});

/** What a run took. */
export interface RunFigures { /** from its start to its end; null = it never started */ seconds: number | null; inputTokens: number; outputTokens: number; /** null = a model without a known price was called */ costUsdMicros: number | null }
export interface ClosedRun extends RunFigures { /** ids of the endpoints that are to be told */ told: string[] }

/** Ends a run in one transaction: its last events, its gates, what is told of it, its entry in the audit log. A second time it changes nothing.
 * @param events  the last is `run-end`
 * @param audit  written with the end, and only with it: who comes after another end says nothing about it
 * @returns what it took; null when it had ended before, or is gone: whoever counts or tells ends does it only with what is told here
 * @throws a unique violation when another process ends it at this very moment; then try again */
export async function closeRun(db: Database, runId: string, events: readonly KeyedEvent[], audit: NewAuditEvent | null): Promise<ClosedRun | null> {
  return transaction(db.pool, async (client) => {
    const [row] = await query<ClosedRun & { ended: boolean }>(client, CLOSE, [...appendValues(runId, events), JSON.stringify(tellings(runId, events))]);
    if (!row?.ended) return null;
    if (audit) await appendAuditEvent(client, audit);
    const { seconds, inputTokens, outputTokens, costUsdMicros, told } = row;
    return { seconds, inputTokens, outputTokens, costUsdMicros, told };
  });
}

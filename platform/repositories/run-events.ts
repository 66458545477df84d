import { jsonSafe } from '#contracts/json-safe';
import type { NewRunEvent, RunEvent, RunEventData } from '#contracts/run-events';
import { EMPTY_RUN_VIEW, reduceRun, type RunView } from '#contracts/run-reducer';
import { isTerminal, type RunStatus } from '#contracts/runs';
import type { Database, Transaction } from '../db.ts';
import { query, statement } from '../sql.ts';
import { tell } from '../webhooks/outbox.ts';

/** The channel on which every append is announced; the payload is `<run id>:<sequence>` and nothing else. */
export const RUN_EVENTS_CHANNEL = 'run_events';

export interface KeyedEvent {
  /** idempotency key of the writer: `<temporal run id>/<n>` from the workflow, `<activity id>/<attempt>/<n>` from an activity */
  key: string;
  event: NewRunEvent;
  /** of what the workflow itself tells: its execution, which the run's row names from then on (the newest, after a reset) */
  temporalRunId?: string;
}

/** The execution that tells these events; null when none of them is the workflow's own. */
export const executionOf = (entries: readonly KeyedEvent[]): string | null => entries.findLast(({ temporalRunId }) => temporalRunId)?.temporalRunId ?? null;

export interface LockedRun { status: string; last_sequence: number; wait_reason: string | null }

/** Takes the run row's lock for the rest of the transaction. @returns null when the run does not exist (deleted) */
export async function lockRun(tx: Transaction, runId: string): Promise<LockedRun | null> {
  const [run] = await tx.$queryRaw<LockedRun[]>`SELECT status, last_sequence, wait_reason FROM runs WHERE id = ${runId}::uuid FOR UPDATE`;
  return run ?? null;
}

/** Appends events under the run row's lock: sequences rise in commit order, a repeated key writes nothing, and the row's
 * status moves through the same reducer that the page uses, in the same transaction, as does what people's endpoints are to be told.
 * After the end only artifacts and log lines are taken. Every step of every run comes through here, so it is three plain statements (lock, insert, row with
 * announcement) and not the ORM's ten.
 * @param locked  the row when this transaction has taken its lock already, and appended nothing since
 * @returns the run's last sequence, or null when the run does not exist (deleted) */
export async function appendRunEvents(tx: Transaction, runId: string, entries: readonly KeyedEvent[], locked?: LockedRun): Promise<number | null> {
  const run = locked ?? (await lockRun(tx, runId));
  if (!run) return null;
  let ended = isTerminal(run.status as RunStatus);
  const wanted = new Map<string, NewRunEvent>();
  for (const { key, event } of entries) {
    if (wanted.has(key) || (ended && event.type !== 'artifact-save' && event.type !== 'log-write')) continue;
    wanted.set(key, jsonSafe(event));
    // One end a run, also when one batch brings two.
    ended ||= event.type === 'run-end';
  }
  if (wanted.size === 0) return run.last_sequence;
  const rows = [...wanted].map(([key, event], index) => ({
    n: index, key, type: event.type, stage: event.stage ?? null, step: event.step ?? null, ordinal: event.ordinal ?? null, attempt: event.attempt ?? null, data: event.data,
  }));
  // A statement of its own after the lock: it sees what the last holder of the lock has committed, so no key is written twice.
  const written = await tx.$queryRaw<{ key: string }[]>`
    INSERT INTO run_events (run_id, sequence, idempotency_key, type, stage, step, ordinal, attempt, data)
    SELECT ${runId}::uuid, ${run.last_sequence}::int + row_number() OVER (ORDER BY n), key, type, stage, step, ordinal, attempt, data
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS new(n int, key text, type text, stage text, step text, ordinal int, attempt int, data jsonb)
    LEFT JOIN LATERAL (SELECT true AS there FROM run_events old WHERE old.run_id = ${runId}::uuid AND old.idempotency_key = new.key LIMIT 1) old ON true
    WHERE old.there IS NULL
    ORDER BY n RETURNING idempotency_key AS key`;
  if (written.length === 0) return run.last_sequence;
  const keys = new Set(written.map(({ key }) => key));
  const last = run.last_sequence + written.length;
  const fresh = [...wanted].filter(([key]) => keys.has(key));
  await updateRow(tx, runId, run, fresh.map(([, event]) => event), last, executionOf(entries));
  await tell(tx, runId, fresh.map(([key, event]) => ({ key, event })));
  return last;
}

/** Derives the row's columns from the new events alone (the status part of the reducer needs only status and wait reason),
 * writes them and announces the append. */
async function updateRow(tx: Transaction, runId: string, run: LockedRun, events: readonly NewRunEvent[], lastSequence: number, execution: string | null): Promise<void> {
  let view: RunView = { ...EMPTY_RUN_VIEW, status: run.status as RunStatus, waitReason: run.wait_reason as RunView['waitReason'] };
  // Only whether there is a time counts here; the time itself is the database's.
  const at = new Date().toISOString();
  let sequence = 0;
  for (const event of events) view = reduceRun(view, { ...event, runId, sequence: ++sequence, position: 0, at });
  const { totals } = view;
  const error = view.error === null ? null : JSON.stringify(view.error);
  // A reset execution starts again; the run does not. Money: null (unknown price) stays null for ever; known costs add up.
  await tx.$executeRaw`
    WITH changed AS (
      UPDATE runs SET
        last_sequence = ${lastSequence}, status = ${view.status}, wait_reason = ${view.waitReason}, updated_at = clock_timestamp(), temporal_run_id = COALESCE(${execution}::text, temporal_run_id),
        started_at = CASE WHEN ${view.startedAt !== null} THEN COALESCE(started_at, clock_timestamp()) ELSE started_at END,
        completed_at = CASE WHEN ${view.completedAt !== null} THEN clock_timestamp() ELSE completed_at END,
        error = CASE WHEN ${view.completedAt !== null} THEN ${error}::jsonb ELSE error END,
        headline = CASE WHEN ${view.completedAt !== null} THEN ${view.headline}::text ELSE headline END,
        cap_reached = CASE WHEN ${view.completedAt !== null} THEN ${view.capReached}::text ELSE cap_reached END,
        input_tokens = input_tokens + ${totals.inputTokens}::int, output_tokens = output_tokens + ${totals.outputTokens}::int,
        cost_usd_micros = CASE WHEN ${totals.completions > 0} THEN cost_usd_micros + ${totals.costUsdMicros}::bigint ELSE cost_usd_micros END
      WHERE id = ${runId}::uuid RETURNING id
    ) SELECT pg_notify(${RUN_EVENTS_CHANNEL}, ${`${runId}:${lastSequence}`}) FROM changed`;
}

const LIST = statement(`
  SELECT run_id AS "runId", sequence, position::float8 AS position, type, stage, step, ordinal, attempt, data, at FROM run_events WHERE run_id = $1 AND sequence > $2 ORDER BY sequence LIMIT $3`);

/** Reads events after a sequence, oldest first. @param limit at most 5,000 */
export async function listRunEvents(db: Database, runId: string, afterSequence = 0, limit = 5000): Promise<RunEvent[]> {
  const rows = await query<RunEvent & { at: Date }>(db.pool, LIST, [runId, afterSequence, Math.min(limit, 5000)]);
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}

/** Reads the whole log in windows; a finished run's log is bounded because text deltas are pruned. */
export async function allRunEvents(db: Database, runId: string): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  for (;;) {
    const window = await listRunEvents(db, runId, events.at(-1)?.sequence ?? 0);
    events.push(...window);
    if (window.length < 5000) return events;
  }
}

const HAS = statement('SELECT 1 AS there FROM run_events WHERE run_id = $1 AND idempotency_key = $2');

/** Whether the log has what its writer gave this key. */
export async function hasEvent(db: Database, runId: string, key: string): Promise<boolean> {
  return (await query(db.pool, HAS, [runId, key])).length > 0;
}

/** Removes the streamed text of one call once its final event holds the whole of it. */
export async function pruneTextDeltas(tx: Transaction, runId: string, site: { stage: string; step: string; ordinal: number }): Promise<void> {
  await tx.runEvent.deleteMany({ where: { runId, type: 'text-delta', ...site } });
}

/** What tools brought into a run so far. */
export async function toolResultsOf(db: Database, runId: string): Promise<RunEventData['tool-result'][]> {
  const rows = await db.runEvent.findMany({ where: { runId, type: 'tool-result' }, select: { data: true } });
  return rows.map((row) => row.data as unknown as RunEventData['tool-result']);
}

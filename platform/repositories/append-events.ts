import { jsonSafe } from '#contracts/json-safe';
import type { NewRunEvent, RunEventType } from '#contracts/run-events';
import { EMPTY_RUN_VIEW, reduceRun, type RunView } from '#contracts/run-reducer';
import { isTerminal, RUN_STATUSES, TERMINAL_STATUSES } from '#contracts/runs';
import type { Database } from '../db.ts';
import { isUniqueViolation, query, statement, type Statement } from '../sql.ts';
import { tellsSomething } from '../webhooks/outbox.ts';
import { appendRunEvents, executionOf, RUN_EVENTS_CHANNEL, type KeyedEvent } from './run-events.ts';

/** Appends in one statement and one commit: the way of nearly every step of every run. It does what `appendRunEvents` does.
 *
 * A key that is there already is left out (steps side by side carry the same events). What the events make of the row was computed
 * before: when one that moves it is left out, nothing is written (`blocked`), and the rest is sent again.
 *
 * `repeated` looks each key up (a join instead of LATERAL … LIMIT made the planner read all events of the run, on each append).
 *
 * Why one statement is enough: `run` locks the row and, having waited, reads its newest version, so sequences rise in commit order;
 * what another process committed during the wait may be unseen by the search for keys, and then the unique key refuses it. */
const quoted = (words: readonly string[]): string => words.map((word) => `'${word}'`).join(', ');

/** @param write  more CTEs, each ending in a comma; they may use run and new, and must write nothing when `blocked` has a row
 * @param gate  joined to the events to be written: without a row of it none is
 * @param select  more columns of the answer, of run (as the row was) and changed (as it is now, if anything was written); there is one row, or none when the run is gone */
export function appending({ write = '', gate = '', select = '' }: { write?: string; gate?: string; select?: string } = {}): Statement {
  return statement(`
    WITH run AS (SELECT id, status, last_sequence, status NOT IN (${quoted(TERMINAL_STATUSES)}) AS live, started_at IS NOT NULL AS begun FROM runs WHERE id = $1::uuid FOR UPDATE),
    new AS (SELECT * FROM jsonb_to_recordset($2::jsonb) AS e(n int, key text, type text, stage text, step text, ordinal int, attempt int, data jsonb, moving boolean, input int, output int, completions int, cost bigint)),
    change AS (SELECT c.*, clock_timestamp() AS now FROM jsonb_to_record($3::jsonb) AS c(moves jsonb, waits boolean, wait_reason text, starts boolean, ends boolean, error jsonb, headline text, cap_reached text, execution text)),
    repeated AS (SELECT new.key, new.moving FROM new CROSS JOIN LATERAL (SELECT FROM run_events old WHERE old.run_id = $1::uuid AND old.idempotency_key = new.key LIMIT 1) old),
    blocked AS (SELECT FROM repeated WHERE moving),
    ${write}
    written AS (
      INSERT INTO run_events (run_id, sequence, idempotency_key, type, stage, step, ordinal, attempt, data)
      SELECT run.id, run.last_sequence + row_number() OVER (ORDER BY new.n), new.key, new.type, new.stage, new.step, new.ordinal, new.attempt, new.data
      FROM run CROSS JOIN new ${gate} WHERE (run.live OR new.type IN ('artifact-save', 'log-write')) AND NOT EXISTS (SELECT FROM blocked) AND NOT EXISTS (SELECT FROM repeated WHERE repeated.key = new.key)
      ORDER BY new.n RETURNING idempotency_key AS key
    ),
    sums AS (
      SELECT count(*)::int AS events, COALESCE(sum(new.input), 0)::int AS input, COALESCE(sum(new.output), 0)::int AS output, COALESCE(sum(new.completions), 0)::int AS completions,
        CASE WHEN bool_or(new.completions > 0 AND new.cost IS NULL) THEN NULL ELSE COALESCE(sum(new.cost), 0)::bigint END AS cost
      FROM written JOIN new ON new.key = written.key
    ),
    changed AS (
      UPDATE runs SET
        last_sequence = run.last_sequence + sums.events, updated_at = change.now, status = CASE WHEN run.live THEN COALESCE(change.moves ->> run.status, run.status) ELSE run.status END,
        temporal_run_id = COALESCE(change.execution, runs.temporal_run_id), wait_reason = CASE WHEN run.live AND change.waits THEN change.wait_reason ELSE runs.wait_reason END,
        started_at = CASE WHEN run.live AND change.starts THEN COALESCE(runs.started_at, change.now) ELSE runs.started_at END,
        completed_at = CASE WHEN run.live AND change.ends THEN change.now ELSE runs.completed_at END,
        error = CASE WHEN run.live AND change.ends THEN change.error ELSE runs.error END, headline = CASE WHEN run.live AND change.ends THEN change.headline ELSE runs.headline END,
        cap_reached = CASE WHEN run.live AND change.ends THEN change.cap_reached ELSE runs.cap_reached END,
        input_tokens = runs.input_tokens + sums.input, output_tokens = runs.output_tokens + sums.output,
        cost_usd_micros = CASE WHEN sums.completions > 0 THEN runs.cost_usd_micros + sums.cost ELSE runs.cost_usd_micros END
      FROM run, change, sums WHERE runs.id = run.id AND sums.events > 0 RETURNING runs.last_sequence, runs.started_at, runs.completed_at, runs.input_tokens, runs.output_tokens, runs.cost_usd_micros
    )
    SELECT run.last_sequence AS "was", changed.last_sequence AS "last", EXISTS (SELECT FROM blocked) AS "blocked", NOT run.begun AND changed.started_at IS NOT NULL AS "started", ARRAY(SELECT key FROM repeated) AS "repeated"${select && `, ${select}`},
      CASE WHEN changed.last_sequence IS NOT NULL THEN pg_notify('${RUN_EVENTS_CHANNEL}', $1::uuid || ':' || changed.last_sequence) END
    FROM run LEFT JOIN changed ON true`);
}

export interface Appended { was: number; last: number | null; blocked: boolean; /** these events began the run: told once, whatever is reset or sent again */ started: boolean; repeated: string[] }

const LIVE = RUN_STATUSES.filter((status) => !isTerminal(status));
/** Marks a wait reason that no event of the batch has touched. */
const UNTOUCHED = 'untouched';

/** Events that change more of the row than its counts. */
const MOVING: ReadonlySet<string> = new Set(['run-start', 'stage-start', 'wait-start', 'wait-end', 'cap-reach', 'run-end'] satisfies RunEventType[]);

/** Events that add to the row's tokens and cost. */
const COUNTED: ReadonlySet<string> = new Set(['completion-end'] satisfies RunEventType[]);
const UNMOVED = { moves: Object.fromEntries(LIVE.map((status) => [status, status])), waits: false, wait_reason: null, starts: false, ends: false, error: null, headline: null, cap_reached: null };

/** The first three values of a statement of `appending`: what the reducer makes of the events for each state the row may be in. */
export function appendValues(runId: string, entries: readonly KeyedEvent[]): [runId: string, events: string, change: string] {
  const wanted = new Map<string, NewRunEvent>();
  let ended = false;
  for (const { key, event } of entries) {
    // One end a run, also when one batch brings two.
    if (wanted.has(key) || (ended && event.type !== 'artifact-save' && event.type !== 'log-write')) continue;
    wanted.set(key, jsonSafe(event));
    ended ||= event.type === 'run-end';
  }
  // Only whether there is a time counts here; the time itself is the database's.
  const at = new Date().toISOString();
  const reduced = (from: RunView, events: Iterable<NewRunEvent>): RunView => {
    let view = from;
    let sequence = 0;
    for (const event of events) view = reduceRun(view, { ...event, runId, sequence: ++sequence, position: 0, at });
    return view;
  };
  const rows = [...wanted].map(([key, event], n) => {
    const { totals } = COUNTED.has(event.type) ? reduced(EMPTY_RUN_VIEW, [event]) : EMPTY_RUN_VIEW;
    return {
      n, key, type: event.type, stage: event.stage ?? null, step: event.step ?? null, ordinal: event.ordinal ?? null, attempt: event.attempt ?? null, data: event.data, moving: MOVING.has(event.type),
      input: totals.inputTokens, output: totals.outputTokens, completions: totals.completions, cost: totals.costUsdMicros,
    };
  });
  const execution = executionOf(entries);
  if (!rows.some(({ moving }) => moving)) return [runId, JSON.stringify(rows), JSON.stringify({ ...UNMOVED, execution })];
  const after = LIVE.map((status) => reduced({ ...EMPTY_RUN_VIEW, status, waitReason: UNTOUCHED as never }, wanted.values()));
  const view = after[0] as RunView;
  const waits = (view.waitReason as string | null) !== UNTOUCHED;
  const change = {
    moves: Object.fromEntries(LIVE.map((status, index) => [status, after[index]?.status])), waits, wait_reason: waits ? view.waitReason : null, starts: view.startedAt !== null, ends: view.completedAt !== null,
    error: view.error, headline: view.headline, cap_reached: view.capReached, execution,
  };
  return [runId, JSON.stringify(rows), JSON.stringify(change)];
}

const turns = new Map<string, Promise<unknown>>();

/** One writer of this process at a time for each run. They would wait for each other's row lock anyway, each on a connection. */
async function inTurn<T>(runId: string, work: () => Promise<T>): Promise<T> {
  const before = turns.get(runId) ?? Promise.resolve();
  const mine = before.then(work, work);
  turns.set(runId, mine);
  try {
    return await mine;
  } finally {
    if (turns.get(runId) === mine) turns.delete(runId);
  }
}

/** More than one sending again means that other processes write the same events at this very moment. */
const SENDINGS = 3;

/** One statement of `appending`, again without what is there already when that would have moved the row.
 * @param more  its values from $4 on
 * @returns null when the run is gone, `beaten` when other processes were faster each time, or when the events tell people outside
 * something (rare, and never by this way): then the caller appends in a transaction */
export async function appendQuickly<Row extends Appended>(db: Database, wanted: Statement, runId: string, entries: readonly KeyedEvent[], more: readonly unknown[] = []): Promise<Row | 'beaten' | null> {
  if (tellsSomething(entries)) return 'beaten';
  let left = entries;
  for (let sending = 1; sending <= SENDINGS; sending += 1) {
    try {
      const [row] = await inTurn(runId, () => query<Row>(db.pool, wanted, [...appendValues(runId, left), ...more]));
      if (!row?.blocked) return row ?? null;
      const { repeated } = row;
      left = left.filter(({ key }) => !repeated.includes(key));
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
    }
  }
  return 'beaten';
}

const APPEND = appending();

/** A transaction of its own. @returns the run's last sequence, or null when the run does not exist (deleted) */
export async function appendEvents(db: Database, runId: string, entries: readonly KeyedEvent[]): Promise<number | null> {
  return (await appendFirstEvents(db, runId, entries))?.last ?? null;
}

/** The same of events that may be the run's first. @returns besides, whether they began it */
export async function appendFirstEvents(db: Database, runId: string, entries: readonly KeyedEvent[]): Promise<{ last: number; started: boolean } | null> {
  const row = await appendQuickly(db, APPEND, runId, entries);
  if (row !== 'beaten') return row && { last: row.last ?? row.was, started: row.started };
  const last = await db.$transaction((tx) => appendRunEvents(tx, runId, entries));
  // Who was faster carried the same events, and began it.
  return last === null ? null : { last, started: false };
}

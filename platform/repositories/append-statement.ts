import type { NewRunEvent, RunEventType } from '#contracts/run-events';
import { EMPTY_RUN_VIEW, reduceRun, type RunView } from '#contracts/run-reducer';
import { isTerminal, RUN_STATUSES, TERMINAL_STATUSES } from '#contracts/runs';
import { statement, type Statement } from '../sql.ts';
import { RUN_EVENTS_CHANNEL, type KeyedEvent } from './run-events.ts';

/** Appends to the logs of many runs in one statement and one commit: the way of nearly every step of every run. For each run it does
 * what `appendRunEvents` does.
 *
 * A key that is there already is left out (steps side by side carry the same events). What the events make of the row was computed
 * before: when one that moves it is left out, nothing of that run is written (`blocked`), and the rest is sent again.
 *
 * Why one statement is enough: `run` locks the rows and reads their newest version, so sequences rise in commit order; what another
 * process committed meanwhile may be unseen by the search for keys, and then the unique key refuses it. */
const quoted = (words: readonly string[]): string => words.map((word) => `'${word}'`).join(', ');

/** More to write with the events of a run. Its SQL sees `run`, `new` and its own values as a table of its name, whose `run` tells
 * which run a value belongs to. */
export interface Addition {
  readonly name: string;
  /** names and types of its values */
  readonly columns?: string;
  /** CTEs, each ending in a comma; they must write nothing for a run that is in `blocked` */
  readonly write: string;
  /** a condition on `run`: whether the events of a run that has such values may be written */
  readonly gate?: string;
  /** more columns of the answer, told of `run` */
  readonly select?: string;
  /** never together with other runs: it is rare, and each combination is a statement that every connection has to plan */
  readonly alone?: boolean;
}

export interface Appended { id: string; was: number; last: number | null; blocked: boolean; repeated: string[] }

/** Its values: the runs, their events and changes (`appendPart`), then those of each addition that has columns. There is a row of
 * the answer for each run that is there; with `skipLocked`, only for those that nobody else holds at this moment. */
export function appending(additions: readonly Addition[] = [], { skipLocked = false } = {}): Statement {
  let values = 3;
  const tables = additions.map(({ name, columns }) => (columns ? `${name} AS (SELECT * FROM jsonb_to_recordset($${(values += 1)}::jsonb) AS r(run uuid, ${columns})),` : ''));
  const gates = additions.map(({ name, gate }) => (gate ? `AND (NOT EXISTS (SELECT FROM ${name} WHERE ${name}.run = run.id) OR ${gate})` : ''));
  return statement(`
    WITH run AS (SELECT id, status, last_sequence, status NOT IN (${quoted(TERMINAL_STATUSES)}) AS live FROM runs WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE${skipLocked ? ' SKIP LOCKED' : ''}),
    new AS (SELECT * FROM jsonb_to_recordset($2::jsonb) AS e(run uuid, n int, key text, type text, stage text, step text, ordinal int, attempt int, data jsonb, moving boolean, input int, output int, completions int, cost bigint)),
    change AS (SELECT c.*, clock_timestamp() AS now FROM jsonb_to_recordset($3::jsonb) AS c(run uuid, moves jsonb, waits boolean, wait_reason text, starts boolean, ends boolean, error jsonb, headline text, cap_reached text)),
    repeated AS (SELECT new.run, new.key, new.moving FROM new JOIN run_events old ON old.run_id = new.run AND old.idempotency_key = new.key),
    blocked AS (SELECT DISTINCT repeated.run FROM repeated WHERE moving),
    ${tables.join('\n    ')}
    ${additions.map(({ write }) => write).join('')}
    written AS (
      INSERT INTO run_events (run_id, sequence, idempotency_key, type, stage, step, ordinal, attempt, data)
      SELECT run.id, run.last_sequence + row_number() OVER (PARTITION BY run.id ORDER BY new.n), new.key, new.type, new.stage, new.step, new.ordinal, new.attempt, new.data
      FROM run JOIN new ON new.run = run.id WHERE (run.live OR new.type IN ('artifact-save', 'log-write'))
        AND NOT EXISTS (SELECT FROM blocked WHERE blocked.run = run.id) AND NOT EXISTS (SELECT FROM repeated WHERE repeated.run = run.id AND repeated.key = new.key) ${gates.join(' ')}
      ORDER BY run.id, new.n RETURNING run_id AS run, idempotency_key AS key
    ),
    sums AS (
      SELECT written.run, count(*)::int AS events, sum(new.input)::int AS input, sum(new.output)::int AS output, sum(new.completions)::int AS completions,
        CASE WHEN bool_or(new.completions > 0 AND new.cost IS NULL) THEN NULL ELSE COALESCE(sum(new.cost), 0)::bigint END AS cost
      FROM written JOIN new ON new.run = written.run AND new.key = written.key GROUP BY written.run
    ),
    changed AS (
      UPDATE runs SET
        last_sequence = run.last_sequence + sums.events, updated_at = change.now, status = CASE WHEN run.live THEN COALESCE(change.moves ->> run.status, run.status) ELSE run.status END,
        wait_reason = CASE WHEN run.live AND change.waits THEN change.wait_reason ELSE runs.wait_reason END,
        started_at = CASE WHEN run.live AND change.starts THEN COALESCE(runs.started_at, change.now) ELSE runs.started_at END,
        completed_at = CASE WHEN run.live AND change.ends THEN change.now ELSE runs.completed_at END,
        error = CASE WHEN run.live AND change.ends THEN change.error ELSE runs.error END, headline = CASE WHEN run.live AND change.ends THEN change.headline ELSE runs.headline END,
        cap_reached = CASE WHEN run.live AND change.ends THEN change.cap_reached ELSE runs.cap_reached END,
        input_tokens = runs.input_tokens + sums.input, output_tokens = runs.output_tokens + sums.output,
        cost_usd_micros = CASE WHEN sums.completions > 0 THEN runs.cost_usd_micros + sums.cost ELSE runs.cost_usd_micros END
      FROM run JOIN change ON change.run = run.id JOIN sums ON sums.run = run.id WHERE runs.id = run.id RETURNING runs.id, runs.last_sequence
    )
    SELECT run.id, run.last_sequence AS "was", changed.last_sequence AS "last", EXISTS (SELECT FROM blocked WHERE blocked.run = run.id) AS "blocked", ARRAY(SELECT key FROM repeated WHERE repeated.run = run.id) AS "repeated",
      ${additions.map(({ select }) => (select ? `${select},` : '')).join(' ')}
      CASE WHEN changed.last_sequence IS NOT NULL THEN pg_notify('${RUN_EVENTS_CHANNEL}', run.id || ':' || changed.last_sequence) END
    FROM run LEFT JOIN changed ON changed.id = run.id`);
}

const LIVE = RUN_STATUSES.filter((status) => !isTerminal(status));
/** Marks a wait reason that no event of the batch has touched. */
const UNTOUCHED = 'untouched';

/** Events that change more of the row than its counts. */
const MOVING: ReadonlySet<string> = new Set(['run-start', 'stage-start', 'wait-start', 'wait-end', 'cap-reach', 'run-end'] satisfies RunEventType[]);

/** Events that add to the row's tokens and cost. */
const COUNTED: ReadonlySet<string> = new Set(['completion-end'] satisfies RunEventType[]);
const UNMOVED = { moves: Object.fromEntries(LIVE.map((status) => [status, status])), waits: false, wait_reason: null, starts: false, ends: false, error: null, headline: null, cap_reached: null };

/** What one run gives to the second and third value of `appending`: its events and what the reducer makes of them for each state
 * the row may be in. Each is JSON without the brackets around it, so that those of many runs can be joined. */
export function appendPart(runId: string, entries: readonly KeyedEvent[]): { events: string; change: string } {
  const wanted = new Map<string, NewRunEvent>();
  let ended = false;
  for (const { key, event } of entries) {
    // One end a run, also when one batch brings two.
    if (wanted.has(key) || (ended && event.type !== 'artifact-save' && event.type !== 'log-write')) continue;
    wanted.set(key, event);
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
      run: runId, n, key, type: event.type, stage: event.stage ?? null, step: event.step ?? null, ordinal: event.ordinal ?? null, attempt: event.attempt ?? null, data: event.data, moving: MOVING.has(event.type),
      input: totals.inputTokens, output: totals.outputTokens, completions: totals.completions, cost: totals.costUsdMicros,
    };
  });
  const events = JSON.stringify(rows).slice(1, -1);
  if (!rows.some(({ moving }) => moving)) return { events, change: JSON.stringify({ run: runId, ...UNMOVED }) };
  const after = LIVE.map((status) => reduced({ ...EMPTY_RUN_VIEW, status, waitReason: UNTOUCHED as never }, wanted.values()));
  const view = after[0] as RunView;
  const waits = (view.waitReason as string | null) !== UNTOUCHED;
  const change = {
    run: runId, moves: Object.fromEntries(LIVE.map((status, index) => [status, after[index]?.status])), waits, wait_reason: waits ? view.waitReason : null, starts: view.startedAt !== null, ends: view.completedAt !== null,
    error: view.error, headline: view.headline, cap_reached: view.capReached,
  };
  return { events, change: JSON.stringify(change) };
}

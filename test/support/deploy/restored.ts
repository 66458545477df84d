import { Client, Connection } from '@temporalio/client';
import type pg from 'pg';
import { EMPTY_RUN_VIEW, reduceRun, type RunView } from '#contracts/run-reducer';
import { canMove } from '#contracts/runs';
import type { Database } from '#platform/db';
import { allRunEvents } from '#platform/repositories/run-events';

/** One line for each thing that no backup, disaster or restore may bring about: [] is as it should be. */
export async function contradictions(pool: pg.Pool): Promise<string[]> {
  const told: [what: string, sql: string][] = [
    ['has not one end', "SELECT id FROM runs r WHERE completed_at IS NOT NULL AND (SELECT count(*) FROM run_events e WHERE e.run_id = r.id AND e.type = 'run-end') <> 1"],
    ['counts other events than it has', 'SELECT id FROM runs r WHERE last_sequence <> (SELECT COALESCE(max(sequence), 0) FROM run_events e WHERE e.run_id = r.id)'],
    ['has a call answered more or less than once', "SELECT DISTINCT run_id AS id FROM completions c WHERE state = 'done' AND reused_from_id IS NULL AND (SELECT count(*) FROM completion_attempts a WHERE a.completion_id = c.id AND a.state = 'done') <> 1"],
    ['has the same call twice', 'SELECT run_id AS id FROM completions GROUP BY run_id, stage, step, ordinal HAVING count(*) > 1'],
    ['has a file twice', 'SELECT run_id AS id FROM artifacts GROUP BY run_id, file_name HAVING count(*) > 1'],
  ];
  const lines: string[] = [];
  for (const [what, sql] of told) lines.push(...(await pool.query<{ id: string }>(sql)).rows.map(({ id }) => `run ${id} ${what}`));
  return lines;
}

/** Numbers may be missing in a log only where streamed text was: within a call that was open, whose parts are pruned at its end.
 * @returns what does not follow from the event before it; [] is a whole log */
export async function breaksIn(db: Database, runId: string): Promise<string[]> {
  const breaks: string[] = [];
  let view: RunView = EMPTY_RUN_VIEW;
  let open = 0;
  for (const event of await allRunEvents(db, runId)) {
    if (event.sequence !== view.lastSequence + 1 && open === 0) breaks.push(`${view.lastSequence} → ${event.sequence} ${event.type}`);
    if (event.type === 'completion-start') open += 1;
    if (event.type === 'completion-end' || event.type === 'completion-retry') open -= 1;
    const next = reduceRun(view, event);
    if (next.status !== view.status && !canMove(view.status, next.status)) breaks.push(`${event.sequence} ${view.status} → ${next.status}`);
    view = next;
  }
  return breaks;
}

/** Executions of runs that Temporal knows: run id → Temporal's run ids, more than one when a run was started twice. */
export async function executions(temporalAddress: string): Promise<Map<string, string[]>> {
  const connection = await Connection.connect({ address: temporalAddress });
  try {
    const found = new Map<string, string[]>();
    for await (const { workflowId, runId } of new Client({ connection }).workflow.list({ query: 'Workflow IS NOT NULL' })) found.set(workflowId, [...(found.get(workflowId) ?? []), runId]);
    return found;
  } finally {
    await connection.close();
  }
}

/** @param before  how often each call had reached the provider when all was lost @param since  when that was, ms
 * @returns calls that were made since then: `twice` had their answer in the restored ledger, the others had not */
export async function callsSince(pool: pg.Pool, before: Readonly<Record<string, number>>, now: Readonly<Record<string, number>>, since: number): Promise<{ made: number; again: number; twice: string[] }> {
  const { rows } = await pool.query<{ call: string }>("SELECT run_id || '/' || stage || '/' || step || '/' || ordinal AS call FROM completions WHERE state = 'done' AND completed_at < $1", [new Date(since)]);
  const answered = new Set(rows.map(({ call }) => call));
  const made = Object.keys(now).filter((call) => (now[call] ?? 0) > (before[call] ?? 0));
  const again = made.filter((call) => (before[call] ?? 0) > 0);
  return { made: made.length, again: again.length, twice: made.filter((call) => answered.has(call) || (now[call] ?? 0) - (before[call] ?? 0) > 1) };
}

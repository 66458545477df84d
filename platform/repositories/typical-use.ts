import type { RunMode } from '#contracts/runs';
import type { Database } from '../db.ts';
import { query, statement } from '../sql.ts';

/** Medians of one person's finished runs of one workflow. `seconds` of work: waiting is taken off. */
export interface TypicalUse { runMode: RunMode; simulated: boolean; runs: number; seconds: number; /** null when one of the runs has no price */ costUsdMicros: number | null; /** how many of the person's ended runs were rated so */ ratings: { good: number; poor: number } }

/** The newest runs that are looked at, of all workflows together. */
const NEWEST = 120;
const RUNS = statement(`
  SELECT id, workflow_slug AS slug, run_mode AS "runMode", simulated, cost_usd_micros::float8 AS "costUsdMicros", rating, extract(epoch FROM completed_at - started_at)::float8 AS seconds
  FROM runs WHERE user_id = $1::uuid AND status = 'completed' AND run_mode IN ('test_run', 'full_run') AND fork_kind IS NULL AND started_at IS NOT NULL AND completed_at IS NOT NULL
  ORDER BY created_at DESC LIMIT ${NEWEST}`);
/** The first list stands for the index (run_events_stage_times_idx), which knows no other. */
const WAITS = statement(`SELECT run_id AS "runId", type, extract(epoch FROM at)::float8 AS at FROM run_events WHERE run_id = ANY($1::uuid[]) AND type IN ('stage-start', 'stage-end', 'wait-start', 'wait-end') AND type LIKE 'wait-%' ORDER BY run_id, sequence`);
interface FinishedRun { id: string; slug: string; runMode: RunMode; simulated: boolean; costUsdMicros: number | null; seconds: number; rating: string | null }

/** By slug. Runs with a real provider speak before runs with the demo, Full runs before Tests; re-runs, part of which was free,
 * do not count. A workflow that this person never finished has no entry. */
export async function typicalUse(db: Database, userId: string): Promise<Map<string, TypicalUse>> {
  const runs = await query<FinishedRun>(db.pool, RUNS, [userId]);
  if (runs.length === 0) return new Map();
  const waited = waitedSeconds(await query<{ runId: string; type: string; at: number }>(db.pool, WAITS, [runs.map(({ id }) => id)]));
  return new Map([...Map.groupBy(runs, ({ slug }) => slug)].map(([slug, all]) => {
    const real = all.filter(({ simulated }) => !simulated);
    const known = real.length > 0 ? real : all;
    const full = known.filter(({ runMode }) => runMode === 'full_run');
    const chosen = full.length > 0 ? full : known;
    const costs = chosen.map(({ costUsdMicros }) => costUsdMicros);
    return [slug, {
      runMode: full.length > 0 ? 'full_run' : 'test_run', simulated: real.length === 0, runs: chosen.length, seconds: Math.round(10 * median(chosen.map((run) => Math.max(0, run.seconds - (waited.get(run.id) ?? 0))))) / 10,
      ratings: { good: all.filter(({ rating }) => rating === 'good').length, poor: all.filter(({ rating }) => rating === 'poor').length },
      costUsdMicros: costs.every((cost) => cost !== null) ? Math.round(median(costs)) : null,
    }];
  }));
}

/** Time in which at least one wait of the run was open. @param events  of each run in their order */
function waitedSeconds(events: readonly { runId: string; type: string; at: number }[]): Map<string, number> {
  return new Map([...Map.groupBy(events, ({ runId }) => runId)].map(([runId, own]) => {
    let [open, since, sum] = [0, 0, 0];
    for (const { type, at } of own) {
      if (type === 'wait-start') { if (open === 0) since = at; open += 1; continue; }
      open = Math.max(0, open - 1);
      if (open === 0 && since > 0) { sum += at - since; since = 0; }
    }
    return [runId, sum];
  }));
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

import type { Stage } from '#contracts/runs';
import type { Database } from '../db.ts';
import { query, statement } from '../sql.ts';

export interface StageUse { stage: Exclude<Stage, 'validate'>; inputs: Record<string, unknown>; inputTokens: number; outputTokens: number; /** of work; waiting is taken off */ seconds: number }

/** The newest runs that estimates learn from. */
const NEWEST = 20;

/** The words of the event types stand as in the index that serves them (run_events_stage_times_idx): ten thousand events of a long run are
 * not looked at for four. */
const PAST = statement(`
  SELECT r.inputs,
    (SELECT jsonb_object_agg(c.stage, json_build_object('input', c.input, 'output', c.output)) FROM (
      SELECT stage, sum(input_tokens) AS input, sum(output_tokens) AS output FROM completions WHERE run_id = r.id AND state = 'done' GROUP BY stage) c) AS tokens,
    (SELECT json_agg(json_build_object('type', e.type, 'stage', e.stage, 'outcome', e.data -> 'outcome', 'at', extract(epoch FROM e.at)) ORDER BY e.sequence)
      FROM run_events e WHERE e.run_id = r.id AND e.type IN ('stage-start', 'stage-end', 'wait-start', 'wait-end')) AS times
  FROM (
    SELECT runs.id, runs.inputs, runs.created_at FROM runs JOIN workflow_versions v ON v.id = runs.workflow_version_id
    WHERE runs.user_id = $1::uuid AND runs.workflow_slug = $2::text AND v.version = $3::int AND runs.provider = $4::text AND runs.model = $5::text AND runs.simulated = ($4::text = 'demo')
      AND runs.status = 'completed' AND runs.run_mode IN ('test_run', 'full_run') AND runs.fork_kind IS NULL
    ORDER BY runs.created_at DESC LIMIT ${NEWEST}) r
  ORDER BY r.created_at DESC`);
/** `at` in seconds */
interface StageTime { type: string; stage: string | null; outcome: string | null; at: number }
interface PastRow { inputs: Record<string, unknown>; tokens: Record<string, { input: number | null; output: number | null }> | null; times: StageTime[] | null }

/** What finished Test and Full stages of this person's runs used: same workflow version, provider and model. Re-runs are left
 * out, because part of what they did was free. The provider is part of the search, so the demo never speaks for a real one. */
export async function pastStageUse(db: Database, want: { userId: string; slug: string; version: number; provider: string; model: string }): Promise<StageUse[]> {
  const runs = await query<PastRow>(db.pool, PAST, [want.userId, want.slug, want.version, want.provider, want.model]);
  return runs.flatMap(({ inputs, tokens, times }) => (['test', 'full'] as const).flatMap((stage): StageUse[] => {
    const seconds = secondsOf(times ?? [], stage);
    const sum = tokens?.[stage];
    return seconds === null || !sum ? [] : [{ stage, inputs, inputTokens: sum.input ?? 0, outputTokens: sum.output ?? 0, seconds }];
  }));
}

/** @returns null when the stage was skipped, failed or never there */
function secondsOf(events: readonly StageTime[], stage: string): number | null {
  const start = events.findLast((event) => event.type === 'stage-start' && event.stage === stage);
  const end = events.findLast((event) => event.type === 'stage-end' && event.stage === stage);
  if (!start || !end || (end.outcome !== 'passed' && end.outcome !== 'capped')) return null;
  let waited = 0;
  let since: number | null = null;
  for (const { type, at } of events) {
    if (at < start.at || at > end.at) continue;
    if (type === 'wait-start') since ??= at;
    if (type === 'wait-end' && since !== null) { waited += at - since; since = null; }
  }
  return Math.max(0, end.at - start.at - waited);
}

import type { UsageGroup, UsageWire } from '#contracts/api/usage.schema';
import type { Database } from '../db.ts';
import { query, statement, type Statement } from '../sql.ts';

/** What was bought, from the ledger. Answers that were taken over from an earlier run cost nothing and are not in it. */
type UsageRow = UsageWire['rows'][number];
export interface UsageWish { groupBy: UsageGroup; from: Date; /** the first moment that is not in it */ until: Date; /** null = everybody */ userId: string | null }

const KEY: Record<UsageGroup, { key: string; label: string }> = {
  user: { key: 'c.user_id::text', label: 'u.name' }, workflow: { key: 'r.workflow_slug', label: 'r.workflow_slug' }, provider: { key: 'c.provider', label: 'c.provider' },
  model: { key: "c.provider || '/' || COALESCE(c.model_served, c.model)", label: "c.provider || ' ' || COALESCE(c.model_served, c.model)" }, day: { key: "to_char(c.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD')", label: "to_char(c.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD')" },
};

const textOf = (key: string, label: string): Statement => statement(`
  SELECT ${key} AS key, ${label} AS label, count(DISTINCT c.run_id)::int AS runs, count(*) FILTER (WHERE c.state = 'done')::int AS calls,
    COALESCE(sum(c.input_tokens), 0)::float8 AS input_tokens, COALESCE(sum(c.output_tokens), 0)::float8 AS output_tokens, COALESCE(sum(c.cost_usd_micros) FILTER (WHERE c.state = 'done'), 0)::float8 AS cost_usd_micros,
    count(*) FILTER (WHERE c.state = 'done' AND c.cost_usd_micros IS NULL)::int AS unpriced_calls, COALESCE(sum(doubt.worst), 0)::float8 AS possibly_billed_usd_micros
  FROM completions c JOIN runs r ON r.id = c.run_id JOIN users u ON u.id = c.user_id
  LEFT JOIN LATERAL (SELECT sum(a.worst_cost_usd_micros) AS worst FROM completion_attempts a WHERE a.completion_id = c.id AND a.state IN ('possibly_billed', 'cancelled')) doubt ON true
  WHERE c.created_at >= $1 AND c.created_at < $2 AND ($3::uuid IS NULL OR c.user_id = $3::uuid) AND c.reused_from_id IS NULL AND c.edited_by IS NULL
  GROUP BY 1, 2 ORDER BY ${key.includes('to_char') ? '1' : 'cost_usd_micros DESC, 1'} LIMIT 500`);
const GROUPED = Object.fromEntries(Object.entries(KEY).map(([group, { key, label }]) => [group, textOf(key, label)])) as Record<UsageGroup, Statement>;
const TOTAL = textOf("'total'", "'Total'");

export async function usageOf(db: Database, { groupBy, from, until, userId }: UsageWish): Promise<{ rows: UsageRow[]; total: UsageRow }> {
  const values = [from, until, userId];
  const [rows, [total]] = await Promise.all([query<UsageRow>(db.pool, GROUPED[groupBy], values), query<UsageRow>(db.pool, TOTAL, values)]);
  return { rows, total: total ?? { key: 'total', label: 'Total', runs: 0, calls: 0, input_tokens: 0, output_tokens: 0, cost_usd_micros: 0, unpriced_calls: 0, possibly_billed_usd_micros: 0 } };
}

const RECENT = statement(`
  SELECT COALESCE(sum(cost_usd_micros) FILTER (WHERE created_at >= $2), 0)::float8 AS today, COALESCE(sum(cost_usd_micros) FILTER (WHERE created_at < $2), 0)::float8 AS before
  FROM completions WHERE user_id = $1 AND created_at >= $2::timestamptz - interval '7 days' AND state = 'done' AND reused_from_id IS NULL`);

/** Today's money beside the mean of the seven days before. */
export async function recentSpend(db: Database, userId: string, today: Date): Promise<{ today: number; meanOfSevenDays: number }> {
  const [row] = await query<{ today: number; before: number }>(db.pool, RECENT, [userId, today]);
  return { today: row?.today ?? 0, meanOfSevenDays: Math.round((row?.before ?? 0) / 7) };
}

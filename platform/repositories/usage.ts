import type { UsageGroup, UsageWire } from '#contracts/api/usage.schema';
import type { Database } from '../db.ts';
import { query, statement, type Statement } from '../sql.ts';

/** What was bought, from the ledger and from what is kept of deleted runs. Answers that were taken over from an earlier run cost nothing and are not in it. */
type UsageRow = UsageWire['rows'][number];
export interface UsageWish { groupBy: UsageGroup; from: Date; /** the first moment that is not in it */ until: Date; /** null = everybody */ userId: string | null; /** of the demo provider, or not; both when left out */ simulated?: boolean | undefined }

interface Naming { key: string; label: string; /** the same of what deleted runs had bought */ deletedKey: string; deletedLabel: string }
const MODEL = 'COALESCE(c.model_served, c.model)';
const DAY = "to_char(c.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD')";
const KEY: Record<UsageGroup, Naming> = {
  user: { key: 'c.user_id::text', label: 'u.name', deletedKey: 'd.user_id::text', deletedLabel: "COALESCE(u.name, 'People who are gone')" },
  workflow: { key: 'r.workflow_slug', label: 'r.workflow_slug', deletedKey: 'd.workflow_slug', deletedLabel: "COALESCE(NULLIF(d.workflow_slug, ''), 'Of people who are gone')" },
  provider: { key: 'c.provider', label: 'c.provider', deletedKey: 'd.provider', deletedLabel: 'd.provider' },
  model: { key: `c.provider || '/' || ${MODEL}`, label: `c.provider || ' ' || ${MODEL}`, deletedKey: "d.provider || '/' || d.model", deletedLabel: "d.provider || ' ' || d.model" },
  day: { key: DAY, label: DAY, deletedKey: "to_char(d.day, 'YYYY-MM-DD')", deletedLabel: "to_char(d.day, 'YYYY-MM-DD')" },
};
const SUMS = ['runs', 'calls', 'unpriced_calls'].map((sum) => `sum(${sum})::int AS ${sum}`).concat(['input_tokens', 'output_tokens', 'cost_usd_micros', 'possibly_billed_usd_micros'].map((sum) => `sum(${sum})::float8 AS ${sum}`)).join(', ');

const textOf = ({ key, label, deletedKey, deletedLabel }: Naming, order: string): Statement => statement(`
  SELECT key, label, ${SUMS} FROM (
    SELECT ${key} AS key, ${label} AS label, count(DISTINCT c.run_id) AS runs, count(*) FILTER (WHERE c.state = 'done') AS calls, count(*) FILTER (WHERE c.state = 'done' AND c.cost_usd_micros IS NULL) AS unpriced_calls,
      COALESCE(sum(c.input_tokens), 0) AS input_tokens, COALESCE(sum(c.output_tokens), 0) AS output_tokens, COALESCE(sum(c.cost_usd_micros) FILTER (WHERE c.state = 'done'), 0) AS cost_usd_micros, COALESCE(sum(doubt.worst), 0) AS possibly_billed_usd_micros
    FROM completions c JOIN runs r ON r.id = c.run_id JOIN users u ON u.id = c.user_id
    LEFT JOIN LATERAL (SELECT sum(a.worst_cost_usd_micros) AS worst FROM completion_attempts a WHERE a.completion_id = c.id AND a.state IN ('possibly_billed', 'cancelled')) doubt ON true
    WHERE c.created_at >= $1 AND c.created_at < $2 AND ($3::uuid IS NULL OR c.user_id = $3::uuid) AND c.reused_from_id IS NULL AND c.edited_by IS NULL AND ($4::boolean IS NULL OR (c.provider = 'demo') = $4::boolean)
    GROUP BY 1, 2
    UNION ALL
    SELECT ${deletedKey}, ${deletedLabel}, sum(d.runs), sum(d.calls), sum(d.unpriced_calls), sum(d.input_tokens), sum(d.output_tokens), sum(d.cost_usd_micros), sum(d.possibly_billed_usd_micros)
    FROM deleted_spend d LEFT JOIN users u ON u.id = d.user_id
    WHERE d.day >= ($1::timestamptz AT TIME ZONE 'UTC')::date AND d.day < ($2::timestamptz AT TIME ZONE 'UTC')::date AND ($3::uuid IS NULL OR d.user_id = $3::uuid) AND ($4::boolean IS NULL OR (d.provider = 'demo') = $4::boolean)
    GROUP BY 1, 2 HAVING sum(d.runs + d.calls + d.cost_usd_micros + d.possibly_billed_usd_micros) > 0
  ) used GROUP BY 1, 2 ORDER BY ${order} LIMIT 500`);
const GROUPED = Object.fromEntries(Object.entries(KEY).map(([group, naming]) => [group, textOf(naming, group === 'day' ? '1' : 'cost_usd_micros DESC, 1')])) as Record<UsageGroup, Statement>;
const TOTAL = textOf({ key: "'total'", label: "'Total'", deletedKey: "'total'", deletedLabel: "'Total'" }, '1');

export async function usageOf(db: Database, { groupBy, from, until, userId, simulated }: UsageWish): Promise<{ rows: UsageRow[]; total: UsageRow }> {
  const values = [from, until, userId, simulated ?? null];
  const [rows, [total]] = await Promise.all([query<UsageRow>(db.pool, GROUPED[groupBy], values), query<UsageRow>(db.pool, TOTAL, values)]);
  return { rows, total: total ?? { key: 'total', label: 'Total', runs: 0, calls: 0, input_tokens: 0, output_tokens: 0, cost_usd_micros: 0, unpriced_calls: 0, possibly_billed_usd_micros: 0 } };
}

const RECENT = statement(`
  SELECT COALESCE(sum(cost) FILTER (WHERE today), 0)::float8 AS today, COALESCE(sum(cost) FILTER (WHERE NOT today), 0)::float8 AS before,
    (SELECT LEAST(7, ($2::timestamptz AT TIME ZONE 'UTC')::date - (created_at AT TIME ZONE 'UTC')::date) FROM users WHERE id = $1) AS days FROM (
    SELECT created_at >= $2 AS today, cost_usd_micros AS cost FROM completions WHERE user_id = $1 AND created_at >= $2::timestamptz - interval '7 days' AND state = 'done' AND reused_from_id IS NULL
    UNION ALL
    SELECT day >= ($2::timestamptz AT TIME ZONE 'UTC')::date, cost_usd_micros FROM deleted_spend WHERE user_id = $1 AND day >= ($2::timestamptz AT TIME ZONE 'UTC')::date - 7
  ) bought`);

/** Today's money beside the mean of the seven days before, in micro-dollars. Who came two days ago is measured by two days.
 * @returns `meanOfDays` null on the first day: there is nothing to compare with */
export async function recentSpend(db: Database, userId: string, today: Date): Promise<{ today: number; meanOfDays: number | null }> {
  const [row] = await query<{ today: number; before: number; days: number | null }>(db.pool, RECENT, [userId, today]);
  const days = row?.days ?? 0;
  return { today: row?.today ?? 0, meanOfDays: days > 0 ? Math.round((row?.before ?? 0) / days) : null };
}

import type { Transaction } from '../db.ts';
import { queryIn, statement } from '../sql.ts';

/** What deleted runs had spent. The ledger goes with its run; a limit that forgot it could be spent again and again by deleting.
 * Kept are sums by person, day (UTC), workflow, provider and model: no text, no run. */
export const NOBODY = '00000000-0000-0000-0000-000000000000';

const SUMS = ['started', 'runs', 'calls', 'unpriced_calls', 'input_tokens', 'output_tokens', 'cost_usd_micros', 'possibly_billed_usd_micros'];
const COLUMNS = `user_id, day, workflow_slug, provider, model, ${SUMS.join(', ')}`;
const ADDED = `ON CONFLICT (user_id, day, workflow_slug, provider, model) DO UPDATE SET ${SUMS.map((sum) => `${sum} = kept.${sum} + EXCLUDED.${sum}`).join(', ')}`;
const SUMMED = SUMS.map((sum) => `sum(${sum})`).join(', ');

/** In order, so that two who delete at once lock the same rows one after the other. A try that is still open when its run goes counts
 * with its worst cost, and so does one of unknown outcome. */
const KEEP = statement(`
  INSERT INTO deleted_spend AS kept (${COLUMNS})
  SELECT user_id, day, workflow_slug, provider, model, ${SUMMED} FROM (
    SELECT user_id, (created_at AT TIME ZONE 'UTC')::date AS day, workflow_slug, provider, model, 1 AS started, 0 AS runs, 0 AS calls, 0 AS unpriced_calls, 0 AS input_tokens, 0 AS output_tokens, 0 AS cost_usd_micros, 0 AS possibly_billed_usd_micros
    FROM runs WHERE id = ANY($1::uuid[])
    UNION ALL
    SELECT c.user_id, (c.created_at AT TIME ZONE 'UTC')::date, r.workflow_slug, c.provider, COALESCE(c.model_served, c.model), 0, (row_number() OVER (PARTITION BY c.run_id ORDER BY c.created_at, c.id) = 1)::int,
      (c.state = 'done')::int, (c.state = 'done' AND c.cost_usd_micros IS NULL)::int, COALESCE(c.input_tokens, 0), COALESCE(c.output_tokens, 0), CASE WHEN c.state = 'done' THEN COALESCE(c.cost_usd_micros, 0) ELSE 0 END, COALESCE(doubt.worst, 0)
    FROM completions c JOIN runs r ON r.id = c.run_id
    LEFT JOIN LATERAL (SELECT sum(a.worst_cost_usd_micros) AS worst FROM completion_attempts a WHERE a.completion_id = c.id AND a.state IN ('in_flight', 'possibly_billed', 'cancelled')) doubt ON true
    WHERE c.run_id = ANY($1::uuid[]) AND c.reused_from_id IS NULL AND c.edited_by IS NULL
  ) spent GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5 ${ADDED}`);

/** In the transaction that deletes the runs, before it does; the caller holds their rows locked, or two would both count them. */
export async function keepSpend(tx: Transaction, runIds: readonly string[]): Promise<void> {
  if (runIds.length > 0) await queryIn(tx, KEEP, [[...runIds]]);
}

const FORGET = statement(`
  WITH theirs AS (DELETE FROM deleted_spend WHERE user_id = $1::uuid RETURNING *)
  INSERT INTO deleted_spend AS kept (${COLUMNS})
  SELECT $2::uuid, day, '', provider, model, ${SUMMED} FROM theirs GROUP BY day, provider, model ORDER BY day, provider, model ${ADDED}`);

/** A person is erased: what they spent stays in the sum of all, and says no more whose it was, nor with which workflow. */
export async function forgetSpender(tx: Transaction, userId: string): Promise<void> {
  await queryIn(tx, FORGET, [userId, NOBODY]);
}

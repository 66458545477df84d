import { jsonSafe } from '#contracts/json-safe';
import type { CompletionAnswer } from '#contracts/providers';
import type { Database } from '../db.ts';
import { uuidv7 } from '../ids.ts';
import { chosenKey } from '../secrets/choose-key.ts';
import type { StoredSecret } from '../secrets/secret-store.ts';
import { appending, appendQuickly, type Appended } from './append-events.ts';
import type { LedgerCall, OpenedCall } from './completions.ts';
import type { KeyedEvent } from './run-events.ts';

/** The ledger's two commits of a call that goes well, each one statement: the same rows as `openCall` and `closeCall` with their
 * events. Whatever else is the case (a known call, a twin, an open breaker) they write nothing, and the
 * transactions do the work. */
const OPEN = appending({
  write: `
    health AS (SELECT key_owner, failures, open_until FROM provider_health WHERE provider = $10::text AND key_owner IN ($5::text, 'workspace')),
    made AS (
      INSERT INTO completions (id, run_id, user_id, stage, step, ordinal, request_digest, provider, model, state, max_output_tokens, fallback_reason, request)
      SELECT $4::uuid, run.id, $5::text::uuid, $6::text, $7::text, $8::int, $9::text, $10::text, $11::text, 'in_flight', $12::int, $13::text, $14::jsonb FROM run
      WHERE NOT EXISTS (SELECT FROM blocked) AND NOT EXISTS (SELECT FROM health WHERE open_until IS NOT NULL)
      ON CONFLICT (run_id, stage, step, ordinal, request_digest) DO NOTHING RETURNING id
    ),
    tried AS (INSERT INTO completion_attempts (id, completion_id, attempt, state, worst_cost_usd_micros) SELECT $15::uuid, id, 1, 'in_flight', $17::bigint FROM made),`,
  gate: 'CROSS JOIN made',
  select: `
    EXISTS (SELECT FROM made) AS "made", COALESCE((SELECT failures FROM health WHERE key_owner = $5::text), 0) AS "ownFailures", COALESCE((SELECT failures FROM health WHERE key_owner = 'workspace'), 0) AS "workspaceFailures",
    ${chosenKey({ user: '$5::text::uuid', provider: '$10::text', baseUrlHash: '$16::text', runId: '$1::uuid' })} AS "secret"`,
});
type OpenRow = Appended & { made: boolean; ownFailures: number; workspaceFailures: number; secret: StoredSecret | null };

export interface QuickOpening { opened: OpenedCall; /** a key of the person's own for this provider and address */ secret: StoredSecret | null; /** availability failures that stand against each owner's key */ failures: { own: number; workspace: number } }

/** A call that the ledger does not know, with its first try and events. @returns null when it has to be opened by `openCall` */
export async function openNewCall(db: Database, call: LedgerCall, events: readonly KeyedEvent[], baseUrlHash: string, worstCostUsdMicros: number | null): Promise<QuickOpening | null> {
  const id = uuidv7();
  const row = await appendQuickly<OpenRow>(db, OPEN, call.runId, events, [
    id, call.userId, call.stage, call.step, call.ordinal, call.requestDigest, call.provider, call.model, call.maxOutputTokens, call.fallbackReason ?? null, JSON.stringify(jsonSafe(call.messages)), uuidv7(), baseUrlHash, worstCostUsdMicros,
  ]);
  if (row === null || row === 'beaten' || !row.made) return null;
  return {
    opened: { row: { id, state: 'in_flight', answer: null, costUsdMicros: null, reusedFromId: null, attempts: [] }, attempt: 1, possiblyBilled: 0, answer: null, taken: null },
    secret: row.secret, failures: { own: row.ownFailures, workspace: row.workspaceFailures },
  };
}

const CLOSE = appending({
  write: `
    closed AS (
      UPDATE completions SET state = 'done', answer = $6::jsonb, model_served = $7::text, finish_reason = $8::text, input_tokens = $9::int, output_tokens = $10::int, cost_usd_micros = $11::bigint, completed_at = clock_timestamp()
      FROM run WHERE completions.id = $4::uuid AND state <> 'done' AND NOT EXISTS (SELECT FROM blocked) RETURNING completions.id, completions.stage, completions.step, completions.ordinal
    ),
    tried AS (UPDATE completion_attempts SET state = 'done', ended_at = clock_timestamp(), worst_cost_usd_micros = NULL FROM closed WHERE completion_id = closed.id AND attempt = $5::int),
    pruned AS (DELETE FROM run_events USING closed WHERE run_id = $1::uuid AND type = 'text-delta' AND run_events.stage = closed.stage AND run_events.step = closed.step AND run_events.ordinal = closed.ordinal),`,
  gate: 'CROSS JOIN closed',
  select: 'EXISTS (SELECT FROM closed) AS "closed"',
});

/** Answer, cost, final event and the end of the streamed text. @returns false when `closeCall` has to do it: a twin was first, or the run is gone */
export async function closeOpenCall(db: Database, runId: string, completionId: string, attempt: number, answer: CompletionAnswer, costUsdMicros: number | null, ended: KeyedEvent): Promise<boolean> {
  const { usage } = answer;
  const row = await appendQuickly<Appended & { closed: boolean }>(db, CLOSE, runId, [ended], [
    completionId, attempt, JSON.stringify(answer), answer.modelServed, answer.finishReason.unified, usage.inputTokens, usage.outputTokens, costUsdMicros,
  ]);
  return row !== null && row !== 'beaten' && row.closed;
}

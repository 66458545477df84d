import type { CompletionAnswer } from '#contracts/providers';
import type { Database } from '../db.ts';
import { uuidv7 } from '../ids.ts';
import { chosenKey } from '../secrets/choose-key.ts';
import type { StoredSecret } from '../secrets/secret-store.ts';
import { appendQuickly } from './append-events.ts';
import type { Addition, Appended } from './append-statement.ts';
import type { LedgerCall, OpenedCall } from './completions.ts';
import type { KeyedEvent } from './run-events.ts';

/** The ledger's two commits of a call that goes well, each part of one statement with other runs': the same rows as `openCall` and `closeCall` with their
 * events. Whatever else is the case (a known call, a twin, an open breaker) they write nothing, and the
 * transactions do the work. */
const OPEN: Addition = {
  name: 'opening',
  columns: 'id uuid, user_id uuid, stage text, step text, ordinal int, digest text, provider text, model text, max_output_tokens int, fallback_reason text, request jsonb, attempt_id uuid, base_url_hash text',
  write: `
    health AS (SELECT opening.id, h.key_owner, h.failures, h.open_until FROM opening JOIN provider_health h ON h.provider = opening.provider AND h.key_owner IN (opening.user_id::text, 'workspace')),
    made AS (
      INSERT INTO completions (id, run_id, user_id, stage, step, ordinal, request_digest, provider, model, state, max_output_tokens, fallback_reason, request)
      SELECT o.id, run.id, o.user_id, o.stage, o.step, o.ordinal, o.digest, o.provider, o.model, 'in_flight', o.max_output_tokens, o.fallback_reason, o.request FROM run JOIN opening o ON o.run = run.id
      WHERE NOT EXISTS (SELECT FROM blocked WHERE blocked.run = run.id) AND NOT EXISTS (SELECT FROM health WHERE health.id = o.id AND open_until IS NOT NULL)
      ON CONFLICT (run_id, stage, step, ordinal, request_digest) DO NOTHING RETURNING id, run_id
    ),
    opened AS (INSERT INTO completion_attempts (id, completion_id, attempt, state) SELECT opening.attempt_id, made.id, 1, 'in_flight' FROM made JOIN opening ON opening.id = made.id),`,
  gate: 'EXISTS (SELECT FROM made WHERE made.run_id = run.id)',
  select: `(SELECT json_build_object('made', EXISTS (SELECT FROM made WHERE made.id = o.id),
      'ownFailures', COALESCE((SELECT failures FROM health WHERE health.id = o.id AND key_owner = o.user_id::text), 0), 'workspaceFailures', COALESCE((SELECT failures FROM health WHERE health.id = o.id AND key_owner = 'workspace'), 0),
      'secret', ${chosenKey({ user: 'o.user_id', provider: 'o.provider', baseUrlHash: 'o.base_url_hash', runId: 'o.run' })}) FROM opening o WHERE o.run = run.id) AS "opening"`,
};
type OpenRow = Appended & { opening: { made: boolean; ownFailures: number; workspaceFailures: number; secret: StoredSecret | null } };

export interface QuickOpening { opened: OpenedCall; /** a key of the person's own for this provider and address */ secret: StoredSecret | null; /** availability failures that stand against each owner's key */ failures: { own: number; workspace: number } }

/** A call that the ledger does not know, with its first try and events. @returns null when it has to be opened by `openCall` */
export async function openNewCall(db: Database, call: LedgerCall, events: readonly KeyedEvent[], baseUrlHash: string): Promise<QuickOpening | null> {
  const id = uuidv7();
  const row = await appendQuickly<OpenRow>(db, call.runId, events, OPEN, [{
    id, user_id: call.userId, stage: call.stage, step: call.step, ordinal: call.ordinal, digest: call.requestDigest, provider: call.provider, model: call.model, max_output_tokens: call.maxOutputTokens,
    fallback_reason: call.fallbackReason ?? null, request: call.messages, attempt_id: uuidv7(), base_url_hash: baseUrlHash,
  }]);
  if (row === null || row === 'beaten' || !row.opening.made) return null;
  const { secret, ownFailures, workspaceFailures } = row.opening;
  return {
    opened: { row: { id, state: 'in_flight', answer: null, costUsdMicros: null, reusedFromId: null, attempts: [] }, attempt: 1, possiblyBilled: 0, answer: null, taken: null },
    secret, failures: { own: ownFailures, workspace: workspaceFailures },
  };
}

const CLOSE: Addition = {
  name: 'closing',
  columns: 'id uuid, attempt int, answer jsonb, model_served text, finish_reason text, input_tokens int, output_tokens int, cost bigint',
  write: `
    closed AS (
      UPDATE completions SET state = 'done', answer = c.answer, model_served = c.model_served, finish_reason = c.finish_reason, input_tokens = c.input_tokens, output_tokens = c.output_tokens, cost_usd_micros = c.cost, completed_at = clock_timestamp()
      FROM run JOIN closing c ON c.run = run.id WHERE completions.id = c.id AND state <> 'done' AND NOT EXISTS (SELECT FROM blocked WHERE blocked.run = run.id) RETURNING completions.id, completions.run_id, completions.stage, completions.step, completions.ordinal, c.attempt
    ),
    answered AS (UPDATE completion_attempts a SET state = 'done', ended_at = clock_timestamp(), worst_cost_usd_micros = NULL FROM closed WHERE a.completion_id = closed.id AND a.attempt = closed.attempt),
    pruned AS (DELETE FROM run_events e USING closed WHERE e.run_id = closed.run_id AND e.type = 'text-delta' AND e.stage = closed.stage AND e.step = closed.step AND e.ordinal = closed.ordinal),`,
  gate: 'EXISTS (SELECT FROM closed WHERE closed.run_id = run.id)',
  select: 'EXISTS (SELECT FROM closed WHERE closed.run_id = run.id) AS "closed"',
};

/** Answer, cost, final event and the end of the streamed text. @returns false when `closeCall` has to do it: a twin was first, or the run is gone */
export async function closeOpenCall(db: Database, runId: string, completionId: string, attempt: number, answer: CompletionAnswer, costUsdMicros: number | null, ended: KeyedEvent): Promise<boolean> {
  const { usage } = answer;
  const row = await appendQuickly<Appended & { closed: boolean }>(db, runId, [ended], CLOSE, [{
    id: completionId, attempt, answer, model_served: answer.modelServed, finish_reason: answer.finishReason.unified, input_tokens: usage.inputTokens, output_tokens: usage.outputTokens, cost: costUsdMicros,
  }]);
  return row !== null && row !== 'beaten' && row.closed;
}

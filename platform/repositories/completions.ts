import { jsonSafe } from '#contracts/json-safe';
import type { ErrorCode } from '#contracts/errors';
import type { CompletionAnswer, Message, ProviderId } from '#contracts/providers';
import type { Stage } from '#contracts/runs';
import type { CallFork, CallSite } from '#contracts/workflow';
import type { Completion, CompletionAttempt, Prisma } from '#prisma/client';
import { databaseNow, type Database, type Transaction } from '../db.ts';
import { uuidv7 } from '../ids.ts';
import { query, queryIn, statement } from '../sql.ts';
import { findForkAnswer, referAnswer, type TakenAnswer } from './fork-answers.ts';

/** The ledger (guarantee G2): one row per (run, stage, step, ordinal, request digest), one attempt row per try. */
export interface LedgerCall extends CallSite {
  userId: string; requestDigest: string; provider: string; model: string; maxOutputTokens: number; messages: Message[];
  fallbackReason?: string;
  fork?: CallFork;
  /** the digest this same request has for another provider and model */
  digestAs?: (provider: string, model: string) => string;
}
export type LedgerRow = Pick<Completion, 'id' | 'state' | 'answer' | 'costUsdMicros' | 'reusedFromId'> & { attempts: CompletionAttempt[] };

export interface OpenedCall {
  row: LedgerRow;
  /** the number of this try in the ledger, from 1; null when the answer is there already */
  attempt: number | null;
  /** earlier tries that ended without an answer and may have been charged */
  possiblyBilled: number;
  /** the recorded answer, when there is one */
  answer: CompletionAnswer | null;
  /** set by the try that took the answer over from an earlier run */
  taken: TakenAnswer | null;
}

/** Until 2026-11-27 a try that a cancel or a stop cut after it was asked was called cancelled, with its worst cost. */
const isPossiblyBilled = ({ state, worstCostUsdMicros }: Pick<CompletionAttempt, 'state' | 'worstCostUsdMicros'>): boolean => state === 'possibly_billed' || (state === 'cancelled' && worstCostUsdMicros !== null);

/** Finds or makes the ledger row and opens a new try. A try still in flight belongs to a process that died: it becomes
 * `possibly_billed` with its worst cost. @param worstCostUsdMicros null when the price is unknown
 * @param admit  asked before a try is opened, never for an answer that is there, with how many earlier tries may have been charged; it
 * throws to refuse */
export async function openCall(tx: Transaction, call: LedgerCall, worstCostUsdMicros: bigint | null, admit: (possiblyBilled: number) => Promise<void> = async () => {}): Promise<OpenedCall> {
  const { runId, stage, step, ordinal, requestDigest } = call;
  const key = { runId, stage, step, ordinal, requestDigest };
  const over = call.fork ? await takeOver(tx, call, call.fork) : null;
  if (over) return over;
  const id = uuidv7();
  // Nearly every call is new: row and first try in one statement. Else the unique key and the lock below let a late twin of the
  // same try wait here instead of buying a second time.
  const fresh = await tx.$queryRaw<{ id: string }[]>`
    WITH made AS (
      INSERT INTO completions (id, run_id, user_id, stage, step, ordinal, request_digest, provider, model, state, max_output_tokens, fallback_reason, request)
      VALUES (${id}::uuid, ${runId}::uuid, ${call.userId}::uuid, ${stage}, ${step}, ${ordinal}, ${requestDigest}, ${call.provider}, ${call.model}, 'in_flight', ${call.maxOutputTokens}, ${call.fallbackReason ?? null}, ${JSON.stringify(jsonSafe(call.messages))}::jsonb)
      ON CONFLICT (run_id, stage, step, ordinal, request_digest) DO NOTHING RETURNING id
    ) INSERT INTO completion_attempts (id, completion_id, attempt, state, worst_cost_usd_micros) SELECT ${uuidv7()}::uuid, id, 1, 'in_flight', ${worstCostUsdMicros}::bigint FROM made RETURNING completion_id AS id`;
  if (fresh.length > 0) {
    await admit(0); // refusing undoes the row with the transaction
    return { row: { id, state: 'in_flight', answer: null, costUsdMicros: null, reusedFromId: null, attempts: [] }, attempt: 1, possiblyBilled: 0, answer: null, taken: null };
  }
  await tx.$queryRaw`SELECT id FROM completions WHERE run_id = ${runId}::uuid AND stage = ${stage} AND step = ${step} AND ordinal = ${ordinal} AND request_digest = ${requestDigest} FOR UPDATE`;
  const row = await tx.completion.findUniqueOrThrow({ where: { runId_stage_step_ordinal_requestDigest: key }, include: { attempts: { orderBy: { attempt: 'asc' } }, reusedFrom: { select: { answer: true } } } });
  const died = row.attempts.filter((attempt) => attempt.state === 'in_flight');
  const possiblyBilled = died.length + row.attempts.filter(isPossiblyBilled).length;
  const answer = (row.answer ?? row.reusedFrom?.answer ?? null) as unknown as CompletionAnswer | null;
  if (row.state === 'done' && answer) return { row, attempt: null, possiblyBilled, answer, taken: null };
  await admit(possiblyBilled);
  if (died.length > 0) await tx.completionAttempt.updateMany({ where: { completionId: row.id, state: 'in_flight' }, data: { state: 'possibly_billed', endedAt: await databaseNow(tx), worstCostUsdMicros } });
  const attempt = (row.attempts.at(-1)?.attempt ?? 0) + 1;
  await tx.completionAttempt.create({ data: { id: uuidv7(), completionId: row.id, attempt, state: 'in_flight', worstCostUsdMicros } });
  if (row.state !== 'in_flight') await tx.completion.update({ where: { id: row.id }, data: { state: 'in_flight' } });
  return { row, attempt, possiblyBilled, answer: null, taken: null };
}

/** A re-run's first try of a call takes the recorded answer over, if there is one; the run row is locked, so no twin is between.
 * @returns null when the call is known here already or has to be bought */
async function takeOver(tx: Transaction, call: LedgerCall, fork: CallFork): Promise<OpenedCall | null> {
  const { runId, stage, step, ordinal, requestDigest } = call;
  const key = { runId, stage, step, ordinal, requestDigest };
  if (await tx.completion.findUnique({ where: { runId_stage_step_ordinal_requestDigest: key }, select: { id: true } })) return null;
  const taken = await findForkAnswer(tx, { ...call, fork, digestAs: call.digestAs ?? (() => requestDigest) });
  if (!taken) return null;
  const id = uuidv7();
  await tx.completion.create({ data: { ...key, id, userId: call.userId, provider: call.provider, model: call.model, state: 'in_flight', maxOutputTokens: call.maxOutputTokens, request: jsonSafe(call.messages) as unknown as Prisma.InputJsonValue }, select: { id: true } });
  await referAnswer(tx, id, taken, fork.edit !== null);
  return { row: { id, state: 'done', answer: null, costUsdMicros: 0n, reusedFromId: taken.holderId, attempts: [] }, attempt: null, possiblyBilled: 0, answer: taken.answer, taken };
}

/** Stores the answer of a try. A twin that was first keeps its place: the run may have used it, so this try only counts as paid.
 * @returns the answer that stands, and its cost */
export async function closeCall(tx: Transaction, completionId: string, attempt: number, answer: CompletionAnswer, costUsdMicros: number | null): Promise<{ answer: CompletionAnswer; costUsdMicros: number | null }> {
  const cost = costUsdMicros === null ? null : BigInt(costUsdMicros);
  const { usage } = answer;
  const closed = await tx.$queryRaw<{ id: string }[]>`
    WITH closed AS (
      UPDATE completions SET state = 'done', answer = ${JSON.stringify(answer)}::jsonb, model_served = ${answer.modelServed}, finish_reason = ${answer.finishReason.unified}, input_tokens = ${usage.inputTokens},
        output_tokens = ${usage.outputTokens}, cost_usd_micros = ${cost}::bigint, completed_at = clock_timestamp()
      WHERE id = ${completionId}::uuid AND state <> 'done' RETURNING id
    ), tried AS (
      UPDATE completion_attempts SET state = 'done', ended_at = clock_timestamp(), worst_cost_usd_micros = NULL FROM closed WHERE completion_id = closed.id AND attempt = ${attempt}
    ) SELECT id FROM closed`;
  if (closed.length > 0) return { answer, costUsdMicros };
  const row = await tx.completion.findUniqueOrThrow({ where: { id: completionId } });
  await tx.completionAttempt.updateMany({ where: { completionId, attempt, state: { not: 'done' } }, data: { state: 'possibly_billed', endedAt: await databaseNow(tx), worstCostUsdMicros: cost } });
  return { answer: row.answer as unknown as CompletionAnswer, costUsdMicros: row.costUsdMicros === null ? null : Number(row.costUsdMicros) };
}

/** A try that ended without an answer. `possibly_billed`, with its worst cost, when it was asked and no refusal came in place of an
 * answer (cut by a timer, the wire, a cancel or a stop); `cancelled` when it had not been asked yet. A try that a later one has
 * given up for dead meanwhile stays possibly billed: so it was told and counted.
 * @returns how many tries of the call may have been charged by now, this one included */
export async function failCall(tx: Transaction, completionId: string, attempt: number, state: 'failed' | 'cancelled' | 'possibly_billed', code: ErrorCode | null, detail: string, worstCostUsdMicros: bigint | null): Promise<number> {
  await tx.completionAttempt.updateMany({ where: { completionId, attempt, state: 'in_flight' }, data: { state, errorCode: code, errorDetail: detail, endedAt: await databaseNow(tx), worstCostUsdMicros } });
  // A twin may have brought the answer meanwhile: a done call is never opened again.
  await tx.completion.updateMany({ where: { id: completionId, state: { not: 'done' } }, data: { state: 'failed' } });
  return (await tx.completionAttempt.findMany({ where: { completionId }, select: { state: true, worstCostUsdMicros: true } })).filter(isPossiblyBilled).length;
}

export interface OpenTry { completionId: string; attempt: number; stage: Stage; step: string; ordinal: number; provider: ProviderId; model: string; maxOutputTokens: number; messages: Message[]; /** micro-dollars, as it was opened; null without a price, and of tries from before it was kept */ worstCostUsdMicros: number | null }
const OPEN = statement(`
  SELECT c.id AS "completionId", a.attempt, c.stage, c.step, c.ordinal, c.provider, c.model, c.max_output_tokens AS "maxOutputTokens", c.request AS messages, a.worst_cost_usd_micros::float8 AS "worstCostUsdMicros"
  FROM completions c JOIN completion_attempts a ON a.completion_id = c.id WHERE c.run_id = $1::text::uuid AND a.state = 'in_flight' ORDER BY c.created_at, a.attempt`);

/** Tries of a run that nobody has told the end of. */
export async function openTries(db: Transaction, runId: string): Promise<OpenTry[]> {
  return queryIn(db, OPEN, [runId]);
}

const BILLED = statement(`
  SELECT count(*)::int AS tries FROM completions c JOIN completion_attempts a ON a.completion_id = c.id
  WHERE c.run_id = $1::text::uuid AND c.stage = $2 AND c.step = $3 AND c.ordinal = $4::int AND c.provider = $5 AND c.model = $6 AND c.max_output_tokens = $7::int
    AND (a.state IN ('in_flight', 'possibly_billed') OR (a.state = 'cancelled' AND a.worst_cost_usd_micros IS NOT NULL))`);

/** Tries that may have been charged of a call that is not made now, because it has to wait. */
export async function billedTries(db: Database, { runId, stage, step, ordinal, provider, model, maxOutputTokens }: CallSite & Pick<LedgerCall, 'provider' | 'model' | 'maxOutputTokens'>): Promise<number> {
  return (await query<{ tries: number }>(db.pool, BILLED, [runId, stage, step, String(ordinal), provider, model, String(maxOutputTokens)]))[0]?.tries ?? 0;
}

/** A digest of what each call asked, without its model and limits, by call id: tells another prompt from another answer. */
export async function promptDigests(db: Database | Transaction, userId: string, runId: string): Promise<Map<string, string>> {
  const rows = await db.$queryRaw<{ stage: string; step: string; ordinal: number; digest: string }[]>`
    SELECT stage, step, ordinal, md5(request::text) AS digest FROM completions WHERE run_id = ${runId}::uuid AND user_id = ${userId}::uuid ORDER BY created_at`;
  return new Map(rows.map((row) => [`${row.stage}/${row.step}/${row.ordinal}`, row.digest]));
}

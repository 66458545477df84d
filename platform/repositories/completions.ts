import type { ErrorCode } from '#contracts/errors';
import type { CompletionAnswer, Message } from '#contracts/providers';
import type { CallSite } from '#contracts/workflow';
import { Prisma, type Completion, type CompletionAttempt } from '#prisma/client';
import type { Transaction } from '../db.ts';
import { uuidv7 } from '../ids.ts';

/** The ledger (guarantee G2): one row per (run, stage, step, ordinal, request digest), one attempt row per try. */
export interface LedgerCall extends CallSite { userId: string; requestDigest: string; provider: string; model: string; maxOutputTokens: number; messages: Message[] }
export type LedgerRow = Completion & { attempts: CompletionAttempt[] };

export interface OpenedCall {
  row: LedgerRow;
  /** the number of this try in the ledger, from 1; null when the answer is there already */
  attempt: number | null;
  /** tries that died without an outcome and may have been charged */
  possiblyBilled: number;
}

/** Finds or makes the ledger row and opens a new try. A try still in flight belongs to a process that died: it becomes
 * `possibly_billed` with its worst cost. @param worstCostUsdMicros null when the price is unknown */
export async function openCall(tx: Transaction, call: LedgerCall, worstCostUsdMicros: bigint | null): Promise<OpenedCall> {
  const { runId, stage, step, ordinal, requestDigest } = call;
  const key = { runId, stage, step, ordinal, requestDigest };
  // The unique key and this lock let a late twin of the same try wait here instead of buying a second time.
  await tx.completion.createMany({ data: [{ ...key, id: uuidv7(), userId: call.userId, provider: call.provider, model: call.model, state: 'in_flight', maxOutputTokens: call.maxOutputTokens, request: call.messages as unknown as Prisma.InputJsonValue }], skipDuplicates: true });
  await tx.$queryRaw`SELECT id FROM completions WHERE run_id = ${runId}::uuid AND stage = ${stage} AND step = ${step} AND ordinal = ${ordinal} AND request_digest = ${requestDigest} FOR UPDATE`;
  const row = await tx.completion.findUniqueOrThrow({ where: { runId_stage_step_ordinal_requestDigest: key }, include: { attempts: { orderBy: { attempt: 'asc' } } } });
  const died = row.attempts.filter((attempt) => attempt.state === 'in_flight');
  const possiblyBilled = died.length + row.attempts.filter((attempt) => attempt.state === 'possibly_billed').length;
  if (row.state === 'done') return { row, attempt: null, possiblyBilled };
  if (died.length > 0) await tx.completionAttempt.updateMany({ where: { completionId: row.id, state: 'in_flight' }, data: { state: 'possibly_billed', endedAt: new Date(), worstCostUsdMicros } });
  const attempt = (row.attempts.at(-1)?.attempt ?? 0) + 1;
  await tx.completionAttempt.create({ data: { id: uuidv7(), completionId: row.id, attempt, state: 'in_flight' } });
  if (row.state !== 'in_flight') await tx.completion.update({ where: { id: row.id }, data: { state: 'in_flight' } });
  return { row, attempt, possiblyBilled };
}

/** Stores the answer of a try. A twin that was first keeps its place: the run may have used it, so this try only counts as paid.
 * @returns the answer that stands, and its cost */
export async function closeCall(tx: Transaction, completionId: string, attempt: number, answer: CompletionAnswer, costUsdMicros: number | null): Promise<{ answer: CompletionAnswer; costUsdMicros: number | null }> {
  const endedAt = new Date();
  const cost = costUsdMicros === null ? null : BigInt(costUsdMicros);
  await tx.$queryRaw`SELECT id FROM completions WHERE id = ${completionId}::uuid FOR UPDATE`;
  const row = await tx.completion.findUniqueOrThrow({ where: { id: completionId } });
  if (row.state === 'done') {
    await tx.completionAttempt.updateMany({ where: { completionId, attempt, state: { not: 'done' } }, data: { state: 'possibly_billed', endedAt, worstCostUsdMicros: cost } });
    return { answer: row.answer as unknown as CompletionAnswer, costUsdMicros: row.costUsdMicros === null ? null : Number(row.costUsdMicros) };
  }
  await tx.completionAttempt.update({ where: { completionId_attempt: { completionId, attempt } }, data: { state: 'done', endedAt, worstCostUsdMicros: null } });
  await tx.completion.update({
    where: { id: completionId },
    data: {
      state: 'done', answer: answer as unknown as Prisma.InputJsonValue, modelServed: answer.modelServed, finishReason: answer.finishReason.unified, inputTokens: answer.usage.inputTokens,
      outputTokens: answer.usage.outputTokens, costUsdMicros: cost, completedAt: endedAt,
    },
  });
  return { answer, costUsdMicros };
}

/** A try that ended with a known failure. `possibly_billed` when the vendor may have worked for it (cut or cancelled mid-answer). */
export async function failCall(tx: Transaction, completionId: string, attempt: number, state: 'failed' | 'cancelled' | 'possibly_billed', code: ErrorCode | null, detail: string, worstCostUsdMicros: bigint | null): Promise<void> {
  await tx.completionAttempt.update({ where: { completionId_attempt: { completionId, attempt } }, data: { state, errorCode: code, errorDetail: detail, endedAt: new Date(), ...(state === 'failed' ? {} : { worstCostUsdMicros }) } });
  // A twin may have brought the answer meanwhile: a done call is never opened again.
  await tx.completion.updateMany({ where: { id: completionId, state: { not: 'done' } }, data: { state: 'failed' } });
}

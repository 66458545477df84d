import type { BundleLedgerRow } from '#contracts/bundle';
import type { Database, Transaction } from '../db.ts';

const money = (value: bigint | null): number | null => (value === null ? null : Number(value));

/** The ledger of one run in the order the calls were made, every try included. The owner is part of the query. */
export async function ledgerOfRun(db: Database | Transaction, userId: string, runId: string): Promise<BundleLedgerRow[]> {
  const rows = await db.completion.findMany({ where: { runId, userId }, include: { attempts: { orderBy: { attempt: 'asc' } } }, orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] });
  return rows.map((row) => ({
    stage: row.stage, step: row.step, ordinal: row.ordinal, request_digest: row.requestDigest, provider: row.provider, model: row.model, model_served: row.modelServed, state: row.state,
    finish_reason: row.finishReason, fallback_reason: row.fallbackReason, input_tokens: row.inputTokens, output_tokens: row.outputTokens, cost_usd_micros: money(row.costUsdMicros), max_output_tokens: row.maxOutputTokens,
    request: row.request, answer: row.answer, created_at: row.createdAt.toISOString(), completed_at: row.completedAt?.toISOString() ?? null,
    attempts: row.attempts.map((attempt) => ({
      attempt: attempt.attempt, state: attempt.state, error_code: attempt.errorCode, error_detail: attempt.errorDetail, worst_cost_usd_micros: money(attempt.worstCostUsdMicros),
      started_at: attempt.startedAt.toISOString(), ended_at: attempt.endedAt?.toISOString() ?? null,
    })),
  }));
}

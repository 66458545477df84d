import type { CompletionAnswer } from '#contracts/providers';
import type { CallFork, CallSite } from '#contracts/workflow';
import type { Completion, Prisma } from '#prisma/client';
import type { Database, Transaction } from '../db.ts';
import { query, statement } from '../sql.ts';

/** Where a re-run's answers come from (guarantee G9): the ledger of the run it was made from, and of the runs that one was
 * made from. A row of the new run points at the row that holds the answer; nothing is bought and nothing is copied. */
export interface ForkedCall extends CallSite {
  userId: string;
  requestDigest: string;
  provider: string;
  model: string;
  fork: CallFork;
  /** the digest this same request has for another provider and model */
  digestAs: (provider: string, model: string) => string;
}

export interface TakenAnswer {
  answer: CompletionAnswer;
  /** who really answered */
  provider: string; model: string;
  /** the row that holds the answer */
  holderId: string;
  /** when the answer was given */
  givenAt: Date;
  editedBy: string | null;
}

/** A re-run of a re-run of …: more than a person does, and an end for a loop that cannot be. */
const MAX_LINEAGE = 50;
type Found = Completion & { reusedFrom: Completion | null };

/** Looks for the recorded answer to this call: same place, same request (or an edit of it), same owner.
 * @returns null when it has to be bought */
export async function findForkAnswer(tx: Transaction, call: ForkedCall): Promise<TakenAnswer | null> {
  const { stage, step, ordinal, userId, fork } = call;
  let runId: string | null = fork.sourceRunId;
  for (let depth = 0; runId !== null && depth < MAX_LINEAGE; depth += 1) {
    const source: { forkedFromId: string | null; forkKind: string | null } | null = await tx.run.findFirst({ where: { id: runId, userId }, select: { forkedFromId: true, forkKind: true } });
    if (!source) return null;
    const rows = await tx.completion.findMany({ where: { runId, userId, stage, step, ordinal, state: 'done' }, include: { reusedFrom: true }, orderBy: { createdAt: 'desc' } });
    const row = rows.find((candidate) => holderOf(candidate) !== null && (fork.edit !== null || asksTheSame(candidate, call)));
    const holder = row && holderOf(row);
    if (row && holder) return taken(row, holder, fork);
    // A run made anew "from the start" wanted no older answers, so the search ends with it.
    runId = source.forkKind === 'start' ? null : source.forkedFromId;
  }
  return null;
}

const holderOf = (row: Found): Completion | null => (row.answer !== null ? row : row.reusedFrom?.answer != null ? row.reusedFrom : null);

function asksTheSame(row: Found, call: ForkedCall): boolean {
  const holder = holderOf(row);
  const sameModel = holder?.provider === call.provider && holder.model === call.model;
  if (!sameModel && !call.fork.acrossModels) return false;
  if (row.requestDigest === call.requestDigest) return true;
  return !sameModel && holder !== null && holder.requestDigest === call.digestAs(holder.provider, holder.model);
}

function taken(row: Found, holder: Completion, fork: CallFork): TakenAnswer {
  const recorded = holder.answer as unknown as CompletionAnswer;
  const base = { provider: holder.provider, model: holder.model, holderId: holder.id };
  if (fork.edit === null) return { ...base, answer: recorded, givenAt: holder.completedAt ?? holder.createdAt, editedBy: row.editedBy };
  return { ...base, answer: { ...recorded, text: fork.edit.text, toolCalls: [] }, givenAt: new Date(), editedBy: fork.edit.by };
}

/** Makes the new run's row a reference. An edited answer is its own: it stands in this row alone. */
export async function referAnswer(tx: Transaction, rowId: string, { answer, provider, model, holderId, givenAt, editedBy }: TakenAnswer, edited: boolean): Promise<void> {
  await tx.completion.update({
    where: { id: rowId },
    data: {
      state: 'done', provider, model, modelServed: answer.modelServed, finishReason: answer.finishReason.unified, inputTokens: answer.usage.inputTokens, outputTokens: answer.usage.outputTokens,
      costUsdMicros: 0n, completedAt: givenAt, reusedFromId: holderId, editedBy, ...(edited ? { answer: answer as unknown as Prisma.InputJsonValue } : {}),
    },
  });
}

/** Before a run is deleted, the rows of re-runs that point at its answers get them, so that none is lost to the others. */
export async function handOverAnswers(tx: Transaction, runId: string): Promise<void> {
  await tx.$executeRaw`UPDATE completions AS fork SET answer = held.answer FROM completions AS held WHERE held.run_id = ${runId}::uuid AND fork.reused_from_id = held.id AND fork.run_id <> held.run_id AND fork.answer IS NULL`;
}

const TEST_LEDGER = statement(`SELECT provider, model, edited_by AS "editedBy", completed_at AS "completedAt" FROM completions WHERE run_id = $1 AND stage = 'test' AND state = 'done'`);

/** The answers that a Test stands on. */
export async function testLedgerOfRun(db: Database, runId: string): Promise<Pick<Completion, 'provider' | 'model' | 'editedBy' | 'completedAt'>[]> {
  return query(db.pool, TEST_LEDGER, [runId]);
}

/** Who re-ran this run, newest first, and from which it was made itself. */
export async function forksOfRun(db: Database, userId: string, runId: string): Promise<{ id: string; forkKind: string | null; status: string; createdAt: Date }[]> {
  return db.run.findMany({ where: { forkedFromId: runId, userId }, select: { id: true, forkKind: true, status: true, createdAt: true }, orderBy: { createdAt: 'desc' }, take: 100 });
}

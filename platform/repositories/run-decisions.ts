import type { RunDecision } from '#prisma/client';
import type { RunMode } from '#contracts/runs';
import type { ProviderId } from '#contracts/providers';
import type { RunLabels } from '#contracts/workflow';
import { databaseNow, type Database, type Transaction } from '../db.ts';

export interface NewDecision { id: string; runId: string; waitId: string; decidedBy: string; updateName: string; payload: object }

/** The decision, before it is sent. @returns false when this person has decided this wait already */
export async function insertDecision(tx: Transaction, decision: NewDecision): Promise<boolean> {
  const made = await tx.runDecision.createMany({ data: [{ ...decision, createdAt: await databaseNow(tx) }], skipDuplicates: true });
  return made.count === 1;
}

export async function settleDecision(db: Database | Transaction, id: string, outcome: { state: 'delivered' } | { state: 'refused'; refusal: string }): Promise<void> {
  await db.runDecision.updateMany({ where: { id, state: 'pending' }, data: { ...outcome, settledAt: await databaseNow(db) } });
}

export type DecisionCursor = Pick<RunDecision, 'createdAt' | 'id'>;

export type PendingDecision = RunDecision & { /** whose it is, for the log */ run: RunLabels };
const LABELS = { workflowSlug: true, runMode: true, provider: true, model: true } as const;

/** Decisions that no worker has taken yet, oldest first. @param after  the last of the page before */
export async function pendingDecisions(db: Database, olderThanMs: number, limit: number, after: DecisionCursor | null = null): Promise<PendingDecision[]> {
  const due = { state: 'pending', createdAt: { lt: new Date((await databaseNow(db)).getTime() - olderThanMs), ...(after && { gte: after.createdAt }) } };
  const rows = await db.runDecision.findMany({ where: { ...due, ...(after && { OR: [{ createdAt: { gt: after.createdAt } }, { id: { gt: after.id } }] }) }, orderBy: [{ createdAt: 'asc' }, { id: 'asc' }], take: limit, include: { run: { select: LABELS } } });
  return rows.map(({ run, ...decision }) => ({ ...decision, run: { slug: run.workflowSlug, mode: run.runMode as RunMode, provider: run.provider as ProviderId, model: run.model } }));
}

/** Who made these decisions: user ids, sorted, each once. */
export async function deciders(db: Database, runId: string, ids: readonly string[]): Promise<string[]> {
  const rows = ids.length === 0 ? [] : await db.runDecision.findMany({ where: { runId, id: { in: [...ids] } }, select: { decidedBy: true } });
  return [...new Set(rows.map((row) => row.decidedBy))].sort();
}

import { APPROVER_ROLES, mayApprove, type GateOutcome, type GateSpec } from '#contracts/governance';
import { Prisma, type Approval } from '#prisma/client';
import { databaseNow, type Database, type Transaction } from '../db.ts';
import { uuidv7 } from '../ids.ts';
import { after, pageOf, type Page, type Paged } from './paging.ts';

export interface NewGate { runId: string; userId: string; gate: GateSpec; shownHash: string; answerSchema: Record<string, unknown> | null }
const WITH_RUN = { delegations: { orderBy: { createdAt: 'asc' } }, run: { select: { workflowSlug: true, workflowVersion: { select: { workflow: { select: { name: true } } } }, user: { select: { name: true } } } } } as const satisfies Prisma.ApprovalInclude;
export type ApprovalRecord = Prisma.ApprovalGetPayload<{ include: typeof WITH_RUN }>;

/** Opens a gate; a second time (retry, reset) it is the same row, open again. */
export async function openApproval(tx: Transaction, { runId, userId, gate, shownHash, answerSchema }: NewGate): Promise<void> {
  const fields = {
    kind: gate.kind, title: gate.title, shown: gate.shown as Prisma.InputJsonValue, shownHash, role: gate.role, approvers: gate.approvers, answers: gate.answers,
    answerSchema: (answerSchema as Prisma.InputJsonValue | null) ?? Prisma.DbNull, state: 'open', closedAt: null, remindedAt: null, expiresAt: new Date(gate.until),
  };
  await tx.approval.upsert({ where: { runId_gateId: { runId, gateId: gate.gateId } }, create: { id: uuidv7(), runId, userId, gateId: gate.gateId, ...fields }, update: fields });
}

export async function closeApproval(tx: Transaction, runId: string, gateId: string, outcome: GateOutcome): Promise<void> {
  await tx.approval.updateMany({ where: { runId, gateId, state: 'open' }, data: { state: outcome, closedAt: await databaseNow(tx) } });
}

export async function remindApproval(tx: Transaction, runId: string, gateId: string): Promise<void> {
  await tx.approval.updateMany({ where: { runId, gateId, state: 'open', remindedAt: null }, data: { remindedAt: await databaseNow(tx) } });
}

/** A reminder by the person who waits. @returns when it was given; null when the last one is younger than `sinceMs`, or it is closed */
export async function remindAgain(tx: Transaction, approvalId: string, sinceMs: number): Promise<Date | null> {
  const now = await databaseNow(tx);
  const { count } = await tx.approval.updateMany({ where: { id: approvalId, state: 'open', OR: [{ remindedAt: null }, { remindedAt: { lte: new Date(now.getTime() - sinceMs) } }] }, data: { remindedAt: now } });
  return count === 1 ? now : null;
}

export interface NewDelegation { approvalId: string; from: { id: string; name: string }; to: { userId: string } | { role: string }; reason: string | null }

/** Hands a person's decision on. Who got it from another one takes it over with theirs.
 * @returns false when this person has handed it on already */
export async function delegateApproval(tx: Transaction, { approvalId, from, to, reason }: NewDelegation): Promise<boolean> {
  // What comes back is one's own again.
  if ('userId' in to) await tx.approvalDelegation.deleteMany({ where: { approvalId, fromUserId: to.userId } });
  const made = await tx.approvalDelegation.createMany({ data: [{ id: uuidv7(), approvalId, fromUserId: from.id, fromName: from.name, ...('userId' in to ? { toUserId: to.userId } : { toRole: to.role }), reason }], skipDuplicates: true });
  return made.count === 1;
}

/** Whether this person has handed this decision on. */
export async function hasDelegated(db: Database | Transaction, approvalId: string, userId: string): Promise<boolean> {
  return (await db.approvalDelegation.count({ where: { approvalId, fromUserId: userId } })) > 0;
}

/** What this person can decide now: approvals of other people's runs that their role allows, and questions of their own runs. */
function decidableBy(person: { userId: string; role: string }): Prisma.ApprovalWhereInput {
  const roles = APPROVER_ROLES.filter((needed) => mayApprove(person.role, needed));
  return { OR: [{ kind: 'approval', userId: { not: person.userId }, role: { in: [...roles] } }, { kind: 'question', userId: person.userId }] };
}

export async function listDecidable(db: Database, person: { userId: string; role: string }, page: Page): Promise<Paged<ApprovalRecord>> {
  const decided = await db.runDecision.findMany({ where: { decidedBy: person.userId, state: { not: 'refused' }, run: { approvals: { some: { state: 'open' } } } }, select: { runId: true, waitId: true } });
  const where: Prisma.ApprovalWhereInput = { state: 'open', expiresAt: { gt: await databaseNow(db) }, AND: [decidableBy(person), { delegations: { none: { fromUserId: person.userId } } }], NOT: decided.map((row) => ({ runId: row.runId, gateId: row.waitId })) };
  const [total, rows] = await Promise.all([
    db.approval.count({ where }),
    db.approval.findMany({ where: { AND: [where, after(page)] }, include: WITH_RUN, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], skip: page.skip, take: page.limit + 1 }),
  ]);
  return pageOf(rows, total, page);
}

/** Whether an approval of this run waits for this person. */
export async function isAskedOf(db: Database, person: { userId: string; role: string }, runId: string): Promise<boolean> {
  return (await db.approval.count({ where: { AND: [{ runId, kind: 'approval', state: 'open' }, decidableBy(person)] } })) > 0;
}

/** The gate, for somebody who may know of it: the owner of the run, or who may decide. */
export async function findGate(db: Database | Transaction, person: { userId: string; role: string }, runId: string, gateId: string): Promise<Approval | null> {
  return db.approval.findFirst({ where: { runId, gateId, OR: [{ userId: person.userId }, decidableBy(person)] } });
}

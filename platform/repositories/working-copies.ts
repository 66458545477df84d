import type { Prisma } from '#prisma/client';
import { CodedError } from '../coded-error.ts';
import type { Database, Transaction } from '../db.ts';

/** What somebody edits and has not saved as a version: one a workflow, any JSON, never run. Its revision counts up with every
 * save; together with the version it was made from it says whether two people edit at once. */
export interface WorkingCopy { revision: number; document: Record<string, unknown>; authorId: string | null; updatedAt: Date }
export interface Edited { version: number; revision: number }

export async function findWorkingCopy(db: Database | Transaction, workflowId: string): Promise<WorkingCopy | null> {
  const row = await db.workflowWorkingCopy.findUnique({ where: { workflowId } });
  return row && { revision: row.revision, document: row.document as Record<string, unknown>, authorId: row.authorId, updatedAt: row.updatedAt };
}

/** @param expected  what was edited
 * @throws CodedError PreconditionFailed when a version or a working copy was saved meanwhile */
export async function saveWorkingCopy(tx: Transaction, workflowId: string, document: Record<string, unknown>, authorId: string, expected: Edited): Promise<WorkingCopy> {
  await requireUnchanged(tx, workflowId, expected);
  const data = { revision: expected.revision + 1, document: document as Prisma.InputJsonValue, authorId, updatedAt: new Date() };
  await tx.workflowWorkingCopy.upsert({ where: { workflowId }, create: { workflowId, ...data }, update: data });
  return { revision: data.revision, document, authorId, updatedAt: data.updatedAt };
}

/** @throws CodedError PreconditionFailed */
export async function dropWorkingCopy(tx: Transaction, workflowId: string, expected: Edited): Promise<void> {
  await requireUnchanged(tx, workflowId, expected);
  await tx.workflowWorkingCopy.deleteMany({ where: { workflowId } });
}

async function requireUnchanged(tx: Transaction, workflowId: string, expected: Edited): Promise<void> {
  await tx.$queryRaw`SELECT id FROM workflows WHERE id = ${workflowId}::uuid FOR UPDATE`;
  const { currentVersion } = await tx.workflow.findUniqueOrThrow({ where: { id: workflowId }, select: { currentVersion: true } });
  const copy = await findWorkingCopy(tx, workflowId);
  if (currentVersion !== expected.version) throw new CodedError('PreconditionFailed', `You edit version ${expected.version}; meanwhile version ${currentVersion} was saved.`, { remedy: 'Load the newer one, or keep yours in its place: the builder offers both.' });
  if ((copy?.revision ?? 0) !== expected.revision) throw new CodedError('PreconditionFailed', copy ? `Somebody else, or another window of yours, changed this draft at ${copy.updatedAt.toISOString()}.` : 'The draft you edit was discarded meanwhile.', { remedy: 'Load the newer one, or keep yours in its place: the builder offers both.' });
}

import type { RunError } from '#contracts/errors';
import type { EvidenceSubject } from '#contracts/evidence';
import type { ProviderId } from '#contracts/providers';
import type { Cap, RunMode, RunStatus, WaitReason } from '#contracts/runs';
import { TERMINAL_STATUSES } from '#contracts/runs';
import type { RunRequest } from '#contracts/workflow';
import type { Prisma } from '#prisma/client';
import type { Database, Transaction } from '../db.ts';
import { isUuid } from '../ids.ts';
import { handOverAnswers } from './fork-answers.ts';
import { after, pageOf, type Page, type Paged } from './paging.ts';

/** Reads of runs for people. The owner is part of every query: a foreign id is simply not found. */
export interface RunRecord {
  id: string; userId: string; workflowVersionId: string; workflowSlug: string; workflowTitle: string; workflowVersion: number; workflowType: string; persona: string;
  inputs: Record<string, unknown>; runMode: RunMode; provider: ProviderId; model: string; simulated: boolean; status: RunStatus; waitReason: WaitReason | null; capReached: Cap | null;
  cancelRequestedAt: Date | null; error: RunError | null; headline: string | null; temporalRunId: string | null; inputTokens: number; outputTokens: number; costUsdMicros: number | null;
  lastSequence: number; startedAt: Date | null; completedAt: Date | null; createdAt: Date; updatedAt: Date; inputDigest: string;
  forkedFromId: string | null; forkKind: NonNullable<RunRequest['fork']>['kind'] | null; definitionHash: string;
}

const WITH_TITLE = { workflowVersion: { select: { version: true, contentHash: true, workflow: { select: { name: true } } } } } as const satisfies Prisma.RunInclude;
const OMITTED = { request: true } as const;
type Row = Prisma.RunGetPayload<{ include: typeof WITH_TITLE; omit: typeof OMITTED }>;

const toRecord = ({ workflowVersion: version, costUsdMicros, ...row }: Row): RunRecord => ({
  ...row, workflowTitle: version.workflow.name, workflowVersion: version.version, definitionHash: version.contentHash, costUsdMicros: costUsdMicros === null ? null : Number(costUsdMicros),
} as unknown as RunRecord);

export async function findRun(db: Database | Transaction, userId: string, id: string): Promise<RunRecord | null> {
  const row = await db.run.findFirst({ where: { id, userId }, include: WITH_TITLE, omit: OMITTED });
  return row ? toRecord(row) : null;
}

export interface RunFilter { workflow?: string | undefined; status?: string | undefined; runMode?: string | undefined; provider?: string | undefined; search?: string | undefined }

export async function listRuns(db: Database, userId: string, filter: RunFilter, page: Page): Promise<Paged<RunRecord>> {
  const words = filter.search ? { contains: filter.search, mode: 'insensitive' as const } : undefined;
  const where: Prisma.RunWhereInput = {
    userId,
    ...(filter.workflow ? (isUuid(filter.workflow) ? { workflowVersion: { workflowId: filter.workflow } } : { workflowSlug: filter.workflow }) : {}),
    ...(filter.status ? { status: filter.status } : {}), ...(filter.runMode ? { runMode: filter.runMode } : {}), ...(filter.provider ? { provider: filter.provider } : {}),
    ...(words ? { OR: [{ workflowSlug: words }, { headline: words }, { workflowVersion: { workflow: { name: words } } }, ...(await idsByInputs(db, userId, filter.search as string))] } : {}),
  };
  const [total, rows] = await Promise.all([
    db.run.count({ where }),
    db.run.findMany({ where: { AND: [where, after(page)] }, include: WITH_TITLE, omit: OMITTED, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], skip: page.skip, take: page.limit + 1 }),
  ]);
  return pageOf(rows.map(toRecord), total, page);
}

/** Prisma cannot look into JSON as text; the newest 1,000 matches are plenty for a person who searches. */
async function idsByInputs(db: Database, userId: string, search: string): Promise<Prisma.RunWhereInput[]> {
  const pattern = `%${search.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
  const rows = await db.$queryRaw<{ id: string }[]>`SELECT id FROM runs WHERE user_id = ${userId}::uuid AND (id::text ILIKE ${pattern} OR inputs::text ILIKE ${pattern}) ORDER BY created_at DESC LIMIT 1000`;
  return [{ id: { in: rows.map((row) => row.id) } }];
}

/** Runs of a person that have not ended. */
export async function countLiveRuns(db: Database | Transaction, userId: string): Promise<number> {
  return db.run.count({ where: { userId, status: { notIn: [...TERMINAL_STATUSES] } } });
}

/** Numbers for /metrics: runs by workflow, status and mode. */
export async function countRunsByStatus(db: Database): Promise<{ workflowSlug: string; status: string; runMode: string; count: number }[]> {
  const groups = await db.run.groupBy({ by: ['workflowSlug', 'status', 'runMode'], _count: { _all: true } });
  return groups.map((group) => ({ workflowSlug: group.workflowSlug, status: group.status, runMode: group.runMode, count: group._count._all }));
}

/** What Temporal is given for a run, with the words its execution is named by. */
export async function findRunRequest(db: Database, userId: string, id: string): Promise<{ request: RunRequest; meta: { workflowType: string; title: string; persona: string } } | null> {
  const row = await db.run.findFirst({ where: { id, userId }, select: { request: true, workflowType: true, persona: true, ...WITH_TITLE } });
  return row ? { request: row.request as unknown as RunRequest, meta: { workflowType: row.workflowType, persona: row.persona, title: row.workflowVersion.workflow.name } } : null;
}

export interface NewRun {
  id: string; userId: string; workflowVersionId: string; workflowSlug: string; workflowType: string; persona: string; inputs: Record<string, unknown>; inputDigest: string;
  runMode: RunMode; provider: ProviderId; model: string; simulated: boolean; request: RunRequest; forkedFromId: string | null; forkKind: NonNullable<RunRequest['fork']>['kind'] | null;
}

/** The queued row: the outbox entry that the API or the reconciler starts. Cost begins at 0 and becomes null with the first unknown price. */
export async function insertRun(tx: Transaction, run: NewRun): Promise<void> {
  await tx.run.create({ data: { ...run, inputs: run.inputs as Prisma.InputJsonValue, request: run.request as unknown as Prisma.InputJsonValue, status: 'queued', costUsdMicros: 0n }, select: { id: true } });
}

/** Marks the wish to cancel. @returns false when the run has ended or the wish is already there */
export async function requestCancel(tx: Transaction, userId: string, id: string, at: Date): Promise<boolean> {
  const marked = await tx.run.updateMany({ where: { id, userId, cancelRequestedAt: null, status: { notIn: [...TERMINAL_STATUSES] } }, data: { cancelRequestedAt: at } });
  return marked.count === 1;
}

/** Deletes an ended run with its events, ledger and artifact rows. @returns false when it is live or gone */
export async function deleteEndedRun(tx: Transaction, userId: string, id: string): Promise<boolean> {
  await handOverAnswers(tx, id);
  return (await tx.run.deleteMany({ where: { id, userId, status: { in: [...TERMINAL_STATUSES] } } })).count === 1;
}

/** What evidence of this run would be about. */
export async function evidenceSubjectOfRun(db: Database | Transaction, id: string): Promise<EvidenceSubject | null> {
  const row = await db.run.findUnique({ where: { id }, select: { userId: true, workflowSlug: true, inputDigest: true, provider: true, model: true, workflowVersion: { select: { version: true, contentHash: true } } } });
  return row && {
    userId: row.userId, workflowSlug: row.workflowSlug, workflowVersion: row.workflowVersion.version, definitionHash: row.workflowVersion.contentHash, inputDigest: row.inputDigest, provider: row.provider as ProviderId, model: row.model,
  };
}

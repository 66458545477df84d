import type { RunError } from '#contracts/errors';
import type { EvidenceSubject } from '#contracts/evidence';
import type { ProviderId } from '#contracts/providers';
import type { Cap, RunMode, RunRating, RunStatus, WaitReason } from '#contracts/runs';
import { TERMINAL_STATUSES } from '#contracts/runs';
import type { RunRequest } from '#contracts/workflow';
import type { RunEventData } from '#contracts/run-events';
import type { PoolClient } from 'pg';
import type { Prisma } from '#prisma/client';
import { databaseNow, type Database, type Transaction } from '../db.ts';
import { isUuid } from '../ids.ts';
import { containing, query, statement } from '../sql.ts';
import { ARTIFACT_COLUMNS, type ArtifactRecord } from './artifact-queries.ts';
import { keepSpend } from './deleted-spend.ts';
import { handOverAnswers } from './fork-answers.ts';
import { pageOf, type Page, type Paged } from './paging.ts';
import { RUN_EVENTS_CHANNEL } from './run-events.ts';

/** Reads of runs for people. The owner is part of every query: a foreign id is simply not found. */
export interface RunRecord {
  id: string; userId: string; workflowVersionId: string; workflowSlug: string; workflowTitle: string; workflowVersion: number; workflowType: string; persona: string;
  inputs: Record<string, unknown>; runMode: RunMode; provider: ProviderId; model: string; simulated: boolean; status: RunStatus; waitReason: WaitReason | null; capReached: Cap | null;
  cancelRequestedAt: Date | null; error: RunError | null; headline: string | null; temporalRunId: string | null; inputTokens: number; outputTokens: number; costUsdMicros: number | null;
  lastSequence: number; startedAt: Date | null; completedAt: Date | null; createdAt: Date; updatedAt: Date; inputDigest: string;
  forkedFromId: string | null; forkKind: NonNullable<RunRequest['fork']>['kind'] | null; definitionHash: string; rating: RunRating | null; ratingNote: string | null;
}

const WITH_TITLE = { workflowVersion: { select: { version: true, contentHash: true, workflow: { select: { name: true } } } } } as const satisfies Prisma.RunInclude;

/** All but the request, by the names of RunRecord. The joins are outer ones so that a count which needs neither makes neither. */
const COLUMNS = `
  r.id, r.user_id AS "userId", r.workflow_version_id AS "workflowVersionId", r.workflow_slug AS "workflowSlug", w.name AS "workflowTitle", v.version AS "workflowVersion", r.workflow_type AS "workflowType",
  r.persona, r.inputs, r.run_mode AS "runMode", r.provider, r.model, r.simulated, r.status, r.wait_reason AS "waitReason", r.cap_reached AS "capReached", r.cancel_requested_at AS "cancelRequestedAt",
  r.error, r.headline, r.temporal_run_id AS "temporalRunId", r.input_tokens AS "inputTokens", r.output_tokens AS "outputTokens", r.cost_usd_micros::float8 AS "costUsdMicros",
  r.last_sequence AS "lastSequence", r.started_at AS "startedAt", r.completed_at AS "completedAt", r.created_at AS "createdAt", r.updated_at AS "updatedAt", r.input_digest AS "inputDigest",
  r.forked_from_id AS "forkedFromId", r.fork_kind AS "forkKind", v.content_hash AS "definitionHash", r.rating, r.rating_note AS "ratingNote"`;
const FROM = 'FROM runs r LEFT JOIN workflow_versions v ON v.id = r.workflow_version_id LEFT JOIN workflows w ON w.id = v.workflow_id';
const DETAIL_COLUMNS = `${COLUMNS}, r.request->>'traceparent' AS traceparent`;
const ONE = statement(`SELECT ${DETAIL_COLUMNS} ${FROM} WHERE r.id = $1 AND r.user_id = $2`);

/** with the trace context of the request that asked for it */
export type RunDetailRecord = RunRecord & { traceparent: string | null };

export async function findRun(db: Database, userId: string, id: string): Promise<RunDetailRecord | null> {
  return (await query<RunDetailRecord>(db.pool, ONE, [id, userId]))[0] ?? null;
}

const READABLE = statement('SELECT id FROM runs WHERE user_id = $1::uuid AND id = ANY($2::uuid[])');

/** Which of these runs are the person's. */
export async function readableRuns(db: Database, userId: string, ids: readonly string[]): Promise<Set<string>> {
  return new Set(ids.length === 0 ? [] : (await query<{ id: string }>(db.pool, READABLE, [userId, [...ids]])).map((row) => row.id));
}

export interface ForkRecord { id: string; forkKind: string | null; status: string; createdAt: Date }
const DETAIL = statement(`
  SELECT ${DETAIL_COLUMNS},
    (SELECT json_agg(a ORDER BY a."createdAt", a.id) FROM (SELECT ${ARTIFACT_COLUMNS} FROM artifacts WHERE run_id = r.id AND user_id = r.user_id ORDER BY created_at, id LIMIT 1000) a) AS artifacts,
    (SELECT json_agg(f ORDER BY f."createdAt" DESC) FROM (SELECT id, fork_kind AS "forkKind", status, created_at AS "createdAt" FROM runs WHERE forked_from_id = r.id AND user_id = r.user_id ORDER BY created_at DESC LIMIT 100) f) AS forks
  ${FROM} WHERE r.id = $1 AND r.user_id = $2`);
type DetailRow = RunDetailRecord & { artifacts: (Omit<ArtifactRecord, 'expiresAt' | 'expiredAt' | 'createdAt'> & { expiresAt: string | null; expiredAt: string | null; createdAt: string })[] | null; forks: (Omit<ForkRecord, 'createdAt'> & { createdAt: string })[] | null };
const dateOf = (text: string | null): Date | null => (text === null ? null : new Date(text));

/** A run with its files, oldest first (a run has tens of them, not thousands), and the runs made from it, newest first. */
export async function findRunDetail(db: Database, userId: string, id: string): Promise<{ run: RunDetailRecord; artifacts: ArtifactRecord[]; forks: ForkRecord[] } | null> {
  const [row] = await query<DetailRow>(db.pool, DETAIL, [id, userId]);
  if (!row) return null;
  const { artifacts, forks, ...run } = row;
  return {
    run, artifacts: (artifacts ?? []).map((file) => ({ ...file, expiresAt: dateOf(file.expiresAt), expiredAt: dateOf(file.expiredAt), createdAt: new Date(file.createdAt) })),
    forks: (forks ?? []).map((fork) => ({ ...fork, createdAt: new Date(fork.createdAt) })),
  };
}

export interface RunFilter { workflow?: string | undefined; status?: string | undefined; runMode?: string | undefined; provider?: string | undefined; search?: string | undefined;
  model?: string | undefined; rating?: string | undefined; /** true = not ended yet */ live?: boolean | undefined; simulated?: boolean | undefined; /** created at or after */ from?: Date | undefined; /** created before */ until?: Date | undefined;
}

/** Total and page in one statement: they are of one moment. */
export async function listRuns(db: Database, userId: string, filter: RunFilter, page: Page): Promise<Paged<RunRecord>> {
  const values: unknown[] = [userId, page.limit + 1, page.skip];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const where = ['r.user_id = $1'];
  if (filter.workflow) where.push(`${isUuid(filter.workflow) ? 'v.workflow_id' : 'r.workflow_slug'} = ${bind(filter.workflow)}`);
  if (filter.status) where.push(`r.status = ${bind(filter.status)}`);
  if (filter.runMode) where.push(`r.run_mode = ${bind(filter.runMode)}`);
  if (filter.provider) where.push(`r.provider = ${bind(filter.provider)}`);
  if (filter.model) where.push(`r.model = ${bind(filter.model)}`);
  if (filter.rating) where.push(`r.rating = ${bind(filter.rating)}`);
  if (filter.live !== undefined) where.push(`r.status ${filter.live ? 'NOT IN' : 'IN'} (${TERMINAL_STATUSES.map((status) => `'${status}'`).join(', ')})`);
  if (filter.simulated !== undefined) where.push(`r.simulated = ${bind(filter.simulated)}`);
  if (filter.from) where.push(`r.created_at >= ${bind(filter.from)}`);
  if (filter.until) where.push(`r.created_at < ${bind(filter.until)}`);
  if (filter.search) {
    const words = bind(containing(filter.search));
    where.push(`(r.workflow_slug ILIKE ${words} OR r.headline ILIKE ${words} OR w.name ILIKE ${words} OR r.id::text ILIKE ${words} OR r.inputs::text ILIKE ${words})`);
  }
  const all = where.join(' AND ');
  const rest = page.cursor ? `${all} AND (r.created_at, r.id) < (${bind(page.cursor.createdAt)}, ${bind(page.cursor.id)})` : all;
  const rows = await query<RunRecord & { total: number }>(db.pool, statement(`
    SELECT counted.total, page.* FROM (SELECT count(*)::int AS total ${FROM} WHERE ${all}) counted
    LEFT JOIN (SELECT ${COLUMNS} ${FROM} WHERE ${rest} ORDER BY r.created_at DESC, r.id DESC LIMIT $2 OFFSET $3) page ON true ORDER BY page."createdAt" DESC, page.id DESC`), values);
  return pageOf(rows.filter(({ id }) => id !== null), rows[0]?.total ?? 0, page);
}

/** How many runs of everybody stand in each live state, and the age in seconds of the oldest. */
export async function liveRuns(db: Database): Promise<{ status: RunStatus; runs: number; oldestSeconds: number }[]> {
  return query<{ status: RunStatus; runs: number; oldestSeconds: number }>(db.pool, LIVE, []);
}
const LIVE = statement(`SELECT status, count(*)::int AS runs, extract(epoch FROM now() - min(created_at))::float8 AS "oldestSeconds" FROM runs WHERE status IN ('queued', 'validating', 'running', 'waiting') GROUP BY status`);

/** What Temporal is given for a run, with the words its execution is named by. */
export async function findRunRequest(db: Database, userId: string, id: string): Promise<{ request: RunRequest; meta: { workflowType: string; title: string; persona: string } } | null> {
  const row = await db.run.findFirst({ where: { id, userId }, select: { request: true, workflowType: true, persona: true, ...WITH_TITLE } });
  return row ? { request: row.request as unknown as RunRequest, meta: { workflowType: row.workflowType, persona: row.persona, title: row.workflowVersion.workflow.name } } : null;
}

export interface NewRun {
  id: string; userId: string; workflowVersionId: string; workflowSlug: string; workflowType: string; persona: string; inputs: Record<string, unknown>; inputDigest: string;
  runMode: RunMode; provider: ProviderId; model: string; simulated: boolean; request: RunRequest; forkedFromId: string | null; forkKind: NonNullable<RunRequest['fork']>['kind'] | null;
}

const INSERT = statement(`
  WITH made AS (
    INSERT INTO runs (id, user_id, workflow_version_id, workflow_slug, workflow_type, persona, inputs, input_digest, run_mode, provider, model, simulated, request, forked_from_id, fork_kind, status, cost_usd_micros, last_sequence)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 'queued', 0, 1) RETURNING id, created_at, updated_at
  ), logged AS (INSERT INTO run_events (run_id, sequence, idempotency_key, type, data) SELECT id, 1, 'api/queue', 'run-queue', $16 FROM made)
  SELECT created_at AS "createdAt", updated_at AS "updatedAt", pg_notify('${RUN_EVENTS_CHANNEL}', id || ':1') FROM made`);

/** The queued row, which is the outbox entry that the API or the reconciler starts, and its first event, in one statement.
 * Cost begins at 0 and becomes null with the first unknown price. */
export async function insertRun(client: PoolClient, run: NewRun, queued: RunEventData['run-queue']): Promise<Pick<RunRecord, 'createdAt' | 'updatedAt'>> {
  const [times] = await query<Pick<RunRecord, 'createdAt' | 'updatedAt'>>(client, INSERT, [
    run.id, run.userId, run.workflowVersionId, run.workflowSlug, run.workflowType, run.persona, JSON.stringify(run.inputs), run.inputDigest, run.runMode, run.provider, run.model, run.simulated, JSON.stringify(run.request),
    run.forkedFromId, run.forkKind, JSON.stringify(queued),
  ]);
  if (!times) throw new Error('the run was not written');
  return times;
}

/** Marks the wish to cancel. @returns false when the run has ended or the wish is already there */
export async function requestCancel(tx: Transaction, userId: string, id: string): Promise<boolean> {
  const marked = await tx.run.updateMany({ where: { id, userId, cancelRequestedAt: null, status: { notIn: [...TERMINAL_STATUSES] } }, data: { cancelRequestedAt: await databaseNow(tx) } });
  return marked.count === 1;
}

/** Keeps or takes back what the owner thinks of a result. @returns false when the run is not theirs, or has not ended */
export async function rateRun(db: Database, userId: string, id: string, rating: RunRating | null, note: string | null): Promise<boolean> {
  return (await db.run.updateMany({ where: { id, userId, status: { in: [...TERMINAL_STATUSES] } }, data: { rating, ratingNote: note } })).count === 1;
}

/** Deletes an ended run with its events, ledger and artifact rows; what it spent stays counted. @returns false when it is live or gone */
export async function deleteEndedRun(tx: Transaction, userId: string, id: string): Promise<boolean> {
  const [mine] = await tx.$queryRaw<{ id: string }[]>`SELECT id FROM runs WHERE id = ${id}::uuid AND user_id = ${userId}::uuid AND status = ANY(${[...TERMINAL_STATUSES]}) FOR UPDATE`;
  if (!mine) return false;
  await keepSpend(tx, [id]);
  await handOverAnswers(tx, id);
  return (await tx.run.deleteMany({ where: { id, userId } })).count === 1;
}

const SUBJECT = statement(`
  SELECT r.user_id AS "userId", r.workflow_slug AS "workflowSlug", v.version AS "workflowVersion", v.content_hash AS "definitionHash", r.input_digest AS "inputDigest", r.provider, r.model
  FROM runs r JOIN workflow_versions v ON v.id = r.workflow_version_id WHERE r.id = $1`);

/** What evidence of this run would be about. */
export async function evidenceSubjectOfRun(db: Database, id: string): Promise<EvidenceSubject | null> {
  const [row] = await query<EvidenceSubject>(db.pool, SUBJECT, [id]);
  return row ?? null;
}

/** Runs of anybody that were accepted before and that no worker has taken up. */
export async function countQueuedBefore(db: Database, createdAt: Date): Promise<number> {
  return db.run.count({ where: { status: 'queued', createdAt: { lt: createdAt } } });
}

import type { Stage } from '#contracts/runs';
import type { Database, Transaction } from '../db.ts';
import { after, pageOf, type Page, type Paged } from './paging.ts';

export interface ArtifactRecord {
  id: string; runId: string; userId: string; artifactType: string; fileName: string; storageKey: string; fileSizeBytes: number; mimeType: string; sha256: string;
  stage: Stage | null; stepIndex: number | null; summary: string | null; expiresAt: Date | null; /** since when the bytes are gone */ expiredAt: Date | null; createdAt: Date;
}

/** All, by the names of ArtifactRecord. */
export const ARTIFACT_COLUMNS = `
  id, run_id AS "runId", user_id AS "userId", artifact_type AS "artifactType", file_name AS "fileName", storage_key AS "storageKey", file_size_bytes::float8 AS "fileSizeBytes", mime_type AS "mimeType", sha256,
  stage, step_index AS "stepIndex", summary, expires_at AS "expiresAt", expired_at AS "expiredAt", created_at AS "createdAt"`;

const toRecord = (row: object): ArtifactRecord => ({ ...row, fileSizeBytes: Number((row as { fileSizeBytes: bigint }).fileSizeBytes) }) as ArtifactRecord;

export async function listArtifacts(db: Database, userId: string, filter: { runId?: string | undefined; artifactType?: string | undefined }, page: Page): Promise<Paged<ArtifactRecord>> {
  const where = { userId, ...(filter.runId ? { runId: filter.runId } : {}), ...(filter.artifactType ? { artifactType: filter.artifactType } : {}) };
  const [total, rows] = await Promise.all([
    db.artifact.count({ where }),
    db.artifact.findMany({ where: { AND: [where, after(page)] }, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], skip: page.skip, take: page.limit + 1 }),
  ]);
  return pageOf(rows.map(toRecord), total, page);
}

/** A run has tens of files, at most some hundreds: two for each of its 200 steps. */
export const MAX_ARTIFACTS_OF_RUN = 1000;

/** All artifacts of one run, oldest first. */
export async function artifactsOfRun(db: Database | Transaction, userId: string, runId: string): Promise<ArtifactRecord[]> {
  return (await db.artifact.findMany({ where: { userId, runId }, orderBy: [{ createdAt: 'asc' }, { id: 'asc' }], take: MAX_ARTIFACTS_OF_RUN })).map(toRecord);
}

export async function findArtifact(db: Database | Transaction, userId: string, id: string): Promise<ArtifactRecord | null> {
  const row = await db.artifact.findFirst({ where: { id, userId } });
  return row ? toRecord(row) : null;
}

/** @returns false when the person has no such artifact */
export async function deleteArtifact(tx: Transaction, userId: string, id: string): Promise<boolean> {
  return (await tx.artifact.deleteMany({ where: { id, userId } })).count === 1;
}

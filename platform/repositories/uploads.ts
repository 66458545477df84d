import type { Readable } from 'node:stream';
import type { PoolClient } from 'pg';
import { MAX_UPLOADS } from '#contracts/limits';
import type { UploadKind } from '#contracts/uploads';
import { Prisma } from '#prisma/client';
import { CodedError } from '../coded-error.ts';
import type { Database, Transaction } from '../db.ts';
import { uuidv7 } from '../ids.ts';
import type { ArtifactStorage } from '../storage/artifact-storage.ts';
import { query, statement } from '../sql.ts';
import { after, pageOf, type Page, type Paged } from './paging.ts';

/** A person's files. Every look-up carries the owner: a foreign id finds nothing. */
export interface UploadRecord { id: string; userId: string; fileName: string; kind: UploadKind; fileSizeBytes: number; sha256: string; storageKey: string; columns: string[] | null; expiresAt: Date | null; createdAt: Date }

/** Folders of uploads in storage; artifacts lie in folders that are named by a run's id alone. */
export const UPLOAD_FOLDER = 'upload-';
export const uploadStorageKey = (id: string): string => `${UPLOAD_FOLDER}${id}/${uuidv7()}`;

const toRecord = (row: object): UploadRecord => ({ ...row, fileSizeBytes: Number((row as { fileSizeBytes: bigint }).fileSizeBytes) }) as UploadRecord;
const columnsForRow = (columns: string[] | null) => columns ?? Prisma.DbNull;
const expiryFrom = (retentionDays: number): Date | null => (retentionDays > 0 ? new Date(Date.now() + retentionDays * 86_400_000) : null);

export interface NewUpload { id: string; userId: string; fileName: string; kind: UploadKind; fileSizeBytes: number; sha256: string; storageKey: string; /** of a table */ columns: string[] | null }

/** Keeps a stored file. The same content and kind again is the upload that was there, with the new name and its time anew.
 * @returns the row, and whether it is new: the bytes of one that is not new are the caller's to remove
 * @throws CodedError PayloadTooLarge when the person's files would be more than the quota */
export async function keepUpload(tx: Transaction, upload: NewUpload, limits: { quotaBytes: number; retentionDays: number }): Promise<{ upload: UploadRecord; isNew: boolean }> {
  // One at a time for each person: two uploads at once must neither both pass the quota nor both be the first.
  await tx.$queryRaw`SELECT id FROM users WHERE id = ${upload.userId}::uuid FOR UPDATE`;
  const expiresAt = expiryFrom(limits.retentionDays);
  const same = await tx.upload.findUnique({ where: { userId_sha256_kind: { userId: upload.userId, sha256: upload.sha256, kind: upload.kind } } });
  if (same) return { upload: toRecord(await tx.upload.update({ where: { id: same.id }, data: { fileName: upload.fileName, columns: columnsForRow(upload.columns), expiresAt } })), isNew: false };
  const { _sum: sum, _count: count } = await tx.upload.aggregate({ where: { userId: upload.userId }, _sum: { fileSizeBytes: true }, _count: true });
  if (count >= MAX_UPLOADS) throw new CodedError('PayloadTooLarge', `You keep ${MAX_UPLOADS} uploads, which is the most.`, { remedy: 'Delete uploads that you no longer need.', errors: [{ pointer: '#/body', detail: 'does not fit into what you may keep' }] });
  if (Number(sum.fileSizeBytes ?? 0n) + upload.fileSizeBytes > limits.quotaBytes) {
    throw new CodedError('PayloadTooLarge', `Your uploads would be more than ${Math.round(limits.quotaBytes / 1_048_576)} MB.`, { remedy: 'Delete uploads that you no longer need.', errors: [{ pointer: '#/body', detail: 'does not fit into what you may keep' }] });
  }
  return { upload: toRecord(await tx.upload.create({ data: { ...upload, columns: columnsForRow(upload.columns), fileSizeBytes: BigInt(upload.fileSizeBytes), expiresAt } })), isNew: true };
}

export async function listUploads(db: Database, userId: string, filter: { kind?: UploadKind | undefined }, page: Page): Promise<Paged<UploadRecord>> {
  const where = { userId, ...(filter.kind ? { kind: filter.kind } : {}) };
  const [total, rows] = await Promise.all([
    db.upload.count({ where }),
    db.upload.findMany({ where: { AND: [where, after(page)] }, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], skip: page.skip, take: page.limit + 1 }),
  ]);
  return pageOf(rows.map(toRecord), total, page);
}

export async function findUpload(db: Database | Transaction, userId: string, id: string): Promise<UploadRecord | null> {
  const row = await db.upload.findFirst({ where: { id, userId } });
  return row ? toRecord(row) : null;
}

export async function findUploads(db: Database | Transaction, userId: string, ids: readonly string[]): Promise<UploadRecord[]> {
  return (await db.upload.findMany({ where: { userId, id: { in: [...ids] } } })).map(toRecord);
}

const RENEW = statement('UPDATE uploads SET expires_at = $3::timestamptz WHERE user_id = $1::uuid AND id = ANY($2::uuid[]) RETURNING id');

/** A run uses them: their time begins anew. @returns false when one of them is gone */
export async function renewUploads(client: PoolClient, userId: string, ids: readonly string[], retentionDays: number): Promise<boolean> {
  if (ids.length === 0) return true;
  return (await query<{ id: string }>(client, RENEW, [userId, [...ids], expiryFrom(retentionDays)])).length === ids.length;
}

/** @returns the key of its bytes, null when the person has no such upload
 * @throws CodedError Conflict while a run that has not ended names it */
export async function deleteUpload(tx: Transaction, userId: string, id: string): Promise<string | null> {
  // A run that begins renews this row before it is written itself: who waits here for it, finds it below.
  await tx.$queryRaw`SELECT id FROM uploads WHERE id = ${id}::uuid AND user_id = ${userId}::uuid FOR UPDATE`;
  const upload = await findUpload(tx, userId, id);
  if (!upload) return null;
  const [using] = await tx.$queryRaw<{ id: string }[]>`SELECT id FROM runs WHERE user_id = ${userId}::uuid AND completed_at IS NULL AND position(${upload.id} IN lower(inputs::text)) > 0 LIMIT 1`;
  if (using) throw new CodedError('Conflict', `Run ${using.id} is using ${upload.fileName}.`, { remedy: 'Wait for the end of that run, or cancel it.' });
  await tx.upload.deleteMany({ where: { id, userId } });
  return upload.storageKey;
}

/** Deletes rows past their time that no unfinished run names, at most `limit`. @returns the keys of their bytes */
export async function deleteExpiredUploads(tx: Transaction, limit: number): Promise<string[]> {
  const gone = await tx.$queryRaw<{ key: string }[]>`DELETE FROM uploads WHERE id IN (
    SELECT id FROM uploads WHERE expires_at <= now() AND NOT EXISTS (SELECT 1 FROM runs WHERE runs.user_id = uploads.user_id AND runs.completed_at IS NULL AND position(uploads.id::text IN lower(runs.inputs::text)) > 0) ORDER BY expires_at LIMIT ${limit}
  ) AND expires_at <= now() RETURNING storage_key AS key`;
  return gone.map(({ key }) => key);
}

/** Which of these uploads exist. */
export async function existingUploads(db: Database, ids: readonly string[]): Promise<Set<string>> {
  return new Set((await db.upload.findMany({ where: { id: { in: [...ids] } }, select: { id: true } })).map(({ id }) => id));
}

/** What the tools see of uploads. */
export interface ReadableUpload { id: string; fileName: string; kind: UploadKind; sha256: string; sizeBytes: number; open(): Promise<Readable> }

/** Uploads of the owner of a run, for the tools. */
export function createUploadReader(db: Database, storage: Pick<ArtifactStorage, 'get'>): (owner: { userId: string }, id: string) => Promise<ReadableUpload | null> {
  return async ({ userId }, id) => {
    const upload = await findUpload(db, userId, id);
    if (!upload) return null;
    const { fileName, kind, sha256, fileSizeBytes, storageKey } = upload;
    return { id, fileName, kind, sha256, sizeBytes: fileSizeBytes, open: async () => (await storage.get(storageKey)).stream };
  };
}

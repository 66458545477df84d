import { CodedError, notFound } from '#platform/coded-error';
import type { Database } from '#platform/db';
import { addLogFields } from '#platform/log-fields';
import { findArtifact, type ArtifactRecord } from '#platform/repositories/artifact-queries';

/** @throws CodedError NotFound, also for another person's file */
export async function requireArtifact(db: Database, userId: string, id: string): Promise<ArtifactRecord> {
  const artifact = await findArtifact(db, userId, id);
  if (!artifact) throw notFound('This file');
  addLogFields({ run_id: artifact.runId });
  return artifact;
}

/** @throws CodedError NotFound; Gone, with the date, once the retention rule has taken the bytes */
export async function requireStoredArtifact(db: Database, userId: string, id: string): Promise<ArtifactRecord> {
  const artifact = await requireArtifact(db, userId, id);
  if (artifact.expiredAt) throw new CodedError('Gone', `${artifact.fileName} was kept until ${artifact.expiresAt?.toISOString().slice(0, 10) ?? 'its day'} and was removed on ${artifact.expiredAt.toISOString().slice(0, 10)}; its name, size and hash stay.`);
  return artifact;
}

import { notFound } from '#platform/coded-error';
import type { Database } from '#platform/db';
import { findArtifact, type ArtifactRecord } from '#platform/repositories/artifact-queries';

/** @throws CodedError NotFound, also for another person's file */
export async function requireArtifact(db: Database, userId: string, id: string): Promise<ArtifactRecord> {
  const artifact = await findArtifact(db, userId, id);
  if (!artifact) throw notFound('This file');
  return artifact;
}

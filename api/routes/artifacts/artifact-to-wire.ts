import type { ArtifactWire } from '#contracts/api/artifacts.schema';
import type { ArtifactRecord } from '#platform/repositories/artifact-queries';

/** Without the storage key: where bytes lie is nobody's business but the server's. */
export const artifactToWire = (row: ArtifactRecord): ArtifactWire => ({
  id: row.id, run_id: row.runId, artifact_type: row.artifactType, file_name: row.fileName, mime_type: row.mimeType, file_size_bytes: row.fileSizeBytes, sha256: row.sha256, stage: row.stage,
  step_index: row.stepIndex, summary: row.summary, expires_at: row.expiresAt?.toISOString() ?? null, expired_at: row.expiredAt?.toISOString() ?? null, created_at: row.createdAt.toISOString(),
});

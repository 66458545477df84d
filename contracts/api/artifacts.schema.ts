import { z } from 'zod';
import { PagingQuery, StageSchema, Timestamp, Uuid } from './common.schema.ts';

export const ArtifactSchema = z.object({
  id: Uuid, run_id: Uuid, artifact_type: z.string(), file_name: z.string(), mime_type: z.string(), file_size_bytes: z.int(), sha256: z.string(),
  stage: StageSchema.nullable(), step_index: z.int().nullable(), summary: z.string().nullable(), expires_at: Timestamp.nullable(), /** since when the bytes are gone by the retention rule */ expired_at: Timestamp.nullable(), created_at: Timestamp,
}).meta({ id: 'Artifact' });
export type ArtifactWire = z.infer<typeof ArtifactSchema>;

export const ArtifactParams = z.strictObject({ id: Uuid });
export const ArtifactsQuery = z.strictObject({ ...PagingQuery, run_id: Uuid.optional(), artifact_type: z.string().max(50).optional() });
export const ArtifactContentSchema = z.object({ artifact_id: Uuid, file_name: z.string(), mime_type: z.string(), content: z.string() }).meta({ id: 'ArtifactContent' });

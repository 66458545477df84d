import type { UploadWire } from '#contracts/api/uploads.schema';
import { UPLOAD_KIND_INFO } from '#contracts/uploads';
import type { UploadRecord } from '#platform/repositories/uploads';

/** Without the storage key: where bytes lie is nobody's business but the server's. */
export const uploadToWire = (row: UploadRecord): UploadWire => ({
  id: row.id, file_name: row.fileName, kind: row.kind, mime_type: UPLOAD_KIND_INFO[row.kind].mimeType, file_size_bytes: row.fileSizeBytes, sha256: row.sha256, columns: row.columns, expires_at: row.expiresAt?.toISOString() ?? null, created_at: row.createdAt.toISOString(),
});

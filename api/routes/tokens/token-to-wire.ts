import type { ApiTokenRecord } from '#platform/repositories/api-tokens';

export const tokenToWire = (record: ApiTokenRecord) => ({
  id: record.id, name: record.name, public_id: record.publicId, scopes: record.scopes, expires_at: record.expiresAt?.toISOString() ?? null, last_used_at: record.lastUsedAt?.toISOString() ?? null,
  created_at: record.createdAt.toISOString(),
});

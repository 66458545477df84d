import type { SessionWire } from '#contracts/api/session.schema';
import type { Role } from '#contracts/permissions';
import type { Config } from '#platform/config';
import type { Principal } from '../../endpoint.ts';

export function sessionToWire(principal: Principal, config: Pick<Config, 'AWP_ENV' | 'AWP_UPLOAD_MAX_BYTES'>): SessionWire {
  return {
    user: { id: principal.userId, name: principal.name, email: principal.email, role: principal.role as Role }, kind: principal.kind, permissions: [...principal.permissions],
    expires_at: principal.expiresAt?.toISOString() ?? null, environment: config.AWP_ENV, upload_max_bytes: config.AWP_UPLOAD_MAX_BYTES,
  };
}

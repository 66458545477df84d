import type { SessionWire } from '#contracts/api/session.schema';
import type { Role } from '#contracts/permissions';
import type { Principal } from '../../endpoint.ts';

export function sessionToWire(principal: Principal, environment: SessionWire['environment']): SessionWire {
  return {
    user: { id: principal.userId, name: principal.name, email: principal.email, role: principal.role as Role }, kind: principal.kind, permissions: [...principal.permissions],
    expires_at: principal.expiresAt?.toISOString() ?? null, environment,
  };
}

import { PERMISSIONS, type Permission, type ROLES } from '#contracts/api/session.schema';
import type { RunMode } from '#contracts/runs';

/** The one table of who may do what. A role that is not listed has nothing. */
export type Role = (typeof ROLES)[number];

const STUDENT: readonly Permission[] = [
  'workflow:read', 'workflow:run:validate', 'workflow:run:test', 'run:read', 'run:cancel', 'run:decide', 'run:delete', 'artifact:read', 'artifact:delete', 'upload:read', 'upload:write', 'secret:read', 'secret:write', 'token:read', 'token:write',
];
export const ROLE_PERMISSIONS: Record<Role, readonly Permission[]> = {
  student: STUDENT,
  researcher: [...STUDENT, 'workflow:run:full'],
  admin: PERMISSIONS,
};

export const MODE_PERMISSION: Record<RunMode, Permission> = { validate_only: 'workflow:run:validate', test_run: 'workflow:run:test', full_run: 'workflow:run:full' };

/** What somebody with this role may do; a token's scopes can only narrow it. Empty scopes = everything the role has. */
export function permissionsOf(role: string, scopes: readonly string[] = []): ReadonlySet<Permission> {
  const granted = Object.hasOwn(ROLE_PERMISSIONS, role) ? ROLE_PERMISSIONS[role as Role] : [];
  return new Set(scopes.length === 0 ? granted : granted.filter((permission) => scopes.includes(permission)));
}

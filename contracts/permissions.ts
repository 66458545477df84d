import type { RunMode, Stage } from './runs.ts';

/** Who may do what: the one table. The API asks it on each request, activities ask it again when they start. A role that is
 * not listed has nothing; a permission that is not listed is nobody's. */
export const ROLES = ['student', 'researcher', 'admin'] as const;
export type Role = (typeof ROLES)[number];

export const PERMISSIONS = [
  'workflow:read', 'workflow:write', 'workflow:publish', 'workflow:run:validate', 'workflow:run:test', 'workflow:run:full', 'run:read', 'run:cancel', 'run:decide', 'run:delete', 'artifact:read', 'artifact:delete', 'upload:read', 'upload:write',
  'secret:read', 'secret:write', 'token:read', 'token:write', 'webhook:read', 'webhook:write', 'usage:read', 'users:manage', 'runs:view:all', 'settings:manage', 'audit:read',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

const STUDENT: readonly Permission[] = [
  'workflow:read', 'workflow:write', 'workflow:run:validate', 'workflow:run:test', 'run:read', 'run:cancel', 'run:decide', 'run:delete', 'artifact:read', 'artifact:delete', 'upload:read', 'upload:write', 'secret:read', 'secret:write', 'token:read', 'token:write', 'webhook:read', 'webhook:write', 'usage:read',
];
export const ROLE_PERMISSIONS: Record<Role, readonly Permission[]> = {
  student: STUDENT,
  researcher: [...STUDENT, 'workflow:run:full', 'workflow:publish'],
  admin: PERMISSIONS,
};

export const MODE_PERMISSION: Record<RunMode, Permission> = { validate_only: 'workflow:run:validate', test_run: 'workflow:run:test', full_run: 'workflow:run:full' };
/** What a person needs while a stage of their run works: taken away in between, its next step is refused. */
export const STAGE_PERMISSION: Record<Stage, Permission> = { validate: 'workflow:run:validate', test: 'workflow:run:test', full: 'workflow:run:full' };

/** What somebody with this role may do; a token's scopes can only narrow it. Empty scopes = everything the role has. */
export function permissionsOf(role: string, scopes: readonly string[] = []): ReadonlySet<Permission> {
  const granted = Object.hasOwn(ROLE_PERMISSIONS, role) ? ROLE_PERMISSIONS[role as Role] : [];
  return new Set(scopes.length === 0 ? granted : granted.filter((permission) => scopes.includes(permission)));
}

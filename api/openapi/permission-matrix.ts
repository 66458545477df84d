import { ROLE_PERMISSIONS, ROLES, type Permission, type Role } from '#contracts/permissions';
import type { openApiDocument } from './document.ts';

/** Who may call what, read from the OpenAPI document: `docs/security/permissions.md` is this table, and a test asks the running
 * server for every cell. Nothing that is not in the table may be served. */
export const CALLERS = ['anonymous', ...ROLES] as const;
export type Caller = (typeof CALLERS)[number];
/** What a caller meets: the handler, or the status of the refusal. */
export type Verdict = 'yes' | 401 | 403;
export interface MatrixRow { operationId: string; method: string; path: string; /** `public`, `signed-in`, `operator` or the permission, which is also the scope a token needs */ needs: string; /** further permissions it needs besides */ alsoNeeds: Permission[]; verdicts: Record<Caller, Verdict> }

const METHODS = ['get', 'post', 'put', 'delete'] as const;

export function permissionMatrix(document: ReturnType<typeof openApiDocument>): MatrixRow[] {
  return Object.entries(document.paths ?? {}).flatMap(([path, item]) => METHODS.flatMap((method) => {
    const operation = item?.[method];
    if (!operation) return [];
    const { 'x-permission': needs, 'x-also-needs': alsoNeeds = [] } = operation as unknown as { 'x-permission': string; 'x-also-needs'?: Permission[] };
    return [{ operationId: operation.operationId ?? '', method: method.toUpperCase(), path, needs, alsoNeeds, verdicts: Object.fromEntries(CALLERS.map((caller) => [caller, verdictFor(needs, alsoNeeds, caller)])) as MatrixRow['verdicts'] }];
  }));
}

/** As in production: what is `operator` there is open on a local machine. */
function verdictFor(needs: string, alsoNeeds: readonly Permission[], caller: Caller): Verdict {
  if (needs === 'public') return 'yes';
  if (caller === 'anonymous') return 401;
  if (needs === 'signed-in') return 'yes';
  return [(needs === 'operator' ? 'settings:manage' : needs) as Permission, ...alsoNeeds].every((permission) => holds(caller, permission)) ? 'yes' : 403;
}

const holds = (role: Role, permission: Permission): boolean => ROLE_PERMISSIONS[role].includes(permission);

export function matrixMarkdown(rows: readonly MatrixRow[]): string {
  const shown = { yes: 'yes', 401: '401', 403: '403' } as const;
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    '# Who may call what', '',
    'Written by `node api/openapi/write.ts` from the OpenAPI document; a test asks the running server for each cell. What is not listed here is not served.',
    'An API token may do what its owner may, narrowed to its scopes: for a call it needs the scope in the column *needs*. `signed-in`: any session or token. `operator`: open on a local machine, `settings:manage` in production.',
    'Starting a run needs `workflow:read` for the address, and for its mode `workflow:run:validate`, `workflow:run:test` or `workflow:run:full`; that right is read again each time an activity of the run starts. A thing of somebody else is 404, in path, query and body alike.', '',
    line(['operation', 'address', 'needs', ...CALLERS]), line(['---', '---', '---', ...CALLERS.map(() => '---')]),
    ...rows.map((row) => line([row.operationId, `\`${row.method} ${row.path}\``, [row.needs, ...row.alsoNeeds].join(', '), ...CALLERS.map((caller) => shown[row.verdicts[caller]])])), '',
    '## Permissions of the roles', '', line(['permission', ...ROLES]), line(['---', ...ROLES.map(() => '---')]),
    ...ROLE_PERMISSIONS.admin.map((permission) => line([`\`${permission}\``, ...ROLES.map((role) => (holds(role, permission) ? 'yes' : 'no'))])), '',
  ].join('\n');
}

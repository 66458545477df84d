import { permissionsOf, STAGE_PERMISSION } from '#contracts/permissions';
import type { Stage } from '#contracts/runs';
import { CodedError } from '../coded-error.ts';
import type { Database } from '../db.ts';
import { query, statement } from '../sql.ts';

const STANDING = statement('SELECT role, is_active AS "isActive" FROM users WHERE id = $1');

/** What somebody may do at this moment, read anew. A person who is disabled or gone has no role. */
export async function roleOf(db: Database, userId: string): Promise<string | null> {
  const [row] = await query<{ role: string; isActive: boolean }>(db.pool, STANDING, [userId]);
  return row?.isActive ? row.role : null;
}

/** Control C12: a run acts as the person who started it, with the rights that person has now, not those of the start.
 * @throws CodedError PermissionDenied, which ends the run with what it has made so far */
export async function requireStageRight(db: Database, userId: string, stage: Stage): Promise<void> {
  const role = await roleOf(db, userId);
  if (role === null) throw new CodedError('PermissionDenied', 'The account that started this run is switched off.', { remedy: 'An administrator can switch it on again; then run it again.' });
  const needed = STAGE_PERMISSION[stage];
  if (!permissionsOf(role).has(needed)) throw new CodedError('PermissionDenied', `The role ${role} does not have ${needed} (any more).`, { remedy: 'Ask an administrator for the role it needs, then run it again.' });
}

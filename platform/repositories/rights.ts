import type { Pool } from 'pg';
import type { BudgetRule } from '#contracts/budgets';
import { permissionsOf, STAGE_PERMISSION } from '#contracts/permissions';
import type { ProviderId } from '#contracts/providers';
import { decideRun, STAGE_MODE, type RunRule } from '#contracts/run-policy';
import type { Stage } from '#contracts/runs';
import { CodedError } from '../coded-error.ts';
import type { Database } from '../db.ts';
import { gathered, oneFor } from '../gather.ts';
import { query, statement } from '../sql.ts';
import type { Pause } from './workspace-settings.ts';

/** What holds for somebody at this moment: role, budgets, policy, kill switch. One read, shared by all who ask before it begins. */
export interface Standing { role: string; budgets: BudgetRule[]; rules: RunRule[]; /** an administrator has paused all model calls */ pause: Pause | null }

const STANDING = statement(`
  SELECT u.id, u.role, u.is_active AS "isActive",
    (SELECT json_agg(json_build_object('id', b.id, 'scope', b.scope, 'scopeKey', b.scope_key, 'period', b.period, 'metric', b.metric, 'limit', b.limit_value) ORDER BY b.scope, b.period, b.metric)
      FROM budgets b WHERE b.scope = 'workspace' OR (b.scope = 'role' AND b.scope_key = u.role) OR (b.scope = 'user' AND b.scope_key = u.id::text)) AS budgets,
    (SELECT p.rules FROM run_policies p ORDER BY p.version DESC LIMIT 1) AS rules,
    (SELECT s.value FROM workspace_settings s WHERE s.name = 'pause') AS pause
  FROM users u WHERE u.id = ANY($1::uuid[])`);
interface StandingRow { id: string; role: string; isActive: boolean; budgets: BudgetRule[] | null; rules: RunRule[] | null; pause: Pause | null }
const rowOf = oneFor((pool: Pool) => gathered(async (userIds: readonly string[]) => new Map((await query<StandingRow>(pool, STANDING, [userIds])).map((row) => [row.id, row]))));

/** @returns null for a person who is switched off or gone */
export async function standingOf(db: Database, userId: string): Promise<Standing | null> {
  const row = await rowOf(db.pool)(userId);
  return row?.isActive ? { role: row.role, budgets: row.budgets ?? [], rules: row.rules ?? [], pause: row.pause } : null;
}

/** Control C12: a run acts as the person who started it, with the rights that person has now, not those of the start.
 * @param use  what is about to be called, for the policy; null for what calls no provider
 * @throws CodedError PermissionDenied, which ends the run with what it has made so far */
export async function requireStageRight(db: Database, userId: string, stage: Stage, use: { workflowId: string; provider: ProviderId } | null): Promise<Standing> {
  const standing = await standingOf(db, userId);
  if (!standing) throw new CodedError('PermissionDenied', 'The account that started this run is switched off.', { remedy: 'An administrator can switch it on again; then run it again.' });
  const needed = STAGE_PERMISSION[stage];
  if (!permissionsOf(standing.role).has(needed)) throw new CodedError('PermissionDenied', `The role ${standing.role} does not have ${needed} (any more).`, { remedy: 'Ask an administrator for the role it needs, then run it again.' });
  if (use && stage !== 'validate') {
    const decision = decideRun({ role: standing.role, workflowId: use.workflowId, mode: STAGE_MODE[stage], provider: use.provider }, standing.rules);
    if (!decision.allowed) throw new CodedError('PermissionDenied', decision.reason, { remedy: 'Choose another provider or mode, or ask an administrator.' });
  }
  return standing;
}

import { Context } from '@temporalio/activity';
import type { ProviderId } from '#contracts/providers';
import type { Stage } from '#contracts/runs';
import { requireStageRight, type Standing } from '#platform/repositories/rights';
import type { ActivityDeps } from './deps.ts';
import { classify, toFailure } from './failures.ts';

/** Asked at the start of every activity that spends or reaches out. What only keeps what there is (files, events, the finish)
 * is done for whoever the run belongs to.
 * @returns what holds for the person now
 * @throws ApplicationFailure PermissionDenied (final), ServiceUnavailable while the database is away */
export async function requireRights(deps: Pick<ActivityDeps, 'db' | 'config'>, { userId, stage, step, slug, provider }: { userId: string; stage: Stage; step: string | null; slug: string; /** whom it will call; none for a tool */ provider?: ProviderId }): Promise<Standing> {
  try {
    return await requireStageRight(deps.db, userId, stage, provider ? { workflowId: slug, provider } : null);
  } catch (error) {
    throw toFailure(classify(error, () => Context.current().info.attempt, deps.config.AWP_RETRY_BASE_MS), step);
  }
}

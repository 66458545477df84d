import { Context } from '@temporalio/activity';
import type { Stage } from '#contracts/runs';
import { requireStageRight } from '#platform/repositories/rights';
import type { ActivityDeps } from './deps.ts';
import { classify, toFailure } from './failures.ts';

/** Asked at the start of every activity that spends or reaches out. What only keeps what there is (files, events, the finish)
 * is done for whoever the run belongs to.
 * @throws ApplicationFailure PermissionDenied (final), ServiceUnavailable while the database is away */
export async function requireRights(deps: Pick<ActivityDeps, 'db' | 'config'>, { userId, stage, step }: { userId: string; stage: Stage; step: string | null }): Promise<void> {
  try {
    await requireStageRight(deps.db, userId, stage);
  } catch (error) {
    throw toFailure(classify(error, () => Context.current().info.attempt, deps.config.AWP_RETRY_BASE_MS), step);
  }
}

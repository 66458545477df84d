import { ApplicationFailure, Context } from '@temporalio/activity';
import { isDatabaseAway } from '#platform/database-errors';
import type { ActivityDeps } from './deps.ts';
import { isCancelled, toFailure, unforeseenBehind } from './failures.ts';

/** Temporal's own number of tries is wide, for workers that stop (POLICY_ATTEMPTS). An error that no activity classed is nothing that
 * time mends: it has this many. */
const UNFORESEEN_TRIES = 10;

/** The same activity, whose unforeseen errors end: after the last of their tries they are `Internal`, and in the worker's log. An
 * activity that made `Internal` of one itself has it in the log as well, at each try: the failure says so, and keeps no word of it. */
export function boundUnforeseen<Request, Answer>({ logger }: Pick<ActivityDeps, 'logger'>, work: (request: Request) => Promise<Answer>): (request: Request) => Promise<Answer> {
  return async (request) => {
    try {
      return await work(request);
    } catch (error) {
      const behind = unforeseenBehind(error);
      const { cancellationSignal, info: { attempt, activityType } } = Context.current();
      if (behind && !cancellationSignal.aborted) logger.error({ err: behind, activity: activityType }, 'an activity failed unexpectedly');
      if (error instanceof ApplicationFailure || isCancelled(error) || cancellationSignal.aborted || isDatabaseAway(error) || attempt < UNFORESEEN_TRIES) throw error;
      logger.error({ err: error, activity: activityType }, 'an activity failed unexpectedly, again and again');
      throw toFailure({ code: 'Internal', detail: 'An unexpected error; it is in the worker\'s log.', delayMs: null }, null);
    }
  };
}

import { Context } from '@temporalio/activity';
import { TURN_TAKEN_LATER } from '#contracts/governance';
import { callId, type CompleteRequest } from '#contracts/workflow';
import type { BreakerKey } from '#platform/repositories/provider-health';
import { takeTurn } from '#platform/repositories/provider-turns';
import type { ActivityDeps } from './deps.ts';
import { toFailure } from './failures.ts';

/** A wait as short as this is slept through in the activity; a longer one is the workflow's, which holds no worker for it. */
const SHORT_WAIT_MS = 1_000;

/** Whether a call with this provider's key needs a turn. */
export const isPaced = (deps: Pick<ActivityDeps, 'config'>, provider: CompleteRequest['provider']): boolean => deps.config.providers[provider].requestsPerMinute !== undefined;

/** Returns when the call may be made now. A cancel ends the wait at once. @param possiblyBilled earlier tries of the call that may have been charged
 * @throws ApplicationFailure RateLimited, final, with `notBeforeMs`: the workflow waits till then and calls again */
export async function awaitTurn({ db, config }: Pick<ActivityDeps, 'db' | 'config'>, key: BreakerKey, request: CompleteRequest, possiblyBilled: number): Promise<void> {
  const perMinute = config.providers[key.provider].requestsPerMinute;
  if (perMinute === undefined) return;
  const turn = { callId: `${request.runId}/${callId(request)}`, userId: request.userId };
  for (let sleptMs = 0; ;) {
    const answer = await takeTurn(db, key, turn, perMinute);
    if (answer.granted) return;
    if (sleptMs + answer.waitMs > SHORT_WAIT_MS) {
      const whose = key.keyOwner === 'workspace' ? 'the key of this installation' : 'your key';
      throw toFailure({ code: TURN_TAKEN_LATER, detail: `${key.provider} takes ${perMinute} calls a minute with ${whose}: rate-limited until ${answer.dueAt.toISOString().slice(11, 19)} UTC`, delayMs: null, notBeforeMs: Date.now() + answer.waitMs, possiblyBilled }, request.step);
    }
    sleptMs += answer.waitMs;
    await Context.current().sleep(answer.waitMs);
  }
}

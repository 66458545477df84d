import type { ApplicationFailure } from '@temporalio/activity';
import { TURN_TAKEN_LATER } from '#contracts/governance';
import type { Pause } from '#platform/repositories/workspace-settings';
import { toFailure } from './failures.ts';

/** How often a paused run looks again: after a tenth of the pause so far, so that a long one writes little history. */
const [SOONEST_MS, LATEST_MS] = [2_000, 300_000];

/** The kill switch, asked before each model call; what is under way ends by itself.
 * @param possiblyBilled earlier tries of the call that may have been charged
 * @returns RateLimited, final, with `notBeforeMs` and `waitReason`: the run waits durably, holds no worker, and asks again */
export function pausedFailure(pause: Pause, step: string, possiblyBilled: number): ApplicationFailure {
  const waitMs = Math.min(LATEST_MS, Math.max(SOONEST_MS, (Date.now() - pause.since) / 10));
  return toFailure({ code: TURN_TAKEN_LATER, detail: `An administrator has paused all model calls: ${pause.reason}`, delayMs: null, notBeforeMs: Date.now() + waitMs, waitReason: 'pause', possiblyBilled }, step);
}

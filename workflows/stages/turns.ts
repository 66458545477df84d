import { ActivityFailure, ApplicationFailure } from '@temporalio/workflow';
import { TURN_TAKEN_LATER } from '#contracts/governance';
import type { WaitReason } from '#contracts/runs';
import type { StageRoom } from './step.ts';
import type { Waits } from './waiting.ts';

/** A call whose key is at its rate limit, or while an administrator has paused all calls, is not made: the run waits, durably and without holding a worker, until its turn comes,
 * and asks again. Shown to the person with the time; it fails nothing and is no outage. */
export class Turns {
  readonly #waits: Waits;
  #count = 0;

  constructor(waits: Waits) {
    this.#waits = waits;
  }

  /** @returns false when the failure is about something else; true once the time has come to ask again @throws CancelledFailure */
  async waitedFor(failure: unknown, site: { stage: StageRoom['stage']; step: string }): Promise<boolean> {
    const cause = failure instanceof ActivityFailure && failure.cause instanceof ApplicationFailure ? failure.cause : null;
    if (cause?.type !== TURN_TAKEN_LATER) return false;
    const { notBeforeMs = Date.now(), waitReason = 'rate_limit' } = (cause.details?.[0] ?? {}) as { notBeforeMs?: number; waitReason?: WaitReason };
    this.#count += 1;
    await this.#waits.wait({ id: `rate-${this.#count}`, reason: waitReason, ...site, detail: cause.message, endsAtMs: notBeforeMs, nextTryAtMs: notBeforeMs, settled: () => false });
    return true;
  }
}

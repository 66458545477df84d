import { ActivityFailure, ApplicationFailure, condition, isCancellation } from '@temporalio/workflow';
import { isAvailabilityCode, type FallbackTarget } from '#contracts/governance';
import type { RunRequest } from '#contracts/workflow';
import type { EventLog } from './event-log.ts';
import type { StageRoom } from './step.ts';
import type { Waits } from './waiting.ts';

/** Whom a call goes to. `epoch` grows with each change, so that a lane that failed on an older choice just tries again. */
export interface Target extends FallbackTarget { epoch: number; /** why it is not the run's own provider */ fallbackReason?: string }

/** First wait in retry delays; it doubles up to a minute. */
const FIRST_WAIT_RETRIES = 5;
const LONGEST_WAIT_MS = 60_000;

/** Where model calls of a run go (guarantee G12): its own provider; when that is away, the opt-in chain in order; when all are
 * away, the run waits with growing distances up to the limit it was given, then fails with the vendor's own code. Without
 * opt-in the chain holds one provider and no other is ever called. */
export class ProviderChain {
  readonly #targets: readonly FallbackTarget[];
  readonly #waits: Waits;
  readonly #log: EventLog;
  readonly #timings: RunRequest['timings'];
  #index = 0;
  #epoch = 0;
  #reason: string | undefined;
  #outage: { sinceMs: number; tries: number } | null = null;
  #waiting: { closed: boolean } | null = null;
  #waitCount = 0;

  constructor(request: RunRequest, waits: Waits, log: EventLog) {
    this.#targets = [{ provider: request.provider, model: request.model, price: request.price }, ...(request.fallback ?? [])];
    this.#waits = waits;
    this.#log = log;
    this.#timings = request.timings;
  }

  get current(): Target {
    return { ...(this.#targets[this.#index] as FallbackTarget), epoch: this.#epoch, ...(this.#index > 0 && this.#reason ? { fallbackReason: this.#reason } : {}) };
  }

  succeeded(): void {
    this.#outage = null;
  }

  /** Decides what a failed call means. Returns when the call may be made again, under its next ordinal.
   * @throws the failure itself when nothing is left to try, or when it is no matter of availability */
  async afterFailure(used: Target, failure: unknown, site: { stage: StageRoom['stage']; step: string }): Promise<void> {
    const cause = failure instanceof ActivityFailure && !isCancellation(failure) && failure.cause instanceof ApplicationFailure ? failure.cause : null;
    if (!cause || !isAvailabilityCode(cause.type)) throw failure;
    if (this.#waiting) {
      const open = this.#waiting;
      await condition(() => open.closed);
      return;
    }
    if (used.epoch !== this.#epoch) return;
    const next = this.#targets[this.#index + 1];
    if (next) {
      this.#reason = `${used.provider}: ${cause.type}`;
      this.#move(this.#index + 1, cause.type ?? 'ProviderUnavailable', cause.message, site);
      return;
    }
    await this.#waitOut(used, failure, cause, site);
  }

  async #waitOut(used: Target, failure: unknown, cause: ApplicationFailure, site: { stage: StageRoom['stage']; step: string }): Promise<void> {
    const now = Date.now();
    const outage = (this.#outage ??= { sinceMs: now, tries: 0 });
    const limitMs = outage.sinceMs + this.#timings.outageWaitMs;
    if (now >= limitMs) throw failure;
    const backoffMs = Math.min(this.#timings.retryBaseMs * FIRST_WAIT_RETRIES * 2 ** outage.tries, LONGEST_WAIT_MS);
    const { notBeforeMs = 0 } = (cause.details?.[0] ?? {}) as { notBeforeMs?: number };
    const nextMs = Math.min(Math.max(now + backoffMs, notBeforeMs), limitMs);
    outage.tries += 1;
    this.#waitCount += 1;
    const waiting = { closed: false };
    this.#waiting = waiting;
    try {
      await this.#waits.wait({ id: `provider-${this.#waitCount}`, reason: 'provider', ...site, detail: `${cause.message}.`, endsAtMs: nextMs, untilMs: limitMs, nextTryAtMs: nextMs, settled: () => false });
    } finally {
      waiting.closed = true;
      this.#waiting = null;
    }
    if (this.#index > 0) this.#move(0, 'try_again', `${used.provider} is away too; the chain starts anew.`, site);
    else this.#epoch += 1;
  }

  #move(index: number, reason: string, detail: string, site: { stage: StageRoom['stage']; step: string }): void {
    const from = this.#targets[this.#index] as FallbackTarget;
    const to = this.#targets[index] as FallbackTarget;
    this.#index = index;
    this.#epoch += 1;
    this.#log.emit({ type: 'provider-switch', ...site, data: { from: { provider: from.provider, model: from.model }, to: { provider: to.provider, model: to.model }, reason, detail } });
  }
}

import { condition, setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import type { BudgetNeed, NewRunEvent } from '#contracts/run-events';
import type { Stage, WaitReason } from '#contracts/runs';
import type { StageClock } from './clock.ts';
import type { EventLog } from './event-log.ts';
import type { RunActivities } from './proxies.ts';

export const STAGE_ATTRIBUTE = { name: 'Stage', type: 'KEYWORD' } as const;
export const STATUS_ATTRIBUTE = { name: 'Status', type: 'KEYWORD' } as const;

export interface WaitSpec {
  /** unique in the run; decisions are bound to it */
  id: string;
  reason: WaitReason;
  stage: Stage;
  step?: string;
  /** one sentence that the person reads */
  detail: string;
  /** ms since 1970: the wait ends then, whatever happens */
  endsAtMs: number;
  /** what the person sees as the end, when this wait is one of several up to a limit */
  untilMs?: number;
  nextTryAtMs?: number;
  budget?: BudgetNeed;
  settled(): boolean;
  /** grows when something happened that the log should show at once */
  progress?(): number;
  /** called once when its time has come and the wait is still open */
  reminder?: { atMs: number; send(): Promise<void> };
}

type WaitStart = Extract<NewRunEvent, { type: 'wait-start' }>;
const iso = (ms: number): string => new Date(ms).toISOString();

/** The one way in which a run waits: durable, bounded by a timer, cancellable at any moment, shown as `waiting` in the log, the
 * row and Temporal Web, and outside the stage's active time. Several waits may be open at once (parallel steps). */
export class Waits {
  /** of the stage that runs now */
  clock: StageClock | null = null;
  readonly #runId: string;
  readonly #log: EventLog;
  readonly #activities: RunActivities;
  readonly #open = new Map<string, WaitStart>();

  constructor(runId: string, log: EventLog, activities: RunActivities) {
    this.#runId = runId;
    this.#log = log;
    this.#activities = activities;
  }

  /** @returns true when settled, false when the time was over first @throws CancelledFailure */
  async wait(spec: WaitSpec): Promise<boolean> {
    const clock = this.clock;
    clock?.pause();
    this.#begin(spec);
    let outcome: 'settled' | 'expired' | 'stopped' = 'stopped';
    try {
      await this.#untilSettled(spec);
      outcome = spec.settled() ? 'settled' : 'expired';
      return outcome === 'settled';
    } finally {
      this.#end(spec, outcome);
      clock?.resume();
    }
  }

  async #untilSettled(spec: WaitSpec): Promise<void> {
    let { reminder } = spec;
    for (;;) {
      const seen = spec.progress?.() ?? 0;
      await this.#record();
      const endsMs = reminder ? Math.min(reminder.atMs, spec.endsAtMs) : spec.endsAtMs;
      const leftMs = endsMs - Date.now();
      if (spec.settled() || (leftMs <= 0 && !reminder)) return;
      const changed = leftMs > 0 && await condition(() => spec.settled() || (spec.progress?.() ?? 0) !== seen, leftMs);
      if (spec.settled()) return;
      if (changed) continue;
      if (!reminder) return;
      await reminder.send();
      reminder = undefined;
    }
  }

  #begin(spec: WaitSpec): void {
    const event: WaitStart = {
      type: 'wait-start', stage: spec.stage, step: spec.step ?? null,
      data: {
        wait_id: spec.id, reason: spec.reason, detail: spec.detail, until: iso(spec.untilMs ?? spec.endsAtMs),
        ...(spec.nextTryAtMs === undefined ? {} : { next_try_at: iso(spec.nextTryAtMs) }), ...(spec.budget ? { budget: spec.budget } : {}),
      },
    };
    this.#open.set(spec.id, event);
    this.#log.emit(event);
    this.#show('waiting', spec.detail);
  }

  #end(spec: WaitSpec, outcome: 'settled' | 'expired' | 'stopped'): void {
    this.#open.delete(spec.id);
    this.#log.emit({ type: 'wait-end', stage: spec.stage, step: spec.step ?? null, data: { wait_id: spec.id, reason: spec.reason, outcome, detail: spec.detail } });
    // The row's status is derived from new events alone: a wait that goes on says so again.
    const [next] = this.#open.values();
    if (next) this.#log.emit(next);
    this.#show(next ? 'waiting' : 'running', next?.data.detail ?? 'Goes on.');
  }

  #show(status: string, details: string): void {
    upsertSearchAttributes([{ key: STATUS_ATTRIBUTE, value: status }]);
    setCurrentDetails(details);
  }

  async #record(): Promise<void> {
    await this.#log.carry((before) => this.#activities.local.recordRunEvents.executeWithOptions({ summary: 'Show what the run waits for' }, [{ runId: this.#runId, before }]));
  }
}

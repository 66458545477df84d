import { ApplicationFailure, condition, setHandler } from '@temporalio/workflow';
import type { RaiseBudget } from '#contracts/governance';
import type { RunRequest } from '#contracts/workflow';
import { askedLater, raiseBudgetUpdate } from '../messages.ts';
import type { CapReached, Envelope } from './envelope.ts';
import type { EventLog } from './event-log.ts';
import type { Waits } from './waiting.ts';

interface BudgetWait { id: string; envelope: Envelope; raised: boolean; closed: boolean; expired: boolean }
export interface BudgetSite { step: string; neededUsdMicros: number }

/** Cents are too coarse for what a call costs: two budgets must not read the same. */
const dollars = (micros: number): string => `$${(micros / 1_000_000).toFixed(micros < 1_000_000 ? 4 : 2)}`;

/** A Full run whose money is used up waits and asks (guarantee G4). Parallel steps share one wait; an authorised Update raises
 * the budget and all of them go on, a timer closes it and the work so far is kept. */
export class Budget {
  readonly #waits: Waits;
  readonly #log: EventLog;
  readonly #waitMs: number;
  #current: BudgetWait | null = null;
  #count = 0;
  /** false: the money cap is what approvers granted, so there is nothing to ask for */
  raisable = true;

  constructor(request: Pick<RunRequest, 'timings'>, waits: Waits, log: EventLog) {
    this.#waits = waits;
    this.#log = log;
    this.#waitMs = request.timings.budgetWaitMs;
    setHandler(raiseBudgetUpdate, (raise) => this.#raise(raise), { validator: (raise) => this.#check(raise) });
  }

  /** Returns when it is worth asking the envelope again. @throws the cap when nobody raised it in time */
  async ask(envelope: Envelope, cap: CapReached, site: BudgetSite): Promise<void> {
    if (this.#waitMs === 0 || !this.raisable) throw cap;
    const open = this.#current;
    if (open) {
      await condition(() => open.closed);
      if (open.expired) throw cap;
      return;
    }
    this.#count += 1;
    const wait: BudgetWait = { id: `budget-${this.#count}`, envelope, raised: false, closed: false, expired: false };
    this.#current = wait;
    try {
      const settled = await this.#waits.wait({
        id: wait.id, reason: 'budget', stage: 'full', step: site.step, endsAtMs: Date.now() + this.#waitMs, settled: () => wait.raised,
        detail: `The budget of ${dollars(cap.limit)} is used up; ${dollars(site.neededUsdMicros)} lets the next call start.`,
        budget: { limit_usd_micros: cap.limit, used_usd_micros: cap.used, needed_usd_micros: site.neededUsdMicros },
      });
      wait.expired = !settled;
      if (!settled) throw cap;
    } finally {
      wait.closed = true;
      this.#current = null;
    }
  }

  /** The id of a wait that this execution has not come to, or not again yet after its worker died. */
  #isAhead(waitId: string): boolean {
    return Number(/^budget-(\d{1,6})$/.exec(waitId)?.[1] ?? 0) > this.#count;
  }

  #check(raise: RaiseBudget): void {
    const wait = this.#current;
    if (this.#isAhead(raise.waitId)) throw askedLater();
    if (!wait || wait.raised || wait.id !== raise.waitId) throw ApplicationFailure.nonRetryable('The run does not wait for this budget any more.', 'Conflict');
    const limit = wait.envelope.caps.costUsdMicros ?? 0;
    if (!Number.isSafeInteger(raise.costUsdMicros) || raise.costUsdMicros <= limit) throw ApplicationFailure.nonRetryable(`A budget can only be raised: it is ${limit} micro-dollars now.`, 'Conflict');
  }

  #raise(raise: RaiseBudget): { costUsdMicros: number } {
    const wait = this.#current;
    if (!wait) throw ApplicationFailure.nonRetryable('The run does not wait for this budget any more.', 'Conflict');
    const from = wait.envelope.caps.costUsdMicros ?? 0;
    wait.envelope.raiseCost(raise.costUsdMicros);
    wait.raised = true;
    this.#log.emit({ type: 'budget-raise', stage: 'full', data: { wait_id: wait.id, decision_id: raise.decisionId, from_usd_micros: from, to_usd_micros: raise.costUsdMicros, by: raise.by } });
    return { costUsdMicros: raise.costUsdMicros };
  }
}

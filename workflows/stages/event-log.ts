import type { NewRunEvent } from '#contracts/run-events';
import type { CarriedEvents, RunLabels } from '#contracts/workflow';

const LONG = 1_000;

/** The workflow's side of the event log. Events wait here until an activity that carried them has succeeded; every activity
 * stores what it carries before it does its own work, in order and idempotently, so no event costs a hop of its own. */
export class EventLog {
  readonly #keyPrefix: string;
  readonly #run: RunLabels;
  #next = 1;
  #unconfirmed: { n: number; event: NewRunEvent }[] = [];

  /** @param keyPrefix  Temporal's run id: keys of a reset execution never meet those of the first
   * @param run  of which only the labels travel on */
  constructor(keyPrefix: string, { slug, mode, provider, model }: RunLabels) {
    this.#keyPrefix = keyPrefix;
    this.#run = { slug, mode, provider, model };
  }

  /** more events than a closing trace is made of within a second */
  get isLong(): boolean {
    return this.#next > LONG;
  }

  emit(event: NewRunEvent): void {
    this.#unconfirmed.push({ n: this.#next, event });
    this.#next += 1;
  }

  /** Hands all unconfirmed events to `call` and confirms them once it succeeded. */
  async carry<T>(call: (before: CarriedEvents) => Promise<T>): Promise<T> {
    const entries = [...this.#unconfirmed];
    const answer = await call({ keyPrefix: this.#keyPrefix, entries, run: this.#run });
    const last = entries.at(-1)?.n ?? 0;
    this.#unconfirmed = this.#unconfirmed.filter((entry) => entry.n > last);
    return answer;
  }
}

import type { Pool } from 'pg';
import { isRolledBack, query, type Statement } from '../sql.ts';
import { appending, type Addition, type Appended, appendPart } from './append-statement.ts';
import type { KeyedEvent } from './run-events.ts';

/** What one step writes of one run. */
export interface RunWrite { runId: string; entries: readonly KeyedEvent[]; addition?: Addition; /** values of the addition, JSON objects */ rows?: readonly object[] }
interface Waiting extends RunWrite { part: { events: string; change: string }; added: string; resolve: (row: Appended | null) => void; reject: (error: unknown) => void }

/** Bounds of one statement. */
const MOST_RUNS = 50;
const MOST_CHARACTERS = 1_000_000;

/** Writes of one run take their turn; writes of different runs that come while a statement is under way share the next one. A step
 * alone on a quiet machine waits for nobody, and with many runs at once PostgreSQL parses, commits and announces once for all of them.
 *
 * Nobody waits for another's run: a row that somebody else holds is left out and written alone, and when the statement fails for
 * one run's sake, each is written alone. */
export class EventWriter {
  readonly #lane: Pool;
  readonly #pool: Pool;
  readonly #waiting: Waiting[] = [];
  readonly #busy = new Set<string>();
  readonly #statements = new Map<string, Statement>();
  #isWriting = false;

  /** @param lane  of one connection, for what is written together
   * @param pool  for what has to wait */
  constructor(lane: Pool, pool: Pool) {
    this.#lane = lane;
    this.#pool = pool;
  }

  /** @returns null when the run is gone
   * @throws what the database throws; nothing of this write was done then, unless the connection was lost */
  write(given: RunWrite): Promise<Appended | null> {
    const part = appendPart(given.runId, given.entries);
    const added = (given.rows ?? []).map((row) => JSON.stringify({ run: given.runId, ...row })).join();
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ...given, part, added, resolve, reject });
      this.#next();
    });
  }

  #next(): void {
    if (this.#isWriting) return;
    const batch = this.#take();
    if (batch.length === 0) return;
    this.#isWriting = true;
    void this.#together(batch).finally(() => {
      this.#isWriting = false;
      this.#next();
    });
  }

  /** The first writes of as many runs as fit. */
  #take(): Waiting[] {
    const batch: Waiting[] = [];
    let characters = 0;
    for (let index = 0; index < this.#waiting.length && batch.length < MOST_RUNS && characters < MOST_CHARACTERS; ) {
      const next = this.#waiting[index] as Waiting;
      if (this.#busy.has(next.runId) || (next.addition?.alone && batch.length > 0)) { index += 1; continue; }
      this.#waiting.splice(index, 1);
      this.#busy.add(next.runId);
      batch.push(next);
      if (next.addition?.alone) break;
      characters += next.part.events.length + next.added.length;
    }
    return batch;
  }

  async #together(batch: readonly Waiting[]): Promise<void> {
    let rows: Appended[];
    try {
      rows = await this.#send(this.#lane, batch, true);
    } catch (error) {
      for (const each of batch) {
        if (batch.length > 1 && isRolledBack(error)) void this.#alone(each);
        else this.#settle(each, () => each.reject(error));
      }
      return;
    }
    const found = new Map(rows.map((row) => [row.id, row]));
    for (const each of batch) {
      const row = found.get(each.runId);
      if (row) this.#settle(each, () => each.resolve(row));
      else void this.#alone(each);
    }
  }

  /** Waits for whoever holds the run. */
  async #alone(each: Waiting): Promise<void> {
    try {
      const [row] = await this.#send(this.#pool, [each], false);
      this.#settle(each, () => each.resolve(row ?? null));
    } catch (error) {
      this.#settle(each, () => each.reject(error));
    }
    this.#next();
  }

  #settle(each: Waiting, settle: () => void): void {
    this.#busy.delete(each.runId);
    settle();
  }

  #send(connection: Pool, batch: readonly Waiting[], skipLocked: boolean): Promise<Appended[]> {
    const additions = [...new Set(batch.flatMap(({ addition }) => addition ?? []))].toSorted((a, b) => (a.name < b.name ? -1 : 1));
    const name = [skipLocked, ...additions.map((addition) => addition.name)].join();
    const wanted = this.#statements.get(name) ?? appending(additions, { skipLocked });
    this.#statements.set(name, wanted);
    const joined = (texts: readonly string[]) => `[${texts.filter(Boolean).join()}]`;
    const valuesOf = (addition: Addition) => joined(batch.filter((each) => each.addition === addition).map(({ added }) => added));
    return query<Appended>(connection, wanted, [
      batch.map(({ runId }) => runId), joined(batch.map(({ part }) => part.events)), joined(batch.map(({ part }) => part.change)), ...additions.filter(({ columns }) => columns).map(valuesOf),
    ]);
  }
}

import type { Database } from '../db.ts';
import { oneFor } from '../gather.ts';
import { isUniqueViolation } from '../sql.ts';
import type { Addition, Appended } from './append-statement.ts';
import { EventWriter } from './event-writer.ts';
import { appendRunEvents, type KeyedEvent } from './run-events.ts';

const writerOf = oneFor(({ writer, pool }: Database) => new EventWriter(writer, pool));

/** More than one sending again means that other processes write the same events at this very moment. */
const SENDINGS = 3;

/** One write of a run, again without what is there already when that would have moved the row.
 * @returns null when the run is gone, `beaten` when other processes were faster each time */
export async function appendQuickly<Row extends Appended>(db: Database, runId: string, entries: readonly KeyedEvent[], addition?: Addition, rows?: readonly object[]): Promise<Row | 'beaten' | null> {
  let left = entries;
  for (let sending = 1; sending <= SENDINGS; sending += 1) {
    try {
      const row = await writerOf(db).write({ runId, entries: left, addition, rows });
      if (!row?.blocked) return row as Row | null;
      const { repeated } = row;
      left = left.filter(({ key }) => !repeated.includes(key));
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
    }
  }
  return 'beaten';
}

/** A transaction of its own, perhaps with those of other runs. @returns the run's last sequence, or null when the run does not exist (deleted) */
export async function appendEvents(db: Database, runId: string, entries: readonly KeyedEvent[]): Promise<number | null> {
  const row = await appendQuickly(db, runId, entries);
  if (row === 'beaten') return db.$transaction((tx) => appendRunEvents(tx, runId, entries));
  return row && (row.last ?? row.was);
}

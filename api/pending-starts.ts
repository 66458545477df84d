/** How long an accepted run's answer waits for Temporal's own, ms: usually it is there at once, and then the run is already
 * started when the person reads its page. */
const PATIENCE_MS = 50;
/** Starts that may be under way after their answers went out. With more, an answer waits for its start: whoever floods the
 * installation is slowed down to what Temporal takes. */
const MOST_PENDING = 200;
/** The end of a process does not wait longer for them, ms. */
const LEAVE_MS = 2_000;

/** Executions that are being started for runs whose answers went out already. The run's row is committed before, so nothing
 * depends on this process: what is not started here the reconciler starts. */
export interface PendingStarts {
  /** Waits until the start is over or its patience is, whichever is first. @param start  settles within its own deadline and never rejects */
  answerAfter(start: Promise<void>): Promise<void>;
  /** All that are under way are over, or are left to the reconciler: for the end of the process. */
  settled(): Promise<void>;
}

export function createPendingStarts({ patienceMs = PATIENCE_MS, most = MOST_PENDING } = {}): PendingStarts {
  const pending = new Set<Promise<void>>();
  return {
    async answerAfter(start) {
      const over = start.finally(() => pending.delete(over));
      pending.add(over);
      if (pending.size > most) return over;
      await atMost(over, patienceMs);
    },
    async settled() {
      await atMost(Promise.all(pending), LEAVE_MS);
    },
  };
}

async function atMost(work: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([work, new Promise<void>((resolve) => { timer = setTimeout(resolve, ms); })]);
  clearTimeout(timer);
}

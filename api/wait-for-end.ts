import { isTerminal } from '#contracts/runs';
import { findRun, type RunDetailRecord } from '#platform/repositories/run-queries';
import type { Deps } from './deps.ts';
import { createStreamSlots, type StreamSlots } from './stream-slots.ts';

/** A look at the row at least this often, so that a lost notification costs a second, not the whole wait. */
const LOOK_EVERY_MS = 1000;
/** Waits at the same moment, of one person and of this process: each is a connection and a look a second. */
export const WAITS_OF_ONE = 32;
const WAITS_OF_ALL = 1000;
const waits = new WeakMap<object, StreamSlots>();

function slotsOf(feed: object): StreamSlots {
  const slots = waits.get(feed) ?? createStreamSlots(WAITS_OF_ONE, WAITS_OF_ALL, () => {}, { name: 'wait for the end of a run', remedy: 'Ask without waiting, or wait for fewer runs at once.' });
  waits.set(feed, slots);
  return slots;
}

/** Waits until a run has ended. @returns the ended run; null when the time is over, the caller left, or the run is gone
 * @throws CodedError RateLimited when this person waits for too many already */
export async function waitForEnd(deps: Pick<Deps, 'db' | 'feed'>, userId: string, runId: string, timeoutMs: number, left: AbortSignal): Promise<RunDetailRecord | null> {
  const release = timeoutMs > 0 ? slotsOf(deps.feed).take(userId) : () => {};
  const deadline = Date.now() + timeoutMs;
  let wake: () => void = () => {};
  const unsubscribe = deps.feed.subscribe(runId, () => wake());
  try {
    for (;;) {
      const woken = new Promise<void>((resolve) => { wake = resolve; });
      const run = await findRun(deps.db, userId, runId);
      if (!run || isTerminal(run.status)) return run;
      const remaining = deadline - Date.now();
      if (remaining <= 0 || left.aborted) return null;
      await firstOf(woken, Math.min(remaining, LOOK_EVERY_MS), left);
    }
  } finally {
    unsubscribe();
    release();
  }
}

/** Resolves when woken, after the time, or on abort; leaves no timer and no listener behind. */
export async function firstOf(woken: Promise<void>, timeoutMs: number, abort: AbortSignal): Promise<'woken' | 'time' | 'abort'> {
  if (abort.aborted) return 'abort';
  let timer: NodeJS.Timeout | undefined;
  let onAbort: (() => void) | undefined;
  try {
    return await Promise.race([
      woken.then(() => 'woken' as const),
      new Promise<'time'>((resolve) => { timer = setTimeout(() => resolve('time'), timeoutMs); }),
      new Promise<'abort'>((resolve) => { onAbort = () => resolve('abort'); abort.addEventListener('abort', onAbort, { once: true }); }),
    ]);
  } finally {
    clearTimeout(timer);
    if (onAbort) abort.removeEventListener('abort', onAbort);
  }
}

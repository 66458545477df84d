import { isTerminal } from '#contracts/runs';
import { findRun, type RunDetailRecord } from '#platform/repositories/run-queries';
import type { Deps } from './deps.ts';

/** A look at the row at least this often, so that a lost notification costs a second, not the whole wait. */
const LOOK_EVERY_MS = 1000;

/** Waits until a run has ended. @returns the ended run; null when the time is over, the caller left, or the run is gone */
export async function waitForEnd(deps: Pick<Deps, 'db' | 'feed'>, userId: string, runId: string, timeoutMs: number, left: AbortSignal): Promise<RunDetailRecord | null> {
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

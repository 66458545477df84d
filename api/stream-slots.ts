import { CodedError } from '#platform/coded-error';

/** Bounds what holds a connection open (live streams, waits for an end): a person needs a handful, a leak must not take the process. */
export interface StreamSlots { /** @throws CodedError RateLimited */ take(userId: string): () => void }

/** @param what  one of them, and what to do when there are too many */
export function createStreamSlots(perUser: number, perProcess: number, onChange: (open: number) => void, what = { name: 'live stream', remedy: 'Close a tab that shows a live run.' }): StreamSlots {
  const open = new Map<string, number>();
  let total = 0;
  const change = (userId: string, by: 1 | -1) => {
    const count = (open.get(userId) ?? 0) + by;
    if (count > 0) open.set(userId, count);
    else open.delete(userId);
    total += by;
    onChange(total);
  };
  return {
    take(userId) {
      if (total >= perProcess) throw new CodedError('RateLimited', `This server has no room for another ${what.name}.`, { retryAfterSeconds: 5 });
      if ((open.get(userId) ?? 0) >= perUser) throw new CodedError('RateLimited', `At most ${perUser} of one person at the same moment: ${what.name}.`, { retryAfterSeconds: 5, remedy: what.remedy });
      change(userId, 1);
      let released = false;
      return () => {
        if (released) return;
        released = true;
        change(userId, -1);
      };
    },
  };
}

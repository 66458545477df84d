import { CodedError } from '#platform/coded-error';

/** Bounds the open streams: a browser needs a handful, a leak must not take the process. */
export interface StreamSlots { /** @throws CodedError RateLimited */ take(userId: string): () => void }

export function createStreamSlots(perUser: number, perProcess: number, onChange: (open: number) => void): StreamSlots {
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
      if (total >= perProcess) throw new CodedError('RateLimited', 'This server has no room for another live stream.', { retryAfterSeconds: 5 });
      if ((open.get(userId) ?? 0) >= perUser) throw new CodedError('RateLimited', `At most ${perUser} live streams per person.`, { retryAfterSeconds: 5, remedy: 'Close a tab that shows a live run.' });
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

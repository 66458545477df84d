/** Value below which the given share of the samples lies, by nearest rank. @param share 0 to 1 @throws Error without samples */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((left, right) => left - right);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new Error('no samples were taken');
  return value;
}

export const median = (samples: readonly number[]): number => percentile(samples, 0.5);

/** `least–most`, for the column that tells how far the samples lie apart. */
export const spread = (samples: readonly number[], digits: number): string => `${Math.min(...samples).toFixed(digits)}–${Math.max(...samples).toFixed(digits)}`;

export async function timed<Result>(work: () => Promise<Result>): Promise<{ ms: number; result: Result }> {
  const since = performance.now();
  const result = await work();
  return { ms: performance.now() - since, result };
}

/** Runs `work` over the items, at most `concurrency` at once. The first failure is thrown when the others under way have ended. */
export async function eachOf<Item>(items: readonly Item[], concurrency: number, work: (item: Item) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < items.length) {
      const item = items[next] as Item;
      next += 1;
      await work(item);
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: Math.min(concurrency, items.length) }, lane));
  const failed = ended.find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
}

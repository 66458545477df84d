import { describe, expect, it } from 'vitest';
import { eachOf, median, percentile, spread } from './statistics.ts';

describe('figures of the benchmark', () => {
  it('percentiles are by nearest rank, whatever the order of the samples', () => {
    const samples = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect([percentile(samples, 0.5), percentile(samples, 0.95), percentile(samples, 1), percentile([7], 0.95), median([3, 1, 2])]).toEqual([50, 95, 100, 7, 2]);
    expect(spread([2, 1, 3], 1)).toBe('1.0–3.0');
  });

  it('a figure without samples is an error, not a zero', () => {
    expect(() => percentile([], 0.5)).toThrow('no samples');
  });

  it('at most as many at once as asked, and a failure is told', async () => {
    let open = 0;
    let most = 0;
    const seen: number[] = [];
    const work = async (item: number): Promise<void> => {
      open += 1;
      most = Math.max(most, open);
      await Promise.resolve();
      open -= 1;
      seen.push(item);
    };
    await eachOf([1, 2, 3, 4, 5], 2, work);
    expect([most, seen.sort()]).toEqual([2, [1, 2, 3, 4, 5]]);
    await expect(eachOf([1, 2], 2, async (item) => { await work(item); if (item === 1) throw new Error('broken'); })).rejects.toThrow('broken');
  });
});

import { expect, it, vi } from 'vitest';
import { bounded } from './bounded.ts';

it('gives what the work gives or throws, within its time', async () => {
  expect(await bounded(Promise.resolve(1), 1_000)).toBe(1);
  await expect(bounded(Promise.reject(new Error('refused')), 1_000)).rejects.toThrow('refused');
});

it('does not wait for ever, and what comes later harms nobody', async () => {
  vi.useFakeTimers();
  try {
    const { promise, reject } = Promise.withResolvers<void>();
    const waited = bounded(promise, 1_000).then(() => 'answered', String);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await waited).toBe('Error: no answer within 1000 ms');
    reject(new Error('late'));
    await vi.advanceTimersByTimeAsync(1);
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

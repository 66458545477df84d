import { MockActivityEnvironment } from '@temporalio/testing';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { startHeart } from './heart.ts';

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });

/** @returns heartbeats within `ms` */
async function beats(heartbeatTimeoutMs: number, ms: number, isLocal = false): Promise<number> {
  const environment = new MockActivityEnvironment({ heartbeatTimeoutMs, isLocal });
  let count = 0;
  environment.on('heartbeat', () => { count += 1; });
  await environment.run(async () => {
    const stop = startHeart();
    vi.advanceTimersByTime(ms);
    stop();
    vi.advanceTimersByTime(ms);
  });
  return count;
}

it('a call beats three times within its timeout and no more, and not after its end', async () => {
  expect(await beats(10_000, 10_000)).toBe(3);
  expect(await beats(1_500, 1_500)).toBe(3);
});

it('a long timeout does not make a cancel wait longer than 5 s', async () => {
  expect(await beats(600_000, 35_000)).toBe(10);
});

it('a local activity does not beat', async () => {
  expect(await beats(10_000, 10_000, true)).toBe(0);
});

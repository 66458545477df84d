import { MockActivityEnvironment } from '@temporalio/testing';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createActivities } from './index.ts';
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

it.each(['saveArtifact', 'recordEvidence', 'finishRun'] as const)('%s beats as long as database and storage take, so that a dead worker is noticed, and stops when it fails', async (name) => {
  vi.useRealTimers();
  const environment = new MockActivityEnvironment({ heartbeatTimeoutMs: 30 });
  let count = 0;
  environment.on('heartbeat', () => { count += 1; });
  let fail: (error: Error) => void = () => {};
  const slow = new Promise<never>((_, reject) => { fail = reject; });
  // Whatever is asked of it takes as long as we like.
  const db = new Proxy({}, { get: () => new Proxy(() => slow, { get: () => () => slow }) });
  const activity = createActivities({ db, storage: db, config: { AWP_RETRY_BASE_MS: 1 } } as never)[name] as (request: never) => Promise<unknown>;
  const running = environment.run(activity, { before: { entries: [{ n: 1, event: {} }], keyPrefix: 'x' }, request: { runId: 'r' }, runId: 'r', mimeType: 'text/plain', content: '' } as never).catch((error: unknown) => error);
  await vi.waitFor(() => { expect(count).toBeGreaterThan(2); });
  fail(new Error('the database is gone'));
  expect(await running).toBeInstanceOf(Error);
  const atTheEnd = count;
  await new Promise((resolve) => { setTimeout(resolve, 50); });
  expect(count).toBe(atTheEnd);
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WEBHOOK_EVENTS, WEBHOOK_EVENT_WORDS, WEBHOOK_JITTER, WEBHOOK_RETRY_AFTER_MAX_SECONDS, WEBHOOK_RETRY_SECONDS, WEBHOOK_TRIES, webhookRetryMs } from './webhooks.ts';

const FIRST_MS = WEBHOOK_RETRY_SECONDS[0] * 1000;

describe('when a failed message is tried again', () => {
  it('eight times over about a day, each wait at least as long as the one before', () => {
    expect(WEBHOOK_TRIES).toBe(8);
    const waits = WEBHOOK_RETRY_SECONDS.map((_, index) => webhookRetryMs(index + 1, 0.5, FIRST_MS) ?? 0);
    expect(waits).toEqual(WEBHOOK_RETRY_SECONDS.map((seconds) => seconds * 1000));
    expect(waits.toSorted((a, b) => a - b)).toEqual(waits);
    const hours = waits.reduce((sum, wait) => sum + wait, 0) / 3_600_000;
    expect(hours).toBeGreaterThan(24);
    expect(hours).toBeLessThan(30);
    expect(webhookRetryMs(WEBHOOK_TRIES, 0.5, FIRST_MS)).toBeNull();
  });

  it('by chance a fifth earlier or later and no more, and never before the receiver asked, up to ten hours (property)', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: WEBHOOK_TRIES - 1 }), fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 0, max: 200_000_000 }), (tries, random, askedMs) => {
      const planned = (WEBHOOK_RETRY_SECONDS[tries - 1] ?? 0) * 1000;
      const wait = webhookRetryMs(tries, random, FIRST_MS, askedMs) ?? 0;
      const asked = Math.min(askedMs, WEBHOOK_RETRY_AFTER_MAX_SECONDS * 1000);
      return wait >= Math.max(asked, planned * (1 - WEBHOOK_JITTER)) - 1 && wait <= Math.max(asked, planned * (1 + WEBHOOK_JITTER)) + 1;
    }), { numRuns: 10_000 });
  });
});

it('every event has words for a person', () => {
  for (const event of WEBHOOK_EVENTS) expect(WEBHOOK_EVENT_WORDS[event].sentence).toMatch(/\.$/);
});

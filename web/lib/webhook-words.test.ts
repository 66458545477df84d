import { expect, it } from 'vitest';
import { DELIVERY_STATES, WEBHOOK_OFF_REASONS } from '#contracts/webhooks';
import { deliveryWords, standingOf } from './webhook-words';

it('every way of being off says why, and only what needs a look is marked', () => {
  const texts = WEBHOOK_OFF_REASONS.map((off_reason) => standingOf({ is_active: false, off_reason, failing_since: null }));
  expect(new Set(texts.map(({ text }) => text)).size).toBe(WEBHOOK_OFF_REASONS.length);
  expect(texts.map(({ bad }) => bad)).toEqual([false, true, true, true]);
  expect(standingOf({ is_active: true, off_reason: null, failing_since: null })).toEqual({ text: 'on', bad: false });
  expect(standingOf({ is_active: true, off_reason: null, failing_since: '2026-11-27T10:00:00.000Z' })).toMatchObject({ bad: true, text: expect.stringContaining('failing since 27 Nov 2026') });
});

it('every state of a delivery has its words; a try that is planned says which and when', () => {
  const words = DELIVERY_STATES.map((state) => deliveryWords({ state, tries: 0, next_try_at: null }).text);
  expect(new Set(words).size).toBe(DELIVERY_STATES.length);
  expect(deliveryWords({ state: 'pending', tries: 2, next_try_at: '2026-11-27T10:00:00.000Z' }).text).toMatch(/^not taken yet, try 3 of 8 at 27 Nov 2026/);
  expect(deliveryWords({ state: 'failed', tries: 1, next_try_at: null }).text).toBe('not taken, given up after one try');
});

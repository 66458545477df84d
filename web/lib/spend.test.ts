import { describe, expect, it } from 'vitest';
import { daysOf, forecast, monthSpan } from './spend.ts';

describe('money of a month', () => {
  it('spans from the first to today, in UTC', () => {
    expect(monthSpan(new Date('2026-11-25T22:00:00Z'))).toEqual({ from: '2026-11-01', to: '2026-11-25' });
    expect(monthSpan(new Date('2026-12-31T23:59:59Z'))).toEqual({ from: '2026-12-01', to: '2026-12-31' });
  });
  it('forecasts by the pace so far, and not on the first day', () => {
    expect(forecast(1_000_000, new Date('2026-11-16T00:00:00Z'))).toBe(2_000_000);
    expect(forecast(1_000_000, new Date('2026-11-01T12:00:00Z'))).toBeNull();
  });
  it('knows every day of a span', () => {
    expect(daysOf('2026-02-27', '2026-03-01')).toEqual(['2026-02-27', '2026-02-28', '2026-03-01']);
    expect(daysOf('2026-03-01', '2026-03-01')).toEqual(['2026-03-01']);
  });
});

import { describe, expect, it } from 'vitest';
import { hasLimits, leastLimits, loweredCaps, notLower } from './granted-limits.ts';

const caps = { outputTokens: 4000, inputTokens: 50_000, seconds: 600, iterations: 20, costUsdMicros: null };

describe('limits that approvers grant', () => {
  it('of several people the least of each counts, and nobody raises a cap', () => {
    const least = leastLimits([{ output_tokens: 900, seconds: 60 }, undefined, { output_tokens: 1200, cost_usd_micros: 50_000 }]);
    expect(least).toEqual({ cost_usd_micros: 50_000, output_tokens: 900, seconds: 60 });
    expect(loweredCaps(caps, least)).toEqual({ ...caps, outputTokens: 900, seconds: 60, costUsdMicros: 50_000 });
    expect(loweredCaps({ ...caps, costUsdMicros: 10 }, { cost_usd_micros: 20, output_tokens: 9_999 })).toEqual({ ...caps, costUsdMicros: 10 });
    expect([loweredCaps(caps, {}), leastLimits([])]).toEqual([caps, {}]);
  });

  it('says what is not below what was asked; any money is below none', () => {
    expect(notLower(caps, { cost_usd_micros: 1_000_000, output_tokens: 3999, seconds: 600 })).toEqual([{ key: 'seconds', asked: 600 }]);
    expect(notLower({ ...caps, costUsdMicros: 100 }, { cost_usd_micros: 100 })).toEqual([{ key: 'cost_usd_micros', asked: 100 }]);
    expect([hasLimits({}), hasLimits(null), hasLimits({ seconds: 5 })]).toEqual([false, false, true]);
  });
});

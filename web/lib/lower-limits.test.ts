import { describe, expect, it } from 'vitest';
import { limitWords, NOTHING_LOWER, readLower } from './lower-limits';

const asked = { cost_usd_micros: null, output_tokens: 4000, seconds: 600 };

describe('limits that an approver lowers', () => {
  it('reads what is typed; an empty field lowers nothing', () => {
    expect(readLower(asked, NOTHING_LOWER)).toEqual({ limits: {}, errors: {} });
    expect(readLower(asked, { cost_usd_micros: '$0.10', output_tokens: ' 900 ', seconds: '60' })).toEqual({ limits: { cost_usd_micros: 100_000, output_tokens: 900, seconds: 60 }, errors: {} });
  });
  it('what is not below is said at its field', () => {
    expect(Object.keys(readLower(asked, { cost_usd_micros: 'much', output_tokens: '4000', seconds: '2' }).errors)).toEqual(['cost_usd_micros', 'output_tokens', 'seconds']);
    expect(readLower({ ...asked, cost_usd_micros: 50_000 }, { ...NOTHING_LOWER, cost_usd_micros: '0.05' }).errors.cost_usd_micros).toContain('below $0.05');
  });
  it('says limits in words', () => {
    expect([limitWords({ output_tokens: 900, seconds: 60 }), limitWords({})]).toEqual(['at most 900 tokens, 60 s', '']);
  });
});

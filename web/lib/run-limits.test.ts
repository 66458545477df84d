import { describe, expect, it } from 'vitest';
import { isLimitField, limitedMode, limitErrors, limitsInWords, limitTitle, NO_LIMITS, readLimits, standIns } from './run-limits';

const caps = { output_tokens: 1000, input_tokens: 8000, seconds: 60, iterations: 5, cost_usd_micros: null };
const provider = (id: string, change: object = {}) => ({ provider: id, simulated: id === 'demo', supported: true, is_active: true, needs_key: true, connected: true, test_status: 'success', ...change }) as never;

describe('limits of a run', () => {
  it('empty fields send nothing; filled ones send numbers; Validate sends none', () => {
    expect(readLimits(NO_LIMITS, caps)).toEqual({ body: {}, errors: {} });
    const filled = { money: '$0.50', tokens: '600', seconds: '60', fallback: [{ provider: 'anthropic', model: 'claude' }, { provider: 'groq', model: '' }] };
    expect(readLimits(filled, caps)).toEqual({ body: { budget: { cost_usd_micros: 500_000, output_tokens: 600, seconds: 60 }, fallback: [{ provider: 'anthropic', model: 'claude' }, { provider: 'groq' }] }, errors: {} });
    expect(readLimits(filled, null).body).toEqual({});
  });

  it('names the field and its range, and lets nothing above the platform\'s caps through', () => {
    const { body, errors } = readLimits({ ...NO_LIMITS, money: '1001', tokens: '1001', seconds: '1.5' }, caps);
    expect([body, Object.keys(errors)]).toEqual([{}, ['budget.cost_usd_micros', 'budget.output_tokens', 'budget.seconds']]);
    expect(errors['budget.output_tokens']).toContain('16 to 1000');
  });

  it('errors of the API find the same fields', () => {
    const errors = limitErrors([{ pointer: '#/budget', detail: 'no price' }, { pointer: '#/budget/seconds', detail: 'too many' }, { pointer: '#/fallback/1/model', detail: 'cannot' }, { pointer: '#/inputs/goal', detail: 'x' }]);
    expect(errors).toEqual({ 'budget.cost_usd_micros': 'no price', 'budget.seconds': 'too many', 'fallback.1.model': 'cannot' });
    expect(Object.keys(errors).every(isLimitField)).toBe(true);
    expect(limitTitle('fallback.1.model')).toBe('Stand-in 2, model');
  });

  it('only another vendor with a key that works can stand in; the others say why not', () => {
    const list = standIns([provider('demo'), provider('openai'), provider('anthropic'), provider('groq', { test_status: 'failed' }), provider('gemini', { connected: false }), provider('deepseek')], 'openai', ['deepseek']);
    expect(list.map(({ provider: { provider: id }, reason }) => [id, reason])).toEqual([['anthropic', null], ['groq', 'The last key test failed'], ['gemini', 'Add a key on the Providers page']]);
  });

  it('the figures of the page are those of this run', () => {
    const mode = { caps } as never;
    expect(limitedMode(mode, { budget: { cost_usd_micros: 5, output_tokens: 400 } }).caps).toEqual({ ...caps, cost_usd_micros: 5, output_tokens: 400 });
    expect([limitsInWords({}), limitsInWords({ budget: { cost_usd_micros: 250_000, seconds: 30 }, fallback: [{ provider: 'groq' }] })]).toEqual(['none of your own', '$0.25, 30 s, 1 stand-in']);
  });
});

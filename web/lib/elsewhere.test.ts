import { expect, it } from 'vitest';
import { costElsewhere, elsewhereOf } from './elsewhere.ts';

const provider = (change: object) => ({ simulated: false, supported: true, display_name: 'Vendor', default_model: 'm', models: [{ id: 'm', context_tokens: 1, max_output_tokens: 1, input_price: 2_000_000, output_price: 8_000_000 }], price_date: '2026-11-01', ...change });

it('names the first provider that would be paid and has a known price', () => {
  expect(elsewhereOf([provider({ simulated: true }), provider({ supported: false }), provider({ default_model: 'unknown' }), provider({ display_name: 'Second' })])).toEqual({ provider: 'Second', model: 'm', price: { input: 2_000_000, output: 8_000_000 }, priceDate: '2026-11-01' });
  expect(elsewhereOf([provider({ simulated: true })])).toBeNull();
  expect(elsewhereOf([provider({ models: [{ id: 'm', context_tokens: 1, max_output_tokens: 1, input_price: null, output_price: null }] })])).toBeNull();
});

it('counts what the same tokens cost there', () => {
  expect(costElsewhere(elsewhereOf([provider({})])!, 1_000, 500)).toBe(6_000);
});

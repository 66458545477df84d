import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { PROVIDER_DATA, PROVIDER_DATA_DATE } from '#contracts/provider-data';
import { PROVIDER_IDS } from '#contracts/providers';
import { modelData, priceDate, priceOf, providerData } from './provider-catalog.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'awp-prices-'));
afterAll(() => { rmSync(folder, { recursive: true }); });

describe('models and prices', () => {
  it.each(PROVIDER_IDS)('%s has its default model in its list, within its limits', (id) => {
    const data = providerData({}, id);
    const model = modelData({}, id, data.defaultModel);
    expect(model).toBeDefined();
    for (const each of data.models) expect(each.maxOutputTokens).toBeLessThanOrEqual(each.contextTokens);
  });

  it('an unknown model or price is unknown, not free', () => {
    expect(priceOf({}, 'openai', 'no-such-model')).toBeNull();
    expect(priceOf({}, 'compatible', 'default')).toBeNull();
    expect(priceOf({}, 'demo', 'demo-extractive-1')).toEqual({ input: 0, output: 0 });
    expect(priceOf({}, 'openai', 'gpt-4o-mini')).toEqual({ input: 150_000, output: 600_000 });
  });

  it('the administrator\'s file lies on top, field by field', () => {
    const file = path.join(folder, 'prices.json');
    writeFileSync(file, JSON.stringify({ compatible: { defaultModel: 'llama', models: [{ id: 'llama', contextTokens: 8192, maxOutputTokens: 2048, inputPrice: 1, outputPrice: 2 }] } }));
    const config = { AWP_PROVIDER_DATA: file };
    expect(priceOf(config, 'compatible', 'llama')).toEqual({ input: 1, output: 2 });
    expect(providerData(config, 'compatible').displayName).toBe(PROVIDER_DATA.compatible.displayName);
    expect(providerData(config, 'openai')).toEqual(PROVIDER_DATA.openai);
  });

  it('prices carry their date', () => {
    expect(priceDate()).toBe(PROVIDER_DATA_DATE);
    expect(PROVIDER_DATA_DATE).toMatch(/^\d{4}-\d\d-\d\d$/);
  });
});

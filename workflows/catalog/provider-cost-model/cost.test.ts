import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCalculate } from '#activities/tools/calculate';
import type { CalculateData } from '#contracts/data-tools';
import { expectFormat } from '#test/support/artifact-formats';
import { legalInputs } from '#test/support/legal-inputs';
import { chainOf, firstOf, weigh } from './choice.ts';
import { bill, billIn, breakEven, checkExpressions, EXPECTED, routed, sensitivity, tokensPerRequest, type Workload } from './cost.ts';
import { providerCostModelDefinition as definition, type ProviderCostModelInput } from './definition.ts';
import { assembleFiles, newDraft } from './files.ts';
import { candidateOf, type Price } from './prices.ts';
import { assumptionTexts, billText } from './texts.ts';

const run = { provider: 'demo' as const, model: 'demo-extractive-1', price: { input: 0, output: 0 } };
const input = definition.input.parse(definition.presets[0]?.inputs);
const legal = legalInputs(definition) as fc.Arbitrary<ProviderCostModelInput>;
const plain: Workload = { requests_per_month: 200_000, input_tokens: 3_000, output_tokens: 500, calls_per_request: 1, added_tokens_per_call: 0, cached_share_percent: 0, batch_share_percent: 0, waste_percent: 0, growth_percent_month: 0, horizon_months: 12 };
const price: Price = { input: 2, output: 8, cached: 2, batch: 0, fixedMonth: 0, source: 'x' };

describe('the bill', () => {
  it('gives the example of the library: 0.010 dollars a request, 2,000 a month', () => {
    const found = bill(plain, price);
    expect(found.usdRequest).toBeCloseTo(0.01, 12);
    expect(found.usdMonth).toBeCloseTo(2_000, 8);
    expect(found.usdTotal).toBeCloseTo(24_000, 6);
    expect(routed(1, 10, 0.7)).toBeCloseTo(4, 12);
  });

  it('is the sum over calls and months, counted here one by one', () => {
    fc.assert(fc.property(legal, (load) => {
      const waste = 1 + load.waste_percent / 100;
      let all = 0;
      for (let call = 0; call < load.calls_per_request; call += 1) all += load.input_tokens + call * load.added_tokens_per_call;
      const tokens = tokensPerRequest(load);
      expect((tokens.input + tokens.cached) / (all * waste)).toBeCloseTo(1, 9);
      const own = { ...price, cached: 0.5, batch: 0.5, fixedMonth: 100 };
      const request = ((tokens.input * 2 + tokens.cached * 0.5 + tokens.output * 8) / 1e6) * (1 - (load.batch_share_percent / 100) * 0.5);
      let total = 0;
      for (let month = 0; month < load.horizon_months; month += 1) total += load.requests_per_month * (1 + load.growth_percent_month / 100) ** month * request + 100;
      expect(bill(load, own).usdTotal / total).toBeCloseTo(1, 6);
    }), { numRuns: 50 });
  }, 30_000);

  it('the calculator comes to the same', async () => {
    const calculate = createCalculate();
    await fc.assert(fc.asyncProperty(legal, async (load) => {
      const own = { ...price, cached: 0.25, fixedMonth: 42 };
      const { data } = await calculate.run({ expressions: checkExpressions('c1', load, own), variables: {} }, { signal: AbortSignal.timeout(5000), capabilities: { tools: [], hosts: null } });
      const values = Object.fromEntries((data as CalculateData).results.map(({ name, value }) => [name, value]));
      const found = bill(load, own);
      for (const [name, wanted] of [['c1_request', found.usdRequest], ['c1_month', found.usdMonth], ['c1_total', found.usdTotal]] as const) expect(Math.abs((values[name] ?? NaN) - wanted) / Math.max(1, wanted)).toBeLessThan(1e-9);
    }), { numRuns: 30 });
  }, 30_000);

  it('at the break-even both cost the same, and the widest driver comes first', () => {
    const own: Price = { ...price, input: 0.1, output: 0.4, cached: 0.1, fixedMonth: 900 };
    const requests = breakEven(plain, price, own) ?? 0;
    expect(bill({ ...plain, requests_per_month: requests }, price).usdMonth).toBeCloseTo(bill({ ...plain, requests_per_month: requests }, own).usdMonth, 6);
    expect(breakEven(plain, own, price)).toBeNull();
    const widths = sensitivity(plain, price).map((each) => each.high - each.low);
    expect(widths).toEqual(widths.toSorted((a, b) => b - a));
    expect(billIn(plain, price, { ...EXPECTED, volume_percent: 50, price_percent: 50 }).usdMonth).toBeCloseTo(500, 8);
  });
});

describe('prices and choice', () => {
  it('the row goes before the file, and the demo engine has no price', () => {
    expect(candidateOf({ name: 'a', model: 'openai gpt-4o-mini' }, run).price).toMatchObject({ input: 0.15, output: 0.6, source: expect.stringContaining('price file of 2026') as string });
    expect(candidateOf({ name: 'a', model: 'openai gpt-4o-mini', input_usd: 9 }, run).price).toMatchObject({ input: 9, output: 0.6, cached: 9, source: expect.stringContaining('your table and') as string });
    expect(candidateOf({ name: 'a', model: 'own' }, run).price).toBeNull();
    expect(candidateOf({ name: 'a', model: 'openai gpt-4o-mini' }, { ...run, targets: [{ provider: 'openai', model: 'gpt-4o-mini', price: { input: 1_000_000, output: 2_000_000 } }] }).price).toMatchObject({ input: 1, output: 2 });
  });

  it('who passes a limit is out, the cheapest of the rest is first, and another vendor stands in before the same one', () => {
    const candidates = input.candidates.map((row) => candidateOf(row, run));
    const offers = weigh(candidates, input, input, []);
    const first = firstOf(offers);
    expect(first?.name).toBe('GPT-4o mini');
    expect(offers.find((offer) => offer.name === 'Claude Sonnet 4')?.out.join()).toContain('above 800');
    expect(chainOf(offers, input).every((link) => link.offer.provider !== 'openai')).toBe(true);
    const failed = weigh(candidates, input, input, [{ candidate: 'GPT-4o mini', provider: 'openai', model: 'gpt-4o-mini', right: 1, n: 8 }]);
    expect(firstOf(failed)?.name).toBe('Gemini 2.5 Flash');
    expect(weigh(candidates, input, { ...input, peak_requests_per_minute: 1_000_000 }, [])[0]?.out.join()).toContain('tokens a minute');
  });
});

describe('files', () => {
  it('every preset gives whole files; hostile and unfinished drafts do not break them', () => {
    for (const preset of definition.presets) {
      const given = definition.input.parse(preset.inputs);
      const candidates = given.candidates.map((row) => candidateOf(row, run));
      const draft = { ...newDraft(), candidates, offers: weigh(candidates, given, given, []), memo: 'So.', probed: [{ candidate: '=x', provider: 'demo', model: '=cmd|x\n# y', right: 1, n: 2 }], priceChecks: [{ model_title: '=a', quote: 'x | y\n## z', verdict: 'agrees' as const, source: 'm1', stands: false }] };
      const files = assembleFiles({ provider: 'demo' }, given, draft, 'full', null);
      expect(files.map((file) => file.fileName)).toEqual(['memo.md', 'tco.csv', 'chain.json', 'cost.svg']);
      for (const file of files) { expectFormat(file.fileName, file.content); expect(file.content).not.toMatch(/undefined|NaN|^#{1,2} [yz]/m); }
      expect(billText(given, draft.offers)).toContain('over');
      expect(assumptionTexts(given, draft.offers).length).toBeGreaterThanOrEqual(5);
    }
    expect(assembleFiles({ provider: 'demo' }, input, newDraft(), 'full', null)).toEqual([]);
    const none = weigh([candidateOf({ name: '=1+1', model: 'other' }, run)], input, input, []);
    for (const file of assembleFiles({ provider: 'demo' }, input, { ...newDraft(), offers: none }, 'test', 'Cut.')) expectFormat(file.fileName, file.content);
  });
});

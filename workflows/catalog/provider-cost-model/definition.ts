import { z } from 'zod';
import { planOf, plannedTool } from '#contracts/call-sizes';
import { tableField, urlListField } from '#contracts/catalog-inputs.schema';
import { defineCatalogEntry } from '#contracts/catalog.schema';
import { PROVIDER_DATA, PROVIDER_DATA_DATE } from '#contracts/provider-data';
import { PROVIDER_IDS } from '#contracts/providers';
import { PRESETS } from './presets.ts';
import { OTHER, OWN, targetOf } from './prices.ts';
import { MAX_PRICE_SEARCHES, MAX_PROBED, probedCount, sampleCount, SIZES } from './sizes.ts';

/** Provider choice and cost model: workload, prices with their source, samples and limits go in; a bill, a memo and a chain come out. */
const listed = PROVIDER_IDS.filter((provider) => provider !== 'demo' && provider !== 'compatible').flatMap((provider) => PROVIDER_DATA[provider].models.map((model) => ({ id: `${provider} ${model.id}`, label: `${PROVIDER_DATA[provider].displayName}: ${model.id}` })));
const MODELS = [OWN, OTHER, ...listed.map(({ id }) => id)] as [string, ...string[]];
const LABELS = { [OWN]: 'The model of this run', [OTHER]: 'Another one (put its prices in)', ...Object.fromEntries(listed.map(({ id, label }) => [id, label])) };
const price = (title: string) => z.number().min(0).max(10_000).optional().meta({ title });
const slider = (title: string, description: string, unit: string, step = 1) => ({ title, description, 'x-ui': { widget: 'slider', step, unit } });
const TOOLS = ['library_search', 'fetch_url', 'web_search'] as const;

const input = z.strictObject({
  feature: z.string().trim().min(10).max(600).meta({ title: 'What is built', description: 'The feature whose cost is asked for, in a sentence or two.', 'x-ui': { widget: 'textarea', rows: 3 }, examples: ['An assistant drafts answers to support mails from the knowledge base', 'Invoices are read and booked without typing'] }),
  requests_per_month: z.int().min(1).max(1_000_000_000).default(200_000).meta({ title: 'Requests a month', description: 'In the first month.', 'x-ui': { unit: 'requests' } }),
  input_tokens: z.int().min(1).max(1_000_000).default(3_000).meta({ title: 'Input of one call', description: 'System prompt, tools, history and documents; about 4 characters a token in English.', 'x-ui': { unit: 'tokens' } }),
  output_tokens: z.int().min(1).max(128_000).default(400).meta({ title: 'Output of one call', description: 'Hidden reasoning counts.', 'x-ui': { unit: 'tokens' } }),
  calls_per_request: z.int().min(1).max(50).default(1).meta(slider('Model calls a request', 'More than one for agents.', 'calls')),
  added_tokens_per_call: z.int().min(0).max(200_000).default(0).meta({ title: 'Tokens each call adds to the next', description: 'Tool results and answers that an agent carries along.', 'x-ui': { unit: 'tokens' } }),
  cached_share_percent: z.int().min(0).max(95).default(0).meta(slider('Input that is cached', 'Share of the input that the vendor bills at the cached price, as measured.', '%', 5)),
  batch_share_percent: z.int().min(0).max(100).default(0).meta(slider('Work that can wait for a batch', 'Counts only where a row names a discount.', '%', 5)),
  waste_percent: z.int().min(0).max(200).default(20).meta(slider('Retries, repairs, tests', 'On top of all tokens. Measure yours; 20 % is a first guess.', '%', 5)),
  growth_percent_month: z.int().min(0).max(100).default(3).meta(slider('Growth a month', 'Of the requests.', '%')),
  horizon_months: z.int().min(1).max(60).default(12).meta(slider('Horizon', 'The total is worked out for this time.', 'months')),
  scenarios: tableField({
    title: 'Scenarios', description: 'Beside the expected case. 100 = as entered.', max: 6,
    columns: { name: z.string().trim().min(1).max(40).meta({ title: 'Name' }), volume_percent: z.int().min(1).max(2000).meta({ title: 'Requests, %' }), tokens_percent: z.int().min(1).max(2000).meta({ title: 'Tokens, %' }), price_percent: z.int().min(1).max(1000).meta({ title: 'Price, %' }) },
  }).default([{ name: 'slow start', volume_percent: 60, tokens_percent: 90, price_percent: 100 }, { name: 'success', volume_percent: 250, tokens_percent: 120, price_percent: 100 }, { name: 'price cut', volume_percent: 100, tokens_percent: 100, price_percent: 70 }]),
  candidates: tableField({
    title: 'Candidates', description: `Dollars a million tokens. An empty price is taken from the platform's price file of ${PROVIDER_DATA_DATE}; check it with the vendor. A Test takes the first row.`, min: 1, max: 8,
    columns: {
      name: z.string().trim().min(1).max(40).meta({ title: 'Name' }), model: z.enum(MODELS).meta({ title: 'Model', 'x-enum-labels': LABELS }),
      input_usd: price('Input'), output_usd: price('Output'), cached_input_usd: price('Cached input'), batch_discount_percent: z.int().min(0).max(90).optional().meta({ title: 'Batch discount, %' }),
      fixed_usd_month: z.number().min(0).max(10_000_000).optional().meta({ title: 'Fixed, a month' }), tokens_per_minute: z.int().min(1).max(1_000_000_000).optional().meta({ title: 'Limit, tokens a minute' }),
    },
  }),
  routing_share_percent: z.int().min(0).max(100).default(0).meta(slider('Requests a small model does well enough', 'Above 0: the cheapest candidate first, the dearest for the rest, as one more line.', '%', 5)),
  budget_usd_month: z.number().min(0).max(100_000_000).default(0).meta({ title: 'Budget', description: '0 = no limit.', 'x-ui': { unit: 'dollars a month' } }),
  max_usd_per_request: z.number().min(0).max(10_000).default(0).meta({ title: 'A request may cost', description: '0 = no limit.', 'x-ui': { unit: 'dollars' } }),
  peak_requests_per_minute: z.int().min(0).max(1_000_000).default(60).meta({ title: 'Requests at peak', description: 'Compared with the limit of each row.', 'x-ui': { unit: 'a minute' } }),
  value_usd_per_outcome: z.number().min(0).max(1_000_000).default(0).meta({ title: 'What a good outcome is worth', description: 'Or costs today. 0 = not compared.', 'x-ui': { unit: 'dollars' } }),
  accepted_percent: z.int().min(1).max(100).default(80).meta(slider('Answers that are accepted', 'Cost is given for an accepted outcome too.', '%', 5)),
  probe: z.enum(['own', 'named', 'none']).default('own').meta({ title: 'Try the samples', description: 'A cheap look at quality; it buys one call a sample and model.', 'x-enum-labels': { own: 'With the model of this run', named: `With the named models (needs their keys, ${MAX_PROBED} at most)`, none: 'Not now' } }),
  task: z.string().trim().max(1000).default('').meta({ title: 'Task', description: 'What a model is asked to do with each sample.', 'x-ui': { widget: 'textarea', rows: 2 }, 'x-show-if': { field: 'probe', in: ['own', 'named'] } }),
  samples: tableField({
    title: 'Samples', description: 'Real inputs with the answer you would accept. A Test takes two.', max: 10, 'x-show-if': { field: 'probe', in: ['own', 'named'] },
    columns: { text: z.string().trim().min(1).max(2000).meta({ title: 'Input' }), expected: z.string().trim().min(1).max(300).meta({ title: 'The answer contains' }) },
  }).default([]),
  min_quality_percent: z.int().min(0).max(100).default(70).meta({ ...slider('Right answers needed', 'A real model below it is out.', '%', 5), 'x-show-if': { field: 'probe', in: ['own', 'named'] } }),
  price_pages: urlListField({ title: 'Price pages', description: 'Read in Full and compared with your table; quotes are checked word for word.', max: 3, 'x-show-if': { field: 'tools_enabled', includes: 'fetch_url' } }),
  price_text: z.string().trim().max(8_000).optional().meta({ title: 'Pasted price list', description: 'The same, as text of a page or an offer.', 'x-ui': { widget: 'textarea', rows: 5 } }),
  tools_enabled: z.array(z.enum(TOOLS)).max(3).refine((tools) => new Set(tools).size === tools.length, 'each only once').default(['library_search', 'fetch_url']).meta({ title: 'Where material comes from', description: 'The network is used in Full only.', uniqueItems: true, 'x-enum-labels': { library_search: 'Library', fetch_url: 'The price pages you name', web_search: 'Search for the prices of the candidates' } }),
});
export type ProviderCostModelInput = z.infer<typeof input>;
export type ProviderCostModelForm = z.input<typeof input>;

const sentence = (words: string) => z.string().min(1).max(260).describe(words);
const answers = {
  price_check: z.strictObject({
    findings: z.array(z.strictObject({ model_title: z.string().min(1).max(80).describe('the model that the price is for'), quote: z.string().min(8).max(300).describe('the words of the page, copied exactly'), verdict: z.enum(['agrees', 'differs', 'unclear']).describe('against the price of the table') })).max(6),
  }),
  assumptions: (items: number) => z.strictObject({ assumptions: z.array(z.strictObject({ assumption: sentence('what is assumed'), consequence: sentence('what happens to the bill when it is wrong'), check: sentence('how to measure it') })).min(items).max(items) }),
} as const;
export type PriceCheck = z.infer<typeof answers.price_check>;
export type Assumptions = z.infer<ReturnType<typeof answers.assumptions>>;

export const providerCostModelDefinition = defineCatalogEntry({
  slug: 'provider_cost_model', workflowType: 'providerCostModel', version: 2, title: 'Provider choice and cost model',
  outcome: 'A bill for every candidate and scenario with the source of each price, a memo with the choice, and a fallback chain you can paste into a run.',
  description: 'Takes prices from your table and the dated price file, works out month and horizon, checks the figures with a calculator, compares price pages, tries your samples, varies each driver, and orders a fallback chain.',
  personas: ['ai_architect', 'executive'], tags: ['cost', 'providers', 'budget', 'fallback'], difficulty: 'intermediate', estimatedMinutes: 4,
  input,
  tabs: [
    { key: 'workload', title: 'Workload', description: 'How much is asked, and how it grows.', fields: ['feature', 'requests_per_month', 'input_tokens', 'output_tokens', 'calls_per_request', 'added_tokens_per_call', 'waste_percent', 'growth_percent_month', 'horizon_months'] },
    { key: 'candidates', title: 'Candidates and prices', description: 'Who is asked, at which price.', fields: ['candidates', 'cached_share_percent', 'batch_share_percent', 'routing_share_percent', 'price_pages', 'price_text', 'tools_enabled'] },
    { key: 'scenarios', title: 'Scenarios', description: 'What else may come.', fields: ['scenarios'] },
    { key: 'limits', title: 'Limits', description: 'What it may cost and has to carry.', fields: ['budget_usd_month', 'max_usd_per_request', 'peak_requests_per_minute', 'value_usd_per_outcome', 'accepted_percent'] },
    { key: 'quality', title: 'Quality', description: 'A cheap look, before money is spent.', fields: ['probe', 'task', 'samples', 'min_quality_percent'] },
  ],
  presets: PRESETS,
  skills: ['architecture/provider-cost-model', 'evaluation/model-comparison'],
  policy: { fullApproval: null },
  tools: ['calculate', 'check_quote', ...TOOLS],
  toolsFor: (run) => ['calculate', 'check_quote', ...run.tools_enabled],
  targetsFor: (run) => (run.probe === 'named' ? namedTargets(run.candidates) : []),
  artifacts: {
    memo: { fileName: 'memo.md', mimeType: 'text/markdown', title: 'Memo' },
    tco: { fileName: 'tco.csv', mimeType: 'text/csv', title: 'Bill by candidate and scenario' },
    chain: { fileName: 'chain.json', mimeType: 'application/json', title: 'Fallback chain' },
    chart: { fileName: 'cost.svg', mimeType: 'image/svg+xml', title: 'Cost over the horizon' },
  },
  testSlice: 'One candidate in all scenarios, two samples, one assumption and a short memo.',
  plan: (run, stage) => planOf(SIZES, stage, {
    probe: sampleCount(run.samples.length, stage) * probedCount(run.probe, namedTargets(run.candidates).length, stage),
    price_check: stage === 'full' ? (run.tools_enabled.includes('fetch_url') ? run.price_pages.length : 0) + (run.price_text ? 1 : 0) + (run.tools_enabled.includes('web_search') ? MAX_PRICE_SEARCHES : 0) : 0,
  }, [plannedTool('bill', 'Check the bill'), ...(stage === 'full' ? [plannedTool('levers', 'Look into the library')] : [])]),
  answers,
});

/** Each named model once. */
function namedTargets(candidates: ProviderCostModelInput['candidates']) {
  return [...new Set(candidates.map((candidate) => candidate.model))].map(targetOf).filter((target) => target !== null).slice(0, MAX_PROBED);
}

import { providerCostModelDefinition } from '#workflows/catalog/provider-cost-model/definition';
import { contains, csvRows, fileOf, hasSections, recomputed, wordsBetween, writtenIn } from './runner/checks.ts';
import type { EvalCase, EvalOutcome } from './runner/eval-case.ts';

const inputsOf = ({ inputs }: EvalOutcome) => providerCostModelDefinition.input.parse(inputs);
const expectedRows = (outcome: EvalOutcome): Record<string, string>[] => csvRows(outcome, 'tco.csv').filter((row) => row['scenario'] === 'expected');

/** The first month, counted call by call from the inputs and the prices that the row names. */
const firstMonth = recomputed('first month', (outcome) => {
  const load = inputsOf(outcome);
  let input = 0;
  for (let call = 0; call < load.calls_per_request; call += 1) input += load.input_tokens + call * load.added_tokens_per_call;
  const waste = 1 + load.waste_percent / 100;
  const month = (row: Record<string, string>): number => {
    const given = load.candidates.find((candidate) => candidate.name === row['candidate']);
    const [priceIn, priceOut] = [Number(row['usd_per_million_input']), Number(row['usd_per_million_output'])];
    const cached = load.cached_share_percent / 100;
    const request = ((input * (1 - cached) * priceIn + input * cached * (given?.cached_input_usd ?? priceIn) + load.calls_per_request * load.output_tokens * priceOut) * waste) / 1e6;
    return Math.round((request * load.requests_per_month + (given?.fixed_usd_month ?? 0)) * 100) / 100;
  };
  return { found: Object.fromEntries(expectedRows(outcome).map((row) => [row['candidate'] ?? '', Number(row['usd_first_month'])])), expected: Object.fromEntries(expectedRows(outcome).map((row) => [row['candidate'] ?? '', month(row)])) };
});

const cheapest = {
  name: 'the primary is the cheapest that keeps the limits',
  check: (outcome: EvalOutcome): string[] => {
    const { primary } = JSON.parse(fileOf(outcome, 'chain.json')) as { primary: { name: string } | null };
    const total = Object.keys(expectedRows(outcome)[0] ?? {}).find((column) => /^usd_\d+_months$/.test(column)) ?? '';
    const [best] = expectedRows(outcome).filter((row) => row['out_because'] === '').toSorted((a, b) => Number(a[total]) - Number(b[total]));
    return best?.['candidate'] === primary?.name ? [] : [`the chain begins with ${primary?.name ?? 'nobody'}, the cheapest is ${best?.['candidate'] ?? 'nobody'}`];
  },
};

export const cases: readonly EvalCase[] = [
  { name: 'support mail, three vendors', preset: 'support_mail', checks: [hasSections('memo.md', 'Choice', 'Bill', 'Scenarios', 'What moves the bill', 'Weakest assumptions', 'Sources', 'Recommended next steps'), wordsBetween('memo.md', 300, 3_000), writtenIn('memo.md', 'en'), firstMonth, cheapest] },
  { name: 'an agent, hosted or on own servers', preset: 'agent_or_own', checks: [firstMonth, cheapest, contains('memo.md', /Own servers is cheaper than GPT-5\.2 from [\d,]+ requests a month on/)] },
  { name: 'a pasted price list is read and its quotes are checked', preset: 'agent_or_own', inputs: { price_text: 'Price list of November. DeepSeek Chat: input 0.28 dollars, output 0.42 dollars a million tokens. Prices may change with 30 days notice.' }, checks: [firstMonth, contains('memo.md', '## Price pages')] },
  { name: 'prices are searched for', preset: 'support_mail', inputs: { tools_enabled: ['library_search', 'web_search'] }, checks: [hasSections('memo.md', 'Recommended next steps')] },
];

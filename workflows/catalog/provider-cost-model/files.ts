import { lineChart } from '#contracts/charts';
import { toCsv } from '#contracts/csv';
import { clip } from '#contracts/material';
import { PROVIDER_DATA_DATE } from '#contracts/provider-data';
import type { RunRequest } from '#contracts/workflow';
import type { OutputFile } from '../../stages/run-stages.ts';
import { body, bullets, nextSteps, oneLine, page, section, stamps, table } from '../../steps/report.ts';
import { Sources } from '../../steps/sources.ts';
import { chainOf, cheapestIn, firstOf, money, type Offer, type Probed } from './choice.ts';
import { billIn, EXPECTED, routed, sensitivity } from './cost.ts';
import type { Assumptions, PriceCheck, ProviderCostModelInput } from './definition.ts';
import type { Candidate } from './prices.ts';
import { breakEvens, choiceSentence } from './texts.ts';

/** The draft and the files made from it, finished or not. Pure. */
export interface Draft { date: string; candidates: Candidate[]; offers: Offer[]; checked: number; priceChecks: (PriceCheck['findings'][number] & { source: string; stands: boolean })[]; probed: Probed[]; answerCharacters: number[]; assumptions: Assumptions['assumptions']; levers: string; memo: string; trouble: string[]; sources: Sources }
export const newDraft = (): Draft => ({ date: '', candidates: [], offers: [], checked: 0, priceChecks: [], probed: [], answerCharacters: [], assumptions: [], levers: '', memo: '', trouble: [], sources: new Sources() });
type Stage = 'test' | 'full';
const bare = (text: string): string => text.replace(/^the (?:consequence|check)(?: when the [a-z ]+ are wrong)? is /i, '');

export function assembleFiles(request: Pick<RunRequest, 'provider'>, input: ProviderCostModelInput, draft: Draft, stage: Stage, remark: string | null): OutputFile[] {
  const { offers } = draft;
  if (offers.length === 0) return [];
  const files: OutputFile[] = [
    { key: 'memo', fileName: 'memo.md', mimeType: 'text/markdown', content: memo(request, input, draft, stage, remark), summary: choiceSentence(offers, input) },
    { key: 'tco', fileName: 'tco.csv', mimeType: 'text/csv', content: tco(input, offers), summary: `${offers.length} candidates in ${input.scenarios.length + 1} scenarios` },
    { key: 'chain', fileName: 'chain.json', mimeType: 'application/json', content: `${JSON.stringify(chain(request, input, draft), null, 2)}\n`, summary: `${chainOf(offers, input).length} stand-ins` },
  ];
  const lines = offers.flatMap(({ name, price }) => (price ? [{ name, points: Array.from({ length: input.horizon_months }, (_, month): [number, number] => [month + 1, billIn(input, price, { ...EXPECTED, volume_percent: 100 * (1 + input.growth_percent_month / 100) ** month }).usdMonth]) }] : []));
  if (lines.length > 0) files.push({ key: 'chart', fileName: 'cost.svg', mimeType: 'image/svg+xml', content: lineChart({ title: 'Cost a month over the horizon', xLabel: 'Month', yLabel: 'Dollars a month' }, lines), summary: 'Expected case' });
  return files;
}

/** One row a candidate and scenario; dollars. */
function tco(input: ProviderCostModelInput, offers: readonly Offer[]): string {
  const rows = offers.flatMap((offer) => [EXPECTED, ...input.scenarios].map((scenario) => {
    const found = offer.price ? billIn(input, offer.price, scenario) : null;
    const perOutcome = found ? found.usdRequest / (input.accepted_percent / 100) : null;
    return [offer.name, offer.provider, offer.model, scenario.name, offer.price?.input, offer.price?.output, offer.price?.source ?? 'no price', round(found?.usdRequest, 8), round(perOutcome, 8), round(found?.usdMonth, 2), round(found?.usdTotal, 2), found && input.budget_usd_month > 0 ? found.usdMonth <= input.budget_usd_month : null, offer.out.join('; ')];
  }));
  return toCsv(['candidate', 'provider', 'model', 'scenario', 'usd_per_million_input', 'usd_per_million_output', 'price_from', 'usd_request', 'usd_accepted_outcome', 'usd_first_month', `usd_${input.horizon_months}_months`, 'within_budget', 'out_because'], rows);
}
const round = (value: number | null | undefined, digits: number): number | null => (value === null || value === undefined ? null : Number(value.toFixed(digits)));

/** `fallback` has the shape that a run's `fallback` takes. */
function chain(request: Pick<RunRequest, 'provider'>, input: ProviderCostModelInput, { offers, date }: Draft): object {
  const first = firstOf(offers);
  const links = chainOf(offers, input);
  return {
    version: 1, made: date || null, simulated: request.provider === 'demo', prices_as_of: PROVIDER_DATA_DATE,
    primary: first ? { name: first.name, provider: first.provider, model: first.model } : null,
    fallback: links.map(({ offer }) => ({ provider: offer.provider, model: offer.model })),
    why: links.map(({ offer, reason, extraUsdDay }) => ({ name: offer.name, reason, extra_usd_a_day: round(extraUsdDay, 2) })),
    when: ['ProviderUnavailable', 'ProviderRateLimited', 'ProviderTimeout'],
    cost_cap_usd_a_request: first?.bill ? round(first.bill.usdRequest * 3, 6) : null,
    not_used: offers.filter((offer) => offer !== first && !links.some((link) => link.offer === offer)).map((offer) => ({ name: offer.name, reason: offer.out.join('; ') || (offer.provider === null ? 'not a model of the platform' : 'three stand-ins are enough') })),
  };
}

function memo(request: Pick<RunRequest, 'provider'>, input: ProviderCostModelInput, draft: Draft, stage: Stage, remark: string | null): string {
  const { offers } = draft;
  const first = firstOf(offers);
  const priced = offers.flatMap((offer) => (offer.bill ? [{ ...offer, bill: offer.bill }] : [])).toSorted((a, b) => a.bill.usdTotal - b.bill.usdTotal);
  const [small, large] = [priced[0], priced.at(-1)];
  const share = input.routing_share_percent / 100;
  const routing = share > 0 && small && large && small !== large && large.bill.usdRequest > small.bill.usdRequest ? routed(small.bill.usdRequest, large.bill.usdRequest, share) : null;
  const worth = first?.bill && input.value_usd_per_outcome > 0 ? { cost: first.bill.usdRequest / (input.accepted_percent / 100), value: input.value_usd_per_outcome } : null;
  const links = chainOf(offers, input);
  const answered = draft.answerCharacters.length > 0 ? draft.answerCharacters.reduce((sum, each) => sum + each, 0) / draft.answerCharacters.length / 4 : null;
  return page([
    `# Cost memo: ${clip(oneLine(input.feature), 90)}`,
    stamps(request, stage, 'one candidate. A Full run prices all of them.', remark),
    bullets(draft.trouble),
    section('Choice', `**${choiceSentence(offers, input)}**`),
    draft.memo && body(draft.memo),
    section('Bill', table(['Candidate', 'A request', 'First month', `${input.horizon_months} months`, 'Price from', 'Out because'], [...priced, ...offers.filter((offer) => !offer.bill)].map((offer) => [offer.name, offer.bill ? money(offer.bill.usdRequest) : null, offer.bill ? money(offer.bill.usdMonth) : null, offer.bill ? money(offer.bill.usdTotal) : null, offer.price?.source ?? 'no price', offer.out.join('; ') || '—']))),
    'Dollars. Taxes, support plans and the people who build it are not in it.',
    section('Scenarios', table(['Scenario', 'Requests', 'Tokens', 'Price', first ? `First month with ${first.name}` : 'First month', 'Cheapest'], [EXPECTED, ...input.scenarios].map((each) => [each.name, `${each.volume_percent} %`, `${each.tokens_percent} %`, `${each.price_percent} %`, first?.price ? money(billIn(input, first.price, each).usdMonth) : null, cheapestIn(offers, input, each)]))),
    first?.price && section('What moves the bill', table(['Driver', '30 % less', '30 % more'], sensitivity(input, first.price).filter((each) => money(each.low) !== money(each.high)).map((each) => [each.driver, money(each.low), money(each.high)]))),
    (routing !== null || worth || breakEvens(input, offers).length > 0) && section('Worth a look', bullets([
      ...(routing !== null && small && large ? [`Routing: ${small.name} first and ${large.name} for the ${Math.round((1 - share) * 100)} % it does not do well enough costs ${money(routing)} dollars a request, ${money((1 - routing / large.bill.usdRequest) * 100)} % less than ${large.name} alone.`] : []),
      ...(worth ? [`An accepted outcome costs ${money(worth.cost)} dollars at ${input.accepted_percent} % accepted; it is worth ${money(worth.value)}, ${money(worth.value / worth.cost)} times as much.`] : []), ...breakEvens(input, offers),
    ])),
    draft.probed.length > 0 && section('Quality probe', `${table(['Model', 'Right', 'Interval (95 %)', 'Counts for'], draft.probed.map((each) => { const quality = offers.find((offer) => offer.provider === each.provider && offer.model === each.model)?.quality; return [each.model, `${each.right} of ${each.n}`, quality ? `${Math.round(quality.low * 100)} to ${Math.round(quality.high * 100)} %` : null, each.provider === 'demo' ? 'nothing: the demo provider is no model' : quality ? each.candidate : 'no candidate of the table']; }))}${answered === null ? '' : `\n\nThe answers had about ${Math.round(answered)} tokens each (characters ÷ 4); the bill assumes ${input.output_tokens}.`}`),
    draft.priceChecks.length > 0 && section('Price pages', table(['Model', 'Words of the page', 'Against the table', 'Stands there', 'Source'], draft.priceChecks.map((each) => [each.model_title, each.quote, each.verdict, each.stands ? 'yes' : 'no: do not use it', `[${each.source}]`]))),
    draft.assumptions.length > 0 && section('Weakest assumptions', table(['Assumed', 'If wrong', 'Check'], draft.assumptions.map((each) => [each.assumption, bare(each.consequence), bare(each.check)]))),
    draft.levers && section('Ways to spend less', body(draft.levers)),
    section('While the first is away', links.length > 0 ? table(['#', 'Candidate', 'Model', 'Why here', 'Extra dollars a day'], links.map(({ offer, reason, extraUsdDay }, index) => [index + 1, offer.name, offer.model, reason, money(extraUsdDay)])) : 'Nobody stands in: no other candidate of the platform keeps the limits. chain.json says why.'),
    section('How it was calculated', bullets([
      `Input of a request = calls × input + added × calls × (calls − 1) ÷ 2, then ${input.waste_percent} % waste; ${input.cached_share_percent} % at the cached price where a row names one.`,
      `Prices: the row's own, else the platform's price file of ${PROVIDER_DATA_DATE}. No model was asked for a price.`,
      `${draft.checked} figures were worked out a second time by the calculator. Chosen is the cheapest over the horizon that keeps every limit.`,
    ])),
    draft.sources.markdown([body(draft.memo), body(draft.levers)]),
    nextSteps([
      stage === 'test' && 'Run Full to price every candidate.',
      !first && 'Raise a limit or add a candidate, then run again.',
      offers.some((offer) => offer.price && offer.price.source !== 'your table') && 'Check the list prices with the vendors and put yours into the table.',
      draft.probed.every((each) => each.provider === 'demo') && 'Try your samples with the named models before you sign: price without quality decides nothing.',
      first && `Set an alert at 50, 80 and 100 % of ${money(input.budget_usd_month || (first.bill?.usdMonth ?? 0))} dollars a month, and a cap for each request.`,
      links.length > 0 && 'Paste "fallback" of chain.json into the run, or have it set for the workspace.',
    ]),
  ]);
}

import { firstOf, money, type Offer } from './choice.ts';
import { breakEven, sensitivity } from './cost.ts';
import type { ProviderCostModelInput } from './definition.ts';

/** Figures as sentences: what models read and cite, and what the story shows. Pure. */
export function choiceSentence(offers: readonly Offer[], input: Pick<ProviderCostModelInput, 'horizon_months'>): string {
  const first = firstOf(offers);
  if (!first?.bill) return offers.length === 0 ? 'Nothing was priced.' : 'No candidate keeps all limits; see why each is out.';
  return `Take ${first.name}: ${money(first.bill.usdMonth)} dollars in the first month, ${money(first.bill.usdTotal)} over ${input.horizon_months} months.`;
}

export const priceText = (offers: readonly Offer[]): string => offers.map(({ name, model, price }) => (price ? `${name} (${model}) costs ${price.input} dollars a million input tokens and ${price.output} dollars a million output tokens, according to ${price.source.replace(/^price file/, 'the price file')}${price.cached === price.input ? '' : `, cached input ${price.cached} dollars`}${price.fixedMonth > 0 ? `, and ${money(price.fixedMonth)} dollars fixed a month` : ''}.` : `${name} has no price in the table or the price file.`)).join('\n');

export function billText(input: ProviderCostModelInput, offers: readonly Offer[]): string {
  const first = firstOf(offers);
  const swings = first?.price ? sensitivity(input, first.price) : [];
  const tokens = offers.find((offer) => offer.bill)?.bill?.tokens;
  return [
    choiceSentence(offers, input),
    tokens && `A request takes ${money(tokens.input + tokens.cached)} input tokens and ${money(tokens.output)} output tokens, waste of ${input.waste_percent} % included.`,
    ...offers.map(({ name, bill, out }) => (bill ? `${name} costs ${money(bill.usdRequest)} dollars a request, ${money(bill.usdMonth)} dollars in the first month and ${money(bill.usdTotal)} dollars over ${input.horizon_months} months${out.length > 0 ? `, and is out because ${out.join(' and ')}` : ''}.` : `${name} is out because ${out.join(' and ')}.`)),
    swings[0] && swings[1] && `The bill hangs most on ${swings[0].driver}: 30 % less gives ${money(swings[0].low)} dollars a month and 30 % more gives ${money(swings[0].high)}; next comes ${swings[1].driver}.`,
  ].filter(Boolean).join('\n');
}

/** What may be wrong, each with the figure behind it; the controller reads them. Most telling first. */
export function assumptionTexts(input: ProviderCostModelInput, offers: readonly Offer[]): { title: string; text: string }[] {
  const first = firstOf(offers) ?? offers.find((offer) => offer.price) ?? null;
  const swings = first?.price ? sensitivity(input, first.price).filter(({ driver, low, high }) => driver !== 'price' && Math.abs(high - low) > 1e-9) : [];
  const checks: Record<string, string> = {
    requests: 'to count a week of real use before the contract', 'input tokens': 'to count the tokens of 100 real prompts with the vendor\'s counter', 'output tokens': 'to log the tokens of 100 real answers, hidden reasoning included',
    'calls a request': 'to log the calls of 100 real requests', 'cached share': 'to read the cached tokens in the vendor\'s usage of a week', waste: 'to count retries and repairs of a week',
  };
  const drivers = swings.slice(0, 3).map(({ driver, low, high }) => ({ title: `Assumption: ${driver}`, text: `The model assumes the ${driver} as entered; 30 % more moves the month from ${money(first?.bill?.usdMonth ?? 0)} to ${money(high)} dollars.\n\nThe consequence when the ${driver} are wrong is a bill between ${money(low)} and ${money(high)} dollars a month.\n\nThe check is ${checks[driver] ?? 'to measure it for a week'}.` }));
  return [
    ...drivers.slice(0, 2),
    { title: 'Assumption: the price', text: `The model assumes that the price of ${first?.name ?? 'each candidate'} stays as it is in the ${first?.price?.source ?? 'table'}.\n\nThe consequence is a bill that moves in proportion with every change of the list.\n\nThe check is to read the vendor's page on the day you sign and to note the date.` },
    { title: 'Assumption: growth', text: `The model assumes ${input.growth_percent_month} % growth a month, so the last of ${input.horizon_months} months has ${((1 + input.growth_percent_month / 100) ** (input.horizon_months - 1)).toFixed(2)} times the requests of the first.\n\nThe consequence is that the budget is passed earlier or later than planned.\n\nThe check is to compare month by month and to alert at 50, 80 and 100 % of the budget.` },
    ...drivers.slice(2),
    { title: 'Assumption: what is accepted', text: `The model assumes that ${input.accepted_percent} % of the answers are accepted.\n\nThe consequence is that an accepted outcome costs ${(100 / input.accepted_percent).toFixed(2)} times a request.\n\nThe check is to let people mark 100 answers.` },
  ];
}

/** Where a candidate with a fixed cost begins to pay, one sentence a pair. */
export function breakEvens(input: ProviderCostModelInput, offers: readonly Offer[]): string[] {
  return offers.filter((offer) => (offer.price?.fixedMonth ?? 0) > 0).flatMap((fixed) => offers.filter((offer) => offer !== fixed && offer.price).map((other) => {
    const requests = other.price && fixed.price ? breakEven(input, other.price, fixed.price) : null;
    return requests === null ? `${fixed.name} never becomes cheaper than ${other.name} by volume alone.` : `${fixed.name} is cheaper than ${other.name} from ${money(Math.ceil(requests))} requests a month on; planned are ${money(input.requests_per_month)}.`;
  }));
}

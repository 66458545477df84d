import type { Price } from './prices.ts';

/** Tokens to money. Pure arithmetic: dollars, tokens, months. The same words as expressions for the calculator are below. */
export interface Workload {
  requests_per_month: number; input_tokens: number; output_tokens: number; calls_per_request: number; added_tokens_per_call: number;
  cached_share_percent: number; batch_share_percent: number; waste_percent: number; growth_percent_month: number; horizon_months: number;
}
export interface Tokens { input: number; cached: number; output: number }
export interface Bill { /** of one request, waste included */ tokens: Tokens; usdRequest: number; usdMonth: number; usdTotal: number }

/** One request: every call sends the prompt again, and what the calls before it added. */
export function tokensPerRequest(load: Workload): Tokens {
  const { calls_per_request: n, waste_percent, cached_share_percent } = load;
  const waste = 1 + waste_percent / 100;
  const all = (n * load.input_tokens + (load.added_tokens_per_call * n * (n - 1)) / 2) * waste;
  const cached = (all * cached_share_percent) / 100;
  return { input: all - cached, cached, output: n * load.output_tokens * waste };
}

/** First month and the whole horizon, with growth from month to month. */
export function bill(load: Workload, price: Price): Bill {
  const tokens = tokensPerRequest(load);
  const full = (tokens.input * price.input + tokens.cached * price.cached + tokens.output * price.output) / 1e6;
  const usdRequest = full * (1 - (load.batch_share_percent / 100) * price.batch);
  const variable = usdRequest * load.requests_per_month;
  const growth = load.growth_percent_month / 100;
  const months = growth === 0 ? load.horizon_months : ((1 + growth) ** load.horizon_months - 1) / growth;
  return { tokens, usdRequest, usdMonth: variable + price.fixedMonth, usdTotal: variable * months + price.fixedMonth * load.horizon_months };
}

export interface Scenario { name: string; volume_percent: number; tokens_percent: number; price_percent: number }
export const EXPECTED: Scenario = { name: 'expected', volume_percent: 100, tokens_percent: 100, price_percent: 100 };

/** @returns workload and price as the scenario changes them; fixed cost stays */
export function inScenario(load: Workload, price: Price, scenario: Scenario): [Workload, Price] {
  const [volume, tokens, money] = [scenario.volume_percent / 100, scenario.tokens_percent / 100, scenario.price_percent / 100];
  return [
    { ...load, requests_per_month: load.requests_per_month * volume, input_tokens: load.input_tokens * tokens, output_tokens: load.output_tokens * tokens, added_tokens_per_call: load.added_tokens_per_call * tokens },
    { ...price, input: price.input * money, output: price.output * money, cached: price.cached * money },
  ];
}

export const billIn = (load: Workload, price: Price, scenario: Scenario): Bill => bill(...inScenario(load, price, scenario));

/** Tokens a minute at peak: compare with the vendor's limit. */
export function peakTokens(load: Workload, requestsPerMinute: number): number {
  const { input, cached, output } = tokensPerRequest(load);
  return (input + cached + output) * requestsPerMinute;
}

export interface Swing { driver: string; low: number; high: number }
/** The first month with one driver 30 % lower and 30 % higher, the widest first. */
export function sensitivity(load: Workload, price: Price): Swing[] {
  const at = (change: Partial<Workload>, money: Partial<Price> = {}): number => bill({ ...load, ...change }, { ...price, ...money }).usdMonth;
  const share = (percent: number, factor: number): number => Math.min(100, percent * factor);
  const swings = ([
    ['requests', (f: number) => at({ requests_per_month: load.requests_per_month * f })],
    ['input tokens', (f: number) => at({ input_tokens: load.input_tokens * f, added_tokens_per_call: load.added_tokens_per_call * f })],
    ['output tokens', (f: number) => at({ output_tokens: load.output_tokens * f })],
    // One call is what it is; an agent's number of calls is a guess.
    ['calls a request', (f: number) => at({ calls_per_request: load.calls_per_request === 1 ? 1 : load.calls_per_request * f })],
    ['cached share', (f: number) => at({ cached_share_percent: share(load.cached_share_percent, f) })],
    ['waste', (f: number) => at({ waste_percent: load.waste_percent * f })],
    ['price', (f: number) => at({}, { input: price.input * f, output: price.output * f, cached: price.cached * f })],
  ] as const).map(([driver, cost]) => ({ driver, low: cost(0.7), high: cost(1.3) }));
  return swings.toSorted((a, b) => Math.abs(b.high - b.low) - Math.abs(a.high - a.low));
}

/** Requests a month from which `b` is cheaper than `a`; null when it never is, or always. */
export function breakEven(load: Workload, a: Price, b: Price): number | null {
  const [ofA, ofB] = [bill(load, a).usdRequest, bill(load, b).usdRequest];
  const requests = (b.fixedMonth - a.fixedMonth) / (ofA - ofB);
  return Number.isFinite(requests) && requests > 0 && ofB < ofA ? requests : null;
}

/** A small model first, what it does not do well enough goes on to the large one: c_s + (1 − s) · c_l a request. */
export const routed = (small: number, large: number, share: number): number => small + (1 - share) * large;

/** The same figures as text for the calculator. @param id  a name of letters and digits */
export function checkExpressions(id: string, load: Workload, price: Price): { name: string; expression: string }[] {
  const { calls_per_request: n, growth_percent_month: g } = load;
  const months = g === 0 ? `${load.horizon_months}` : `(((1 + ${g}/100) ^ ${load.horizon_months} - 1) / (${g}/100))`;
  return [
    { name: `${id}_in`, expression: `(${n} * ${load.input_tokens} + ${load.added_tokens_per_call} * ${n} * (${n} - 1) / 2) * (1 + ${load.waste_percent}/100)` },
    { name: `${id}_out`, expression: `${n} * ${load.output_tokens} * (1 + ${load.waste_percent}/100)` },
    { name: `${id}_request`, expression: `(${id}_in * (1 - ${load.cached_share_percent}/100) * ${price.input} + ${id}_in * ${load.cached_share_percent}/100 * ${price.cached} + ${id}_out * ${price.output}) / 10^6 * (1 - ${load.batch_share_percent}/100 * ${price.batch})` },
    { name: `${id}_month`, expression: `${id}_request * ${load.requests_per_month} + ${price.fixedMonth}` },
    { name: `${id}_total`, expression: `${id}_request * ${load.requests_per_month} * ${months} + ${price.fixedMonth} * ${load.horizon_months}` },
  ];
}

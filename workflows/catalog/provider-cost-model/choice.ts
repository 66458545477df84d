import { wilson } from '../../steps/scoring.ts';
import { bill, billIn, peakTokens, type Bill, type Scenario, type Workload } from './cost.ts';
import type { Candidate } from './prices.ts';

/** Who is in, who is first and who stands in for whom, by rules that the memo prints. Pure: no model decides. */
export interface Limits { budget_usd_month: number; max_usd_per_request: number; peak_requests_per_minute: number; min_quality_percent: number }
export interface Probed { candidate: string; provider: string; model: string; right: number; n: number }
export interface Offer extends Candidate { bill: Bill | null; peak: number; quality: { right: number; n: number; low: number; high: number } | null; out: string[] }

const FEW = 5;
export const money = (value: number): string => (Math.abs(value) >= 100 ? String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',') : value === 0 ? '0' : String(Number(value.toPrecision(3))));

/** @param probed  answers of real models only: the demo engine says nothing about anybody's quality */
export function weigh(candidates: readonly Candidate[], load: Workload, limits: Limits, probed: readonly Probed[]): Offer[] {
  return candidates.map((candidate) => {
    const own = candidate.price ? bill(load, candidate.price) : null;
    const peak = peakTokens(load, limits.peak_requests_per_minute);
    const seen = probed.find((each) => each.provider === candidate.provider && each.model === candidate.model && each.n > 0);
    const [low, high] = seen ? wilson(seen.right, seen.n) : [0, 1];
    const quality = seen ? { right: seen.right, n: seen.n, low, high } : null;
    const out = [
      !own && 'it has no price in your table or in the price file',
      own && limits.budget_usd_month > 0 && own.usdMonth > limits.budget_usd_month && `it costs ${money(own.usdMonth)} dollars a month, above ${money(limits.budget_usd_month)}`,
      own && limits.max_usd_per_request > 0 && own.usdRequest > limits.max_usd_per_request && `a request costs ${money(own.usdRequest)} dollars, above ${limits.max_usd_per_request}`,
      candidate.tokensPerMinute !== null && peak > candidate.tokensPerMinute && `the peak needs ${money(peak)} tokens a minute and the limit is ${money(candidate.tokensPerMinute)}`,
      // With few samples only the whole interval below the limit says no.
      quality !== null && (quality.n < FEW ? quality.high : quality.right / quality.n) * 100 < limits.min_quality_percent && `it answered ${quality.right} of ${quality.n} samples right, below ${limits.min_quality_percent} %`,
    ].filter((reason): reason is string => Boolean(reason));
    return { ...candidate, bill: own, peak, quality, out };
  });
}

/** The cheapest over the horizon among those that are in; of equals the first named. */
export function firstOf(offers: readonly Offer[]): Offer | null {
  return offers.filter((offer) => offer.out.length === 0).reduce<Offer | null>((best, offer) => (!best || (offer.bill?.usdTotal ?? Infinity) < (best.bill?.usdTotal ?? Infinity) - 1e-9 ? offer : best), null);
}

export interface Link { offer: Offer; reason: string; /** what a day of it costs more than a day of the first */ extraUsdDay: number }
/** Who answers while the first is away: another vendor before another model of the same one, the cheapest first. */
export function chainOf(offers: readonly Offer[], load: Workload): Link[] {
  const first = firstOf(offers);
  if (!first) return [];
  const day = (offer: Offer): number => ((offer.bill?.usdRequest ?? 0) * load.requests_per_month) / 30;
  const able = offers.filter((offer) => offer !== first && offer.provider !== null && !offer.out.some((reason) => /price|samples|tokens a minute/.test(reason)));
  return able.toSorted((a, b) => Number(a.provider === first.provider) - Number(b.provider === first.provider) || day(a) - day(b)).slice(0, 3).map((offer) => ({
    offer, extraUsdDay: day(offer) - day(first),
    reason: offer.provider === first.provider ? 'the same vendor: helps when the model is away, not when the vendor is' : `another vendor${offer.out.length > 0 ? ', above the budget if it lasted a month' : ''}`,
  }));
}

/** How the order of cost changes with the scenario: who is cheapest there. */
export function cheapestIn(offers: readonly Offer[], load: Workload, scenario: Scenario): string | null {
  const priced = offers.flatMap((offer) => (offer.price ? [{ name: offer.name, usd: billIn(load, offer.price, scenario).usdMonth }] : []));
  return priced.toSorted((a, b) => a.usd - b.usd)[0]?.name ?? null;
}

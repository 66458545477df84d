import { chooseLayout, sizeLayout, type Load, type Sized } from './sizing.ts';
import { STORES, type Hosting, type StoreId } from './stores.ts';

/** Who is out and who wins, by rules that the report prints. Pure: no model decides. */
export interface Wishes extends Load {
  candidates: readonly StoreId[]; hosting: readonly Hosting[]; open_source_only: boolean; budget_usd_month: number;
  p95_ms: number; filtering: 'none' | 'broad' | 'narrow'; hybrid: boolean; tenants: 'one' | 'shared' | 'separate'; current_store: StoreId | 'none';
  quotes: readonly { store: StoreId; usd_month: number; source: string }[];
  weight_cost: number; weight_operations: number; weight_features: number; weight_exit: number;
}
export const CRITERIA = ['cost', 'operations', 'features', 'exit'] as const;
export const CRITERION_WORDS = { cost: 'cost', operations: 'operations', features: 'features', exit: 'the way out' } as const;
export type Criterion = (typeof CRITERIA)[number];
export interface Option { store: StoreId; now: Sized | null; horizon: Sized | null; usdMonth: number | null; costFrom: string; excluded: string[]; /** each 0 to 1 */ scores: Record<Criterion, number>; total: number }

/** Whole, thousands apart. */
export const grouped = (value: number): string => String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
const PLACES: Record<Hosting, string> = { postgres: 'an existing PostgreSQL', own_servers: 'servers of your own', library: 'a library in your process', managed: 'a managed service' };

/** The options in the order given, each with its reasons to be out and its score; the score of the excluded is for information. */
export function weighOptions(wishes: Wishes): Option[] {
  const costs = wishes.candidates.map((store) => priced(store, wishes));
  const cheapest = Math.min(...costs.flatMap(({ usdMonth }) => (usdMonth === null || usdMonth <= 0 ? [] : [usdMonth])));
  return wishes.candidates.map((store, index) => {
    const { usdMonth, costFrom, horizon, now } = costs[index] as ReturnType<typeof priced>;
    // A price that nobody named is the worst price: it cannot win by being unknown.
    const cost = usdMonth === null ? 0 : usdMonth <= 0 ? 1 : cheapest / usdMonth;
    const scores = { cost, operations: wishes.current_store === store ? 1 : STORES[store].operations, features: featureScore(store, wishes), exit: STORES[store].exit };
    return { store, now, horizon, usdMonth, costFrom, excluded: exclusions(store, wishes, horizon, usdMonth), scores, total: totalOf(scores, weightsOf(wishes)) };
  });
}

function priced(store: StoreId, wishes: Wishes): { now: Sized | null; horizon: Sized | null; usdMonth: number | null; costFrom: string } {
  const layout = chooseLayout(store, wishes);
  const [now, horizon] = layout ? [sizeLayout(store, layout, wishes, 'now'), sizeLayout(store, layout, wishes, 'horizon')] : [null, null];
  const quote = wishes.quotes.find((each) => each.store === store);
  if (quote) return { now, horizon, usdMonth: quote.usd_month, costFrom: `quote: ${quote.source}` };
  return { now, horizon, usdMonth: horizon?.usdMonth ?? null, costFrom: horizon?.usdMonth === null || !horizon ? 'no price given' : 'your unit prices' };
}

function exclusions(store: StoreId, wishes: Wishes, horizon: Sized | null, usdMonth: number | null): string[] {
  const { hosting, openSource, filters, shards } = STORES[store];
  return [
    !wishes.hosting.includes(hosting) && `runs as ${PLACES[hosting]}, which was not allowed`,
    wishes.open_source_only && !openSource && 'is not open source',
    !horizon && `has no index for ${grouped(wishes.dimensions)} dimensions in the layouts allowed`,
    horizon && !horizon.fits && `needs ${horizon.memoryGb.toFixed(1)} GB of memory at the horizon, more than ${shards ? `${wishes.max_nodes} machines of ` : 'one machine of '}${wishes.node_memory_gb} GB`,
    usdMonth !== null && wishes.budget_usd_month > 0 && usdMonth > wishes.budget_usd_month && `costs ${grouped(usdMonth)} dollars a month, above the budget`,
    wishes.filtering === 'narrow' && filters === 0 && 'cannot filter during the search, and filters that keep little are needed',
    wishes.tenants === 'separate' && STORES[store].tenants === 0 && 'has no separation of tenants',
  ].filter((reason): reason is string => Boolean(reason));
}

/** Mean over what is really wanted; 1 when nothing special is. */
function featureScore(store: StoreId, { filtering, hybrid, tenants }: Wishes): number {
  const facts = STORES[store];
  const wanted = [filtering !== 'none' && facts.filters, hybrid && facts.hybrid, tenants !== 'one' && facts.tenants].filter((grade): grade is 0 | 1 | 2 => grade !== false);
  return wanted.length === 0 ? 1 : wanted.reduce((sum: number, grade) => sum + grade / 2, 0) / wanted.length;
}

type Weights = Record<Criterion, number>;
export const weightsOf = (wishes: Pick<Wishes, 'weight_cost' | 'weight_operations' | 'weight_features' | 'weight_exit'>): Weights => ({ cost: wishes.weight_cost, operations: wishes.weight_operations, features: wishes.weight_features, exit: wishes.weight_exit });

/** Weighted mean, 0 to 100; all weights 0 = all the same. */
export function totalOf(scores: Record<Criterion, number>, weights: Weights): number {
  const sum = CRITERIA.reduce((total, key) => total + weights[key], 0);
  return 100 * CRITERIA.reduce((total, key) => total + scores[key] * (sum === 0 ? 1 / CRITERIA.length : weights[key] / sum), 0);
}

/** The highest total among those that are not out; of equals the one with less to run, then the first named. */
export function winnerOf(options: readonly Option[]): Option | null {
  return options.filter((option) => option.excluded.length === 0).reduce<Option | null>((best, option) => {
    if (!best || option.total > best.total + 1e-9) return option;
    return Math.abs(option.total - best.total) <= 1e-9 && option.scores.operations > best.scores.operations ? option : best;
  }, null);
}

/** Who wins when one weight is left out or doubled: how much the decision hangs on taste. */
export function sensitivity(options: readonly Option[], wishes: Wishes): { change: string; winner: StoreId | null; same: boolean }[] {
  const usual = winnerOf(options)?.store ?? null;
  return CRITERIA.flatMap((key) => ([['left out', 0], ['doubled', 2]] as const).map(([words, factor]) => {
    const weights = { ...weightsOf(wishes), [key]: weightsOf(wishes)[key] * factor };
    const winner = winnerOf(options.map((option) => ({ ...option, total: totalOf(option.scores, weights) })))?.store ?? null;
    return { change: `Weight of ${CRITERION_WORDS[key]} ${words}`, winner, same: winner === usual };
  }));
}

export interface WeakPoint { title: string; point: string; consequence: string; check: string }

/** Where the decision is thin, with the figures behind it; the devil's advocate reads them. Most telling first. */
export function weakPoints(options: readonly Option[], wishes: Wishes): WeakPoint[] {
  const winner = winnerOf(options);
  if (!winner) return [{ title: 'Nobody is left', point: 'No candidate meets every constraint.', consequence: 'the work stops or a rule is bent in silence', check: 'to loosen one constraint at a time and see who comes back' }];
  const { title, shards, weakness, measure, hosting } = STORES[winner.store];
  const rivals = options.filter((option) => option !== winner && option.excluded.length === 0).toSorted((a, b) => b.total - a.total);
  const flip = sensitivity(options, wishes).find((each) => !each.same && each.winner);
  const share = winner.horizon && hosting !== 'managed' ? winner.horizon.memoryGb / ((shards ? wishes.max_nodes : 1) * wishes.node_memory_gb) : null;
  const rival = rivals[0] && winner.total - rivals[0].total < 10 ? { name: STORES[rivals[0].store].title, points: (winner.total - rivals[0].total).toFixed(0) } : null;
  const points: (WeakPoint | false | null)[] = [
    flip !== undefined && { title: 'The weights', point: `With the ${flip.change.toLowerCase()}, the decision turns from ${title} to ${STORES[flip.winner as StoreId].title}.`, consequence: 'that the choice rests on one weight more than on any measurement', check: 'to ask those who will run it to set that weight without seeing the result' },
    { title: 'The known weakness', point: `The weakness of ${title} is that ${weakness}.`, consequence: 'searches that are slow or empty for some users only', check: `to measure ${measure}` },
    share !== null && { title: 'The growth', point: `At the horizon ${title} uses ${(share * 100).toFixed(0)} % of the memory allowed, headroom included.`, consequence: share > 0.7 ? 'a second migration as soon as growth is a little faster' : `that growth may be ${(1 / share).toFixed(1)} times as large before the index is full`, check: 'to count new and deleted chunks of the last three months' },
    rival && { title: 'The runner-up', point: `${rival.name} is only ${rival.points} points behind ${title}, which is less than the grades are sure of.`, consequence: 'that a small change of the load makes it the better choice', check: `to load the same sample into ${rival.name} and compare` },
    winner.usdMonth === null && { title: 'The price', point: `The price of ${title} is not known, so it got no points for cost.`, consequence: 'a bill that nobody agreed to', check: 'to ask for a quote for the load at the horizon' },
    winner.horizon && winner.horizon.layout !== 'float32' && { title: 'The compression', point: `${title} fits only with ${winner.horizon.layout} numbers.`, consequence: `recall below the ${wishes.recall_percent} % wanted`, check: 'to compare 100 questions with exact search on full vectors' },
    { title: 'The latency', point: `Whether ${title} answers in ${wishes.p95_ms} ms at ${wishes.queries_per_second} queries a second was not measured.`, consequence: 'a store that meets every rule and still feels slow', check: 'a load test of an hour with filters and writes' },
    { title: 'The vectors', point: 'Every figure holds for the embedding model of today.', consequence: 'that a new model with more dimensions changes memory and cost in proportion', check: 'to size the next model you would take before you sign' },
  ];
  return points.filter((each): each is WeakPoint => Boolean(each));
}

export const weakPointText = ({ point, consequence, check }: WeakPoint): string => `${point}\n\nThe consequence is ${consequence}.\n\nThe cheapest check is ${check}.`;

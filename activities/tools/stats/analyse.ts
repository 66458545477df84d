import { mean, sampleCorrelation, sampleStandardDeviation } from 'simple-statistics';
import type { z } from 'zod';
import type { Analysis } from '#contracts/data-tools.schema';
import type { StatisticsData } from '#contracts/data-tools';
import { ToolProblem } from '../tool.ts';
import { chiSquareTail, intervalOf, normalQuantile, normalTail, pValue, tQuantile, tTail } from './distributions.ts';
import { seededRandom } from './seeded-random.ts';

type Wanted = z.output<typeof Analysis>;
type Of<Test extends Wanted['test']> = Extract<Wanted, { test: Test }>;
type Sample = Of<'welch'>['a'];

/** The textbook tests, as R computes them. @throws ToolProblem `failed` when the figures allow no answer */
export function analyse(wanted: Wanted): StatisticsData {
  switch (wanted.test) {
    case 'describe': return describe(wanted);
    case 't_test': return tTest(wanted);
    case 'welch': return welch(wanted);
    case 'chi_square': return chiSquare(wanted);
    case 'two_proportions': return twoProportions(wanted);
    case 'bootstrap_mean_difference': return bootstrap(wanted);
    case 'sample_ratio': return sampleRatio(wanted);
    case 'mann_whitney': return mannWhitney(wanted);
    case 'correlation': return correlation(wanted);
    case 'holm': return holm(wanted);
    case 'sample_size': return sampleSize(wanted);
  }
}

const refuse = (sentence: string): never => { throw new ToolProblem('failed', sentence); };

/** Linear interpolation between the two nearest values (type 7 of Hyndman and Fan, R's default). @param sorted  ascending */
export function quantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const [below, above] = [sorted[Math.floor(place)] as number, sorted[Math.ceil(place)] as number];
  return below + (above - below) * (place - Math.floor(place));
}

function describe({ values, confidence }: Of<'describe'>): StatisticsData {
  const sorted = values.toSorted((a, b) => a - b);
  const n = values.length;
  const centre = mean(values);
  const sd = n > 1 ? sampleStandardDeviation(values) : null;
  const standardError = sd === null ? null : sd / Math.sqrt(n);
  return {
    test: 'describe', n, mean: centre, sd, standard_error: standardError, min: sorted[0] as number, q1: quantile(sorted, 0.25), median: quantile(sorted, 0.5), q3: quantile(sorted, 0.75), max: sorted.at(-1) as number, confidence,
    interval: standardError === null ? null : intervalOf(centre, standardError, (p) => tQuantile(p, n - 1), confidence, 'two_sided'),
  };
}

const summarise = (sample: Sample): { mean: number; sd: number; n: number } => (Array.isArray(sample) ? { mean: mean(sample), sd: sampleStandardDeviation(sample), n: sample.length } : sample);

function tTest(wanted: Of<'t_test'>): StatisticsData {
  const { paired, mu } = wanted;
  if (paired) {
    const [before, after] = [wanted.a, wanted.b];
    if (!Array.isArray(before) || !Array.isArray(after) || before.length !== after.length) return refuse('A paired test needs two lists of values of the same length.');
    return tResult(wanted, summarise(before.map((value, index) => value - (after[index] as number))), null, [mean(before), mean(after)], [before.length, after.length]);
  }
  const a = summarise(wanted.a);
  if (wanted.b === undefined) return tResult(wanted, a, null, [a.mean], [a.n]);
  const b = summarise(wanted.b);
  const df = a.n + b.n - 2;
  const pooled = Math.sqrt(((a.n - 1) * a.sd ** 2 + (b.n - 1) * b.sd ** 2) / df);
  return tResult({ ...wanted, mu }, { mean: a.mean - b.mean, sd: pooled, n: a.n }, { standardError: pooled * Math.sqrt(1 / a.n + 1 / b.n), df }, [a.mean, b.mean], [a.n, b.n]);
}

function welch(wanted: Of<'welch'>): StatisticsData {
  const [a, b] = [summarise(wanted.a), summarise(wanted.b)];
  const [va, vb] = [a.sd ** 2 / a.n, b.sd ** 2 / b.n];
  const df = (va + vb) ** 2 / (va ** 2 / (a.n - 1) + vb ** 2 / (b.n - 1));
  const pooled = Math.sqrt(((a.n - 1) * a.sd ** 2 + (b.n - 1) * b.sd ** 2) / (a.n + b.n - 2));
  return tResult({ ...wanted, mu: 0 }, { mean: a.mean - b.mean, sd: pooled, n: a.n }, { standardError: Math.sqrt(va + vb), df }, [a.mean, b.mean], [a.n, b.n]);
}

function tResult(wanted: { test: 't_test' | 'welch'; mu: number; confidence: number; alternative: Of<'welch'>['alternative'] }, one: { mean: number; sd: number; n: number }, two: { standardError: number; df: number } | null, means: number[], n: number[]): StatisticsData {
  const { standardError, df } = two ?? { standardError: one.sd / Math.sqrt(one.n), df: one.n - 1 };
  if (!(standardError > 0)) return refuse('All values are the same: there is no spread to test against.');
  const difference = one.mean - wanted.mu;
  const statistic = difference / standardError;
  return { test: wanted.test, statistic, df, p_value: pValue(statistic, (value) => tTail(value, df), wanted.alternative), difference, interval: intervalOf(difference, standardError, (p) => tQuantile(p, df), wanted.confidence, wanted.alternative), confidence: wanted.confidence, cohens_d: difference / one.sd, means, n };
}

function chiSquare({ table }: Of<'chi_square'>): StatisticsData {
  const width = table[0]?.length ?? 0;
  if (table.some((row) => row.length !== width)) return refuse('Every row of the table needs the same number of counts.');
  const rows = table.map((row) => row.reduce((sum, count) => sum + count, 0));
  const columns = Array.from({ length: width }, (_, index) => table.reduce((sum, row) => sum + (row[index] as number), 0));
  const total = rows.reduce((sum, count) => sum + count, 0);
  if (rows.includes(0) || columns.includes(0)) return refuse('A row or column of the table is all zero; leave it out.');
  const expected = rows.map((row) => columns.map((column) => (row * column) / total));
  const statistic = table.reduce((sum, row, r) => sum + row.reduce((inner, count, c) => inner + (count - (expected[r]?.[c] as number)) ** 2 / (expected[r]?.[c] as number), 0), 0);
  const df = (rows.length - 1) * (width - 1);
  return { test: 'chi_square', statistic, df, p_value: chiSquareTail(statistic, df), expected, cramers_v: Math.sqrt(statistic / (total * Math.min(rows.length - 1, width - 1))), small_expected: expected.flat().filter((count) => count < 5).length };
}

function twoProportions({ successes_a: sa, n_a: na, successes_b: sb, n_b: nb, confidence, alternative }: Of<'two_proportions'>): StatisticsData {
  if (sa > na || sb > nb) return refuse('There are more successes than trials.');
  const [a, b, pooled] = [sa / na, sb / nb, (sa + sb) / (na + nb)];
  const spread = Math.sqrt(pooled * (1 - pooled) * (1 / na + 1 / nb));
  if (!(spread > 0)) return refuse('All trials had the same result: there is nothing to compare.');
  const statistic = (a - b) / spread;
  return { test: 'two_proportions', statistic, p_value: pValue(statistic, normalTail, alternative), rate_a: a, rate_b: b, difference: a - b, relative_change: b === 0 ? null : (a - b) / b, interval: intervalOf(a - b, Math.sqrt((a * (1 - a)) / na + (b * (1 - b)) / nb), normalQuantile, confidence, alternative), confidence };
}

function bootstrap({ a, b, resamples, seed, confidence }: Of<'bootstrap_mean_difference'>): StatisticsData {
  if (resamples * (a.length + b.length) > 50_000_000) return refuse('That is more than 50 million draws; ask for fewer resamples.');
  const random = seededRandom(seed);
  const drawn = (values: readonly number[]): number => { let sum = 0; for (let index = 0; index < values.length; index += 1) sum += values[Math.floor(random() * values.length)] as number; return sum / values.length; };
  const differences = Array.from({ length: resamples }, () => drawn(a) - drawn(b)).sort((left, right) => left - right);
  return { test: 'bootstrap_mean_difference', difference: mean(a) - mean(b), standard_error: sampleStandardDeviation(differences), interval: [quantile(differences, (1 - confidence) / 2), quantile(differences, (1 + confidence) / 2)], confidence, resamples, seed, share_above_zero: differences.filter((value) => value > 0).length / resamples };
}

function sampleRatio({ observed, expected_ratio: ratio, alpha }: Of<'sample_ratio'>): StatisticsData {
  if (observed.length !== ratio.length) return refuse('observed and expected_ratio need the same number of entries.');
  const total = observed.reduce((sum, count) => sum + count, 0);
  if (total === 0) return refuse('Nothing was observed.');
  const parts = ratio.reduce((sum, part) => sum + part, 0);
  const expected = ratio.map((part) => (total * part) / parts);
  const statistic = observed.reduce((sum, count, index) => sum + (count - (expected[index] as number)) ** 2 / (expected[index] as number), 0);
  const p = chiSquareTail(statistic, observed.length - 1);
  return { test: 'sample_ratio', statistic, df: observed.length - 1, p_value: p, expected, mismatch: p < alpha };
}

/** Ranks from 1; equal values share the mean of their ranks. `ties` = Σ(t³ − t). */
function ranksOf(values: readonly number[]): { ranks: number[]; ties: number } {
  const order = values.map((value, index) => ({ value, index })).sort((a, b) => a.value - b.value);
  const ranks = Array.from({ length: values.length }, () => 0);
  let ties = 0;
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to < order.length && order[to]?.value === order[from]?.value) to += 1;
    for (let at = from; at < to; at += 1) ranks[(order[at] as { index: number }).index] = (from + to + 1) / 2;
    ties += (to - from) ** 3 - (to - from);
    from = to;
  }
  return { ranks, ties };
}

/** Normal approximation with corrections for ties and continuity, as R's wilcox.test(exact = FALSE). */
function mannWhitney({ a, b, alternative }: Of<'mann_whitney'>): StatisticsData {
  const [na, nb, n] = [a.length, b.length, a.length + b.length];
  const { ranks, ties } = ranksOf([...a, ...b]);
  const u = ranks.slice(0, na).reduce((sum, rank) => sum + rank, 0) - (na * (na + 1)) / 2;
  const spread = Math.sqrt(((na * nb) / 12) * (n + 1 - ties / (n * (n - 1))));
  if (!(spread > 0)) return refuse('All values are the same: there are no ranks to compare.');
  const away = u - (na * nb) / 2;
  const correction = alternative === 'two_sided' ? Math.sign(away) * 0.5 : alternative === 'greater' ? 0.5 : -0.5;
  const z = (away - correction) / spread;
  const median = (values: readonly number[]): number => quantile(values.toSorted((x, y) => x - y), 0.5);
  return { test: 'mann_whitney', u, z, p_value: pValue(z, normalTail, alternative), rank_biserial: (2 * u) / (na * nb) - 1, medians: [median(a), median(b)] };
}

function correlation({ x, y, method, confidence }: Of<'correlation'>): StatisticsData {
  if (x.length !== y.length) return refuse('x and y need the same number of values.');
  const n = x.length;
  const df = n - 2;
  if (df < 1) return refuse('A correlation needs at least three pairs.');
  const [left, right] = method === 'spearman' ? [ranksOf(x).ranks, ranksOf(y).ranks] : [x, y];
  const r = Math.max(-1, Math.min(1, sampleCorrelation(left, right)));
  if (!Number.isFinite(r)) return refuse('One of the lists has no spread.');
  const statistic = Math.abs(r) === 1 ? null : r * Math.sqrt(df / (1 - r * r));
  const reach = normalQuantile((1 + confidence) / 2) / Math.sqrt(n - 3);
  return { test: 'correlation', method, r, statistic, df, p_value: statistic === null ? 0 : pValue(statistic, (value) => tTail(value, df), 'two_sided'), interval: n > 3 && statistic !== null && method === 'pearson' ? [Math.tanh(Math.atanh(r) - reach), Math.tanh(Math.atanh(r) + reach)] : null, confidence, n };
}

function holm({ p_values: ps, alpha }: Of<'holm'>): StatisticsData {
  const order = ps.map((p, index) => ({ p, index })).sort((a, b) => a.p - b.p);
  const adjusted = Array.from({ length: ps.length }, () => 0);
  let highest = 0;
  for (const [place, { p, index }] of order.entries()) { highest = Math.max(highest, Math.min(1, p * (ps.length - place))); adjusted[index] = highest; }
  return { test: 'holm', adjusted, rejected: adjusted.map((p) => p <= alpha), alpha };
}

/** Two groups of the same size, two-sided, normal approximation. */
function sampleSize({ kind, baseline, minimal_effect: effect, sd, alpha, power }: Of<'sample_size'>): StatisticsData {
  const [za, zb] = [normalQuantile(1 - alpha / 2), normalQuantile(power)];
  if (effect === 0) return refuse('An effect of zero cannot be found with any number of people.');
  let perGroup: number;
  if (kind === 'means') {
    if (sd === undefined) return refuse('For means the standard deviation sd is needed.');
    perGroup = 2 * (((za + zb) * sd) / effect) ** 2;
  } else {
    const other = baseline + effect;
    if (!(baseline > 0 && baseline < 1 && other > 0 && other < 1)) return refuse('baseline, and baseline with the effect, have to lie between 0 and 1.');
    const middle = (baseline + other) / 2;
    perGroup = ((za * Math.sqrt(2 * middle * (1 - middle)) + zb * Math.sqrt(baseline * (1 - baseline) + other * (1 - other))) / effect) ** 2;
  }
  const whole = Math.ceil(perGroup - 1e-9);
  return { test: 'sample_size', per_group: whole, total: 2 * whole, alpha, power, effect };
}

import jstat from 'jstat';

// A CommonJS package: Node gives its exports as the default one.
const { jStat } = jstat;

/** Tails and quantiles. Tails are computed as tails: 1 − cdf loses all digits where a result is most significant. */
export type Alternative = 'two_sided' | 'less' | 'greater';

export const normalQuantile = (p: number): number => jStat.normal.inv(p, 0, 1);
export const tQuantile = (p: number, df: number): number => jStat.studentt.inv(p, df);

/** P(Z > z) by the continued fraction of Mills' ratio far out, by the distribution function near the middle. */
export function normalTail(z: number): number {
  if (z < 0) return 1 - normalTail(-z);
  if (z < 5) return 1 - jStat.normal.cdf(z, 0, 1);
  let fraction = 0;
  for (let term = 60; term >= 1; term -= 1) fraction = term / (z + fraction);
  return Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI) / (z + fraction);
}

/** P(T > t). */
export function tTail(t: number, df: number): number {
  const outer = 0.5 * jStat.ibeta(df / (df + t * t), df / 2, 0.5);
  return t >= 0 ? outer : 1 - outer;
}

/** P(X > x) of chi-square. */
export function chiSquareTail(x: number, df: number): number {
  const [shape, half] = [df / 2, x / 2];
  if (half < shape + 1) return 1 - jStat.lowRegGamma(shape, half);
  // Lentz's continued fraction of the upper part: keeps its digits where the lower part is all but 1.
  let b = half + 1 - shape;
  let c = 1e300;
  let d = 1 / b;
  let h = d;
  for (let term = 1; term < 500; term += 1) {
    const a = -term * (term - shape);
    b += 2;
    d = 1 / (a * d + b || 1e-300);
    c = b + a / c || 1e-300;
    h *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return h * Math.exp(-half + shape * Math.log(half) - logGamma(shape));
}

/** Lanczos, g = 7: 15 digits. */
function logGamma(x: number): number {
  const terms = [0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7];
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const z = x - 1;
  const sum = terms.reduce((total, term, index) => (index === 0 ? term : total + term / (z + index)), 0);
  const t = z + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(sum);
}

/** The p-value of a statistic with a symmetric distribution. */
export function pValue(statistic: number, tail: (value: number) => number, alternative: Alternative): number {
  if (alternative === 'greater') return tail(statistic);
  if (alternative === 'less') return tail(-statistic);
  return Math.min(1, 2 * tail(Math.abs(statistic)));
}

/** The interval that belongs to the alternative; an open side is null. */
export function intervalOf(centre: number, standardError: number, quantile: (p: number) => number, confidence: number, alternative: Alternative): [number | null, number | null] {
  if (alternative === 'greater') return [centre - quantile(confidence) * standardError, null];
  if (alternative === 'less') return [null, centre + quantile(confidence) * standardError];
  const reach = quantile(1 - (1 - confidence) / 2) * standardError;
  return [centre - reach, centre + reach];
}

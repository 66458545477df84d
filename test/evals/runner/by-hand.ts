/** Textbook statistics for checks, written a second time and from the definitions (densities integrated, binomials added up), so that
 * a check does not agree with the product only because both share a line of code. */
export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
export const mean = (values: readonly number[]): number => sum(values) / values.length;
export const variance = (values: readonly number[]): number => sum(values.map((value) => (value - mean(values)) ** 2)) / (values.length - 1);

/** Area of a density from `from` on, by Simpson's rule over a span beyond which nothing is left at double precision. */
function tail(density: (x: number) => number, from: number, span: number, steps = 20_000): number {
  const width = span / steps;
  let area = density(from) + density(from + span);
  for (let step = 1; step < steps; step += 1) area += (step % 2 === 1 ? 4 : 2) * density(from + step * width);
  return (area * width) / 3;
}
const normalDensity = (x: number): number => Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);

/** Two-sided p of a standard normal figure; also of a chi-square of one degree of freedom, by its root. */
export const normalP = (z: number): number => 2 * tail(normalDensity, Math.abs(z), 12);

/** The z that leaves (1 - confidence) outside on both sides, by halving. */
export function zFor(confidence: number): number {
  let [low, high] = [0, 8];
  for (let round = 0; round < 60; round += 1) { const middle = (low + high) / 2; if (normalP(middle) > 1 - confidence) low = middle; else high = middle; }
  return (low + high) / 2;
}

/** p of a chi-square figure with two degrees of freedom, whose tail is an exponential. */
export const chiSquare2P = (statistic: number): number => Math.exp(-statistic / 2);

/** Wilson's interval at 95 %. */
export function wilson95(right: number, cases: number): [number, number] {
  const [z, share] = [zFor(0.95), right / cases];
  const middle = (share + (z * z) / (2 * cases)) / (1 + (z * z) / cases);
  const half = (z / (1 + (z * z) / cases)) * Math.sqrt((share * (1 - share)) / cases + (z * z) / (4 * cases * cases));
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}

/** Ways to choose `k` of `n`. */
export const choose = (n: number, k: number): number => (k < 0 || k > n ? 0 : Array.from({ length: k }, (_, at) => (n - at) / (at + 1)).reduce((product, factor) => product * factor, 1));

/** Two-sided p of a fair coin that fell `a` times one way and `b` times the other: McNemar's exact test. */
export const coinP = (a: number, b: number): number => Math.min(1, 2 * sum(Array.from({ length: Math.min(a, b) + 1 }, (_, k) => choose(a + b, k))) / 2 ** (a + b));

/** Two-sided p of a two-by-two table: all tables of the same margins that are no more likely. */
export function exactP(successesA: number, nA: number, successesB: number, nB: number): number {
  const chance = (k: number): number => choose(nA, k) * choose(nB, successesA + successesB - k);
  const all = Array.from({ length: nA + 1 }, (_, k) => chance(k));
  return sum(all.filter((each) => each <= chance(successesA) * (1 + 1e-9))) / sum(all);
}

/** Holm's step-down correction, order kept. */
export function holmP(values: readonly number[]): number[] {
  const below = (value: number): number[] => values.filter((other) => other <= value);
  return values.map((value) => Math.max(...below(value).map((other) => Math.min(1, other * (values.length - values.filter((smaller) => smaller < other).length)))));
}

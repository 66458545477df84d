/** Scores, intervals and tests of what a run counted itself (compared models, prompts, retrieval, attacks). Pure arithmetic: no model decides who is right. */
export type Metric = 'exact' | 'contains' | 'number';

/** Without citation marks of the material, case, punctuation at the ends and repeated white space. */
export const normalise = (text: string): string => text.replace(/\[[a-z]{1,8}\d{0,3}\]/gi, ' ').normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').replace(/^[\s"'“”.]+|[\s"'“”.]+$/g, '');

/** First number of the text; thousands commas are read, a sign and decimals kept. */
function numberIn(text: string): number | null {
  const found = /[-−]?\d[\d,]*(?:\.\d+)?/.exec(text.replace(/\[[a-z]{1,8}\d{0,3}\]/gi, ' '))?.[0];
  return found ? Number(found.replace('−', '-').replaceAll(',', '')) : null;
}

/** Whether an answer is right. `number`: the first number is within 1 % of the expected one (0 has to be 0). */
export function isRight(metric: Metric, answer: string, expected: string): boolean {
  if (metric === 'number') {
    const [got, wanted] = [numberIn(answer), numberIn(expected)];
    return got !== null && wanted !== null && Math.abs(got - wanted) <= Math.abs(wanted) * 0.01;
  }
  const [got, wanted] = [normalise(answer), normalise(expected)];
  return metric === 'exact' ? got === wanted : wanted !== '' && got.includes(wanted);
}

/** Wilson interval of a share, 95 %. @returns [0, 1] when nothing was counted */
export function wilson(right: number, n: number): [number, number] {
  if (n === 0) return [0, 1];
  const z = 1.959963984540054;
  const share = right / n;
  const middle = (share + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n));
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}

/** Exact McNemar test (two-sided binomial on the cases where only one of two is right). */
export function mcnemar(onlyA: number, onlyB: number): number {
  const n = onlyA + onlyB;
  let term = 0.5 ** n;
  let tail = 0;
  for (let k = 0; k <= Math.min(onlyA, onlyB); k += 1) {
    tail += term;
    term = (term * (n - k)) / (k + 1);
  }
  return Math.min(1, 2 * tail);
}

/** Holm's correction for several comparisons; order kept. */
export function holm(values: readonly number[]): number[] {
  const order = values.map((value, index) => ({ value, index })).sort((a, b) => a.value - b.value || a.index - b.index);
  const adjusted: number[] = [];
  let floor = 0;
  order.forEach(({ value, index }, rank) => {
    floor = Math.max(floor, Math.min(1, value * (values.length - rank)));
    adjusted[index] = floor;
  });
  return adjusted;
}

/** `count` places spread evenly over `length`, first and last included: the same sample each time. */
export function spread(length: number, count: number): number[] {
  if (length <= count) return Array.from({ length }, (_, index) => index);
  return Array.from({ length: count }, (_, index) => (count === 1 ? 0 : Math.round((index * (length - 1)) / (count - 1))));
}

/** `total` in whole parts, as near to the weights as whole numbers allow (largest remainders). */
export function allot(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((all, weight) => all + weight, 0);
  if (sum <= 0 || weights.length === 0) return weights.map((_, index) => (index === 0 ? total : 0));
  const exact = weights.map((weight) => (total * weight) / sum);
  const parts = exact.map(Math.floor);
  const order = exact.map((value, index) => ({ index, rest: value - Math.floor(value) })).toSorted((a, b) => b.rest - a.rest || a.index - b.index);
  for (const { index } of order.slice(0, total - parts.reduce((all, part) => all + part, 0))) parts[index] = (parts[index] ?? 0) + 1;
  return parts;
}

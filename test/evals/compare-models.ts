import { contains, csvRows, hasSections, recomputed, wordsBetween } from './runner/checks.ts';
import type { EvalCase, EvalOutcome } from './runner/eval-case.ts';

const rows = (outcome: EvalOutcome): Record<string, string>[] => csvRows(outcome, 'leaderboard.csv');
const number = (row: Record<string, string>, column: string): number => Number(row[column]);

/** Wilson's interval at 95 %, from the formula. */
function wilson(right: number, cases: number): [number, number] {
  const [z, share] = [1.959963984540054, right / cases];
  const middle = (share + (z * z) / (2 * cases)) / (1 + (z * z) / cases);
  const half = (z / (1 + (z * z) / cases)) * Math.sqrt((share * (1 - share)) / cases + (z * z) / (4 * cases * cases));
  return [middle - half, middle + half];
}

const leaderboard = recomputed('shares and intervals', (outcome) => ({
  found: Object.fromEntries(rows(outcome).flatMap((row) => ['accuracy', 'low_95', 'high_95'].map((column) => [`${row['candidate']} ${column}`, Math.round(1e6 * number(row, column)) / 1e6]))),
  expected: Object.fromEntries(rows(outcome).flatMap((row) => {
    const [low, high] = wilson(number(row, 'right'), number(row, 'cases'));
    return Object.entries({ accuracy: number(row, 'right') / number(row, 'cases'), low_95: low, high_95: high }).map(([column, value]) => [`${row['candidate']} ${column}`, Math.round(1e6 * value) / 1e6]);
  })),
}));

const ranked = {
  name: 'every candidate once, best first',
  check: (outcome: EvalOutcome): string[] => {
    const shares = rows(outcome).map((row) => number(row, 'accuracy'));
    const named = (outcome.inputs['candidates'] as { name: string }[]).map(({ name }) => name).toSorted();
    return [
      ...(shares.every((share, place) => place === 0 || share <= (shares[place - 1] ?? 1)) ? [] : [`the order is ${shares.join(', ')}`]),
      ...(rows(outcome).map((row) => row['candidate'] ?? '').toSorted().join('|') === named.join('|') ? [] : [`candidates are ${rows(outcome).map((row) => row['candidate']).join(', ')}`]),
    ];
  },
};

export const cases: readonly EvalCase[] = [
  { name: 'invoice numbers', preset: 'invoices', checks: [hasSections('failures.md', 'Pick', 'Leaderboard', 'Method', 'Recommended next steps'), wordsBetween('failures.md', 100, 2_500), contains('failures.md', '— library'), leaderboard, ranked] },
  { name: 'amounts as numbers', preset: 'amounts', checks: [leaderboard, ranked] },
];

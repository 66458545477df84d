import { contains, csvRows, hasSections, recomputed, wordsBetween, writtenIn } from './runner/checks.ts';
import { parseCsv } from '#test/support/parse-csv';
import type { EvalCase, EvalOutcome } from './runner/eval-case.ts';

/** Sums of a column by another, computed here once more from the rows that the run was given. */
function sums(csv: string, group: string, measure: string): Record<string, number> {
  const [header = [], ...rows] = parseCsv(csv);
  const [by, of] = [header.indexOf(group), header.indexOf(measure)];
  return rows.reduce<Record<string, number>>((totals, row) => ({ ...totals, [row[by] ?? '']: (totals[row[by] ?? ''] ?? 0) + Number(row[of]) }), {});
}
const figures = (outcome: EvalOutcome): Record<string, number> => Object.fromEntries(csvRows(outcome, 'figures.csv').map((row) => [row['group'] ?? '', Number(row['value'])]));

const PARTS = 'part,plant,scrapped\nbolt,Lyon,3\nnut,Lyon,4\nbolt,Turin,10.5\nnut,Turin,0\nnut,Lyon,5\n';

export const cases: readonly EvalCase[] = [
  {
    name: 'sales by region', preset: 'regions',
    checks: [
      contains('memo.md', '— library'), hasSections('memo.md', 'Figures', 'How it was calculated', 'Sources', 'Recommended next steps'),
      wordsBetween('memo.md', 80, 1_200),
      writtenIn('memo.md', 'en'),
      contains('analysis.sql', /select/i),
      recomputed('sums by region', (outcome) => ({ found: figures(outcome), expected: sums(String(outcome.inputs['data_csv']), 'region', 'amount_eur') })),
    ],
  },
  {
    name: 'an upload goes before pasted rows',
    inputs: { question: 'How much was scrapped in each plant?', data_file: 'upload:parts', measure_column: 'scrapped', group_column: 'plant', aggregate: 'sum' },
    uploads: { parts: { fileName: 'parts.csv', content: PARTS } },
    checks: [
      recomputed('scrap by plant', (outcome) => ({ found: figures(outcome), expected: sums(PARTS, 'plant', 'scrapped') })),
      contains('memo.md', 'Lyon', 'Turin'),
    ],
  },
];

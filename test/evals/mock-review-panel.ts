import { contains, csvRows, fileOf, hasSections, recomputed, wordsBetween, writtenIn } from './runner/checks.ts';
import type { EvalCase } from './runner/eval-case.ts';

const REVIEWED = hasSections('reviews.md', 'Meta-review', 'Scores', 'What to do first', 'Checklist', 'Sources', 'Recommended next steps');

export const cases: readonly EvalCase[] = [
  {
    name: 'an agent paper with a small gain', preset: 'agents',
    checks: [
      REVIEWED, contains('reviews.md', 'What stands, by a judge'), hasSections('reviews.md', 'Review of the methodologist', 'Review of the sceptic', 'Review of the newcomer'),
      wordsBetween('reviews.md', 500, 5_000), writtenIn('reviews.md', 'en'), contains('rebuttal.md', 'A draft to start from'),
      recomputed('medians of the scores', (outcome) => {
        const rows = fileOf(outcome, 'reviews.md').split('\n').filter((line) => /^\| (?:soundness|clarity|reproducibility|significance) \|/.test(line)).map((line) => line.split('|').map((cell) => cell.trim()).slice(1, -1));
        const middle = (values: number[]): number => { const sorted = values.toSorted((a, b) => a - b); return ((sorted[Math.floor((sorted.length - 1) / 2)] ?? 0) + (sorted[Math.ceil((sorted.length - 1) / 2)] ?? 0)) / 2; };
        return { found: Object.fromEntries(rows.map((row) => [row[0] ?? '', Number(row[1])])), expected: Object.fromEntries(rows.map((row) => [row[0] ?? '', middle(row.slice(6).map(Number))])) };
      }),
      { name: 'finds that the runs were not repeated', check: (outcome) => (csvRows(outcome, 'checklist.csv').some((row) => row['item'] === 'seeds' && row['state'] === 'not found') ? [] : ['seeds were taken as stated']) },
      { name: 'most points stand on words of the paper', realModelOnly: true, check: (outcome) => ((fileOf(outcome, 'reviews.md').match(/these words do not stand there/g) ?? []).length <= 2 ? [] : ['more than two points without a place']) },
    ],
  },
  { name: 'a data set for a strict language conference', preset: 'dataset', checks: [REVIEWED, contains('reviews.md', 'Bar: strict', 'Review of the ethicist')] },
  {
    name: 'an uploaded paper', preset: 'agents', inputs: { paper_file: 'upload:paper', reviewers: ['newcomer'] },
    uploads: { paper: { fileName: 'paper.md', content: '# Quiet engines\n\n## Abstract\nWe propose a quieter engine and measure its noise on 40 test runs.\n\n## Method\nThe engine is wrapped in felt. We compare with the same engine without felt.\n\n## Limitations\nFelt burns.\n' } },
    checks: [contains('reviews.md', 'Quiet engines', 'Limitations'), { name: 'one reviewer', check: (outcome) => ((fileOf(outcome, 'reviews.md').match(/^## Review of the /gm) ?? []).length === 1 ? [] : ['there is not exactly one review']) }],
  },
];

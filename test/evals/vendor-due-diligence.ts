import { contains, csvRows, hasSections, recomputed, wordsBetween } from './runner/checks.ts';
import type { EvalCase, EvalOutcome } from './runner/eval-case.ts';

const WEIGHTS = { data: 5, quality: 1, security: 4, operation: 2, business: 0, law: 3 };

/** Totals from the weights and scores of the card itself. */
const totals = recomputed('totals', (outcome) => {
  const rows = csvRows(outcome, 'scorecard.csv');
  const vendors = [...new Set(rows.map((row) => row['vendor'] ?? ''))];
  return {
    found: Object.fromEntries(rows.filter((row) => row['row'] === 'total').map((row) => [row['vendor'] ?? '', Number(row['score'])])),
    expected: Object.fromEntries(vendors.map((vendor) => {
      const parts = rows.filter((row) => row['vendor'] === vendor && row['row'] === 'part');
      const sum = (value: (row: Record<string, string>) => number): number => parts.reduce((total, row) => total + value(row), 0);
      return [vendor, (100 * sum((row) => Number(row['weight']) * Number(row['score']))) / (3 * sum((row) => Number(row['weight'])))];
    })),
  };
});
/** What a vendor says of itself is never worth more than a claim. */
const capped = {
  name: 'no score above what its source can show',
  check: (outcome: EvalOutcome): string[] => csvRows(outcome, 'scorecard.csv').filter((row) => row['row'] === 'part' && Number(row['score']) > (row['source_kind'] === 'independent' ? 3 : row['source_kind'] === 'vendor document' ? 2 : 1)).map((row) => `${row['vendor']}, ${row['criterion']}: ${row['score']} from ${row['source_kind'] || 'nothing'}`),
};

export const cases: readonly EvalCase[] = [
  { name: 'three assistants, nobody weighs', preset: 'assistants', checks: [hasSections('memo.md', 'Decision', 'At a glance', 'Must-haves', 'Claims that the evidence contradicts', 'How firm it is', 'Recommended next steps'), wordsBetween('memo.md', 300, 3_000), totals, capped, contains('memo.md', 'weights of tier 1')] },
  { name: 'the person weighs', preset: 'assistants', inputs: { decision_owner: 'The board' }, answers: { weights: WEIGHTS }, checks: [totals, capped, contains('memo.md', 'your answer'), recomputed('weights used', (outcome) => ({ found: Object.fromEntries(csvRows(outcome, 'scorecard.csv').filter((row) => row['vendor'] === 'Alderway' && row['row'] === 'part').map((row) => [row['criterion'] ?? '', Number(row['weight'])])), expected: { Data: 5, 'Model and quality': 1, Security: 4, Operation: 2, Business: 0, 'Law and exit': 3 } }))] },
  { name: 'an investigator looks for more', preset: 'search', inputs: { sources: ['web_search', 'fetch_url'] }, checks: [hasSections('memo.md', 'Decision', 'What was looked for', 'Recommended next steps'), contains('memo.md', 'web_search: '), capped] },
];

import { csvRows, fileOf, hasSections, wordsBetween } from './runner/checks.ts';
import type { EvalCase, EvalOutcome } from './runner/eval-case.ts';

/** Every sentence that decided something stands in what the person gave. */
const quoted = {
  name: 'quotations stand in the papers',
  check: (outcome: EvalOutcome): string[] => {
    const given = String(outcome.inputs['known_bib']).replace(/\s+/g, ' ').toLowerCase();
    return csvRows(outcome, 'matrix.csv').filter((row) => row['quote_check'] === 'exact' && row['met'] === 'your list' && !given.includes((row['quote'] ?? '').replace(/\s+/g, ' ').replace(/[.]$/, '').toLowerCase())).map((row) => `${row['paper']}: “${row['quote']}” is not in it`);
  },
};
const complete = (claims: number, papers: number) => ({
  name: 'each claim stands against each paper',
  check: (outcome: EvalOutcome): string[] => {
    const rows = csvRows(outcome, 'matrix.csv').filter((row) => row['met'] === 'your list');
    return rows.length === claims * papers ? [] : [`${rows.length} pairs, not ${claims * papers}`];
  },
});
/** Nothing is called new where nobody could search. */
const modest = {
  name: 'without a search nothing is new',
  check: (outcome: EvalOutcome): string[] => {
    const text = fileOf(outcome, 'related.md');
    return /\| (ok|empty) \|/.test(text) || text.includes('not that it is new') ? [] : ['the verdict does not say that nothing was searched'];
  },
};

export const cases: readonly EvalCase[] = [
  { name: 'retrieve when unsure', preset: 'retrieval', checks: [hasSections('related.md', 'Verdict', 'The matrix', 'Positioning', 'How it was searched', 'Limits', 'Recommended next steps'), wordsBetween('related.md', 300, 4_000), quoted, complete(3, 5), modest] },
  { name: 'claims of the person', preset: 'judges', inputs: { sources: [] }, checks: [quoted, complete(2, 3), modest] },
];

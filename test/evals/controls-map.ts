import { controlsMapDefinition } from '#workflows/catalog/controls-map/definition';
import { contains, csvRows, hasSections, recomputed, wordsBetween, writtenIn } from './runner/checks.ts';
import type { EvalCase, EvalOutcome } from './runner/eval-case.ts';

const inputsOf = ({ inputs }: EvalOutcome) => controlsMapDefinition.input.parse(inputs);
const rows = (outcome: EvalOutcome): Record<string, string>[] => csvRows(outcome, 'matrix.csv');
const points = recomputed('priority from need and status', (outcome) => ({
  found: Object.fromEntries(rows(outcome).map((row) => [row['control'] ?? '', Number(row['priority'])])),
  expected: Object.fromEntries(rows(outcome).map((row) => [row['control'] ?? '', ({ required: 3, expected: 2, useful: 1 }[row['need'] ?? ''] ?? NaN) * ({ in_place: 0, partly: 1, missing: 2 }[row['status'] ?? ''] ?? NaN)])),
}));
/** Own rules are quoted as they stand in the text that was given. */
const quotes = {
  name: 'quotes stand in the rules',
  check: (outcome: EvalOutcome): string[] => rows(outcome).flatMap((row) => (row['own_rules'] ?? '').split(' | ')).filter((quote) => quote !== '' && !(inputsOf(outcome).rule_text ?? '').includes(quote)).map((quote) => `“${quote}” is not in the rules`),
};

export const cases: readonly EvalCase[] = [
  { name: 'applicant screening, nobody signs', preset: 'applicants', checks: [hasSections('gaps.md', 'Result', 'Gaps', 'In place', 'Coverage', 'Matrix', 'Tests', 'Sign-off', 'Sources', 'Recommended next steps'), wordsBetween('gaps.md', 500, 5_000), writtenIn('gaps.md', 'en'), points, quotes, contains('gaps.md', 'high risk', '**Not signed.**')] },
  { name: 'support assistant, signed under conditions', preset: 'support_bot', answers: { 'sign-off': { decision: 'accept_with_conditions', name: 'Head of support', conditions: 'C12 by the end of the year.' } }, checks: [points, quotes, contains('gaps.md', 'transparency duties', '**Signed off under conditions** by Head of support')] },
];

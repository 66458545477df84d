import { contains, csvRows, fileOf, hasSections, recomputed, wordsBetween } from './runner/checks.ts';
import type { EvalCase, EvalCheck, EvalOutcome } from './runner/eval-case.ts';

const days = (outcome: EvalOutcome): number => Number(outcome.inputs['days']);
const planFits: EvalCheck = recomputed('every day has exactly its minutes', (outcome) => ({
  found: csvRows(outcome, 'plan.csv').reduce<Record<string, number>>((sums, row) => ({ ...sums, [row['day'] ?? '']: (sums[row['day'] ?? ''] ?? 0) + Number(row['minutes']) }), {}),
  expected: Object.fromEntries(Array.from({ length: days(outcome) }, (_, index) => [String(index + 1), Number(outcome.inputs['minutes_per_day'])])),
}));
const reviewsFit: EvalCheck = {
  name: 'cards come back after they are new and before the day',
  check: (outcome) => csvRows(outcome, 'deck.csv').flatMap((row) => {
    const due = (row['review_days'] ?? '').split(' ').filter(Boolean).map(Number);
    return due.every((day, index) => day > (due[index - 1] ?? Number(row['first_day'])) && day <= days(outcome)) ? [] : [`${row['front']}: ${row['first_day']} then ${due.join(' ')}`];
  }),
};

export const cases: readonly EvalCase[] = [
  {
    name: 'a job, nobody answers', preset: 'job',
    checks: [hasSections('report.md', 'Where you stand', 'Advice', 'Questions and answers', 'Plan', 'Cards', 'Sources', 'Recommended next steps'), wordsBetween('report.md', 400, 4_000), contains('report.md', 'Nothing was measured'), planFits, reviewsFit, recomputed('cards asked for', (outcome) => ({ found: { cards: Math.min(1, csvRows(outcome, 'deck.csv').length / Number(outcome.inputs['cards'])) }, expected: { cards: 1 } }))],
  },
  {
    name: 'an exam, the first question is answered', preset: 'oral_exam', inputs: { questions: 2, days: 4 },
    answers: { trial: { answer: 'Byte pair encoding merges the most frequent pair again and again; a larger vocabulary makes texts shorter and the embedding larger.', confidence: 4 }, 'question-1': { answer: 'Byte pair encoding merges the most frequent pair again and again; a larger vocabulary makes texts shorter and the embedding larger.', confidence: 4, enough: true } },
    checks: [
      contains('report.md', '1 question graded', 'You were sure at 75 % on average'), planFits, reviewsFit,
      { name: 'points that count are proven by words of the answer', check: (outcome) => [...fileOf(outcome, 'report.md').matchAll(/\| (?!0 of)[\d.]+ of \d+ \| (.*?) \|/g)].filter(([, shown = '']) => !shown.startsWith('“')).map(([row]) => row) },
    ],
  },
];

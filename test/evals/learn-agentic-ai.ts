import { z } from 'zod';
import { contains, csvRows, fileOf, hasSections, jsonFits, wordsBetween, writtenIn } from './runner/checks.ts';
import type { EvalCase } from './runner/eval-case.ts';

const Quiz = z.object({
  learning_goal: z.string().min(10), simulated: z.boolean(),
  questions: z.array(z.object({ question: z.string().min(1), options: z.array(z.string().min(1)).min(2), answer_index: z.int().min(0), explanation: z.string().min(1) }).refine(({ options, answer_index: right }) => right < options.length && new Set(options).size === options.length, 'the options differ, and the answer is one of them')).min(1),
});

export const cases: readonly EvalCase[] = [
  {
    name: 'a first agent', preset: 'first_agent',
    checks: [hasSections('notes.md', 'Where you stand', 'Syllabus', 'Quiz', 'Sources', 'Recommended next steps'), wordsBetween('notes.md', 300, 6_000), writtenIn('notes.md', 'en'), jsonFits('quiz.json', Quiz)],
  },
  {
    name: 'fitted into fifteen minutes', inputs: { learning_goal: 'Understand how agents use tools and when they fail', timebox_minutes: 15, export_options: ['quiz_json', 'flashcards_csv'] },
    checks: [
      contains('notes.md', /15 minutes in all/),
      { name: 'one flashcard a question', check: (outcome) => (csvRows(outcome, 'flashcards.csv').length === Quiz.parse(JSON.parse(fileOf(outcome, 'quiz.json'))).questions.length ? [] : ['cards and questions differ in number']) },
    ],
  },
];

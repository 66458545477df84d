import { agentDesignReviewDefinition } from '#workflows/catalog/agent-design-review/definition';
import { contains, csvRows, fileOf, hasSections, recomputed, wordsBetween, writtenIn } from './runner/checks.ts';
import type { EvalCase, EvalOutcome } from './runner/eval-case.ts';

const rated = (outcome: EvalOutcome): Record<string, string>[] => csvRows(outcome, 'threats.csv').filter((row) => row['risk'] !== '');
const risks = recomputed('risk = likelihood × impact', (outcome) => ({
  found: Object.fromEntries(rated(outcome).map((row) => [row['id'] ?? '', Number(row['risk'])])),
  expected: Object.fromEntries(rated(outcome).map((row) => [row['id'] ?? '', Number(row['likelihood_1_to_5']) * Number(row['impact_1_to_5'])])),
}));
/** Every tool of the inputs stands in both pictures. */
const pictures = {
  name: 'pictures show every tool',
  check: (outcome: EvalOutcome): string[] => agentDesignReviewDefinition.input.parse(outcome.inputs).tools.filter(({ name }) => !fileOf(outcome, 'diagrams/context.svg').includes(name) || !fileOf(outcome, 'diagrams/request.mmd').includes(name)).map(({ name }) => `${name} is not in a picture`),
};

export const cases: readonly EvalCase[] = [
  { name: 'support assistant', preset: 'support', checks: [hasSections('design.md', 'Decisions', 'Parts', 'Options', 'Frameworks', 'Numbers', 'Threats', 'Findings of the panel', 'Design after the review', 'Sources', 'Recommended next steps'), wordsBetween('design.md', 600, 6_000), writtenIn('design.md', 'en'), risks, pictures, contains('design.md', 'Private data, text from outside and a way out meet in one run')] },
  { name: 'research agent', preset: 'research', checks: [risks, pictures, contains('design.md', 'The harmful triangle is open')] },
  { name: 'a mailbox agent that a review should stop', preset: 'mailbox', checks: [risks, pictures, contains('adr/0003-powers.md', 'Do not release before')] },
];

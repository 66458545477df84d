import { parse } from 'yaml';
import { reproductionPlannerDefinition } from '#workflows/catalog/reproduction-planner/definition';
import { contains, csvRows, fileOf, hasSections, recomputed, wordsBetween, writtenIn } from './runner/checks.ts';
import type { EvalCase, EvalOutcome } from './runner/eval-case.ts';

/** GPU hours of one full run, worked out here once more: operations over what the device reaches in an hour. */
function runHours(outcome: EvalOutcome, factor: number, teraflops: number): number {
  const { parameters_millions: millions, tokens_millions: tokens, epochs, utilisation_percent: share } = inputsOf(outcome);
  return (factor * millions * 1e6 * tokens * 1e6 * epochs) / (teraflops * 1e12 * (share / 100) * 3600);
}
const inputsOf = ({ inputs }: EvalOutcome) => reproductionPlannerDefinition.input.parse(inputs);
const rounded = (value: number): number => (value >= 100 ? Math.round(value) : Number(value.toPrecision(3)));
const hours = (outcome: EvalOutcome): Record<string, number> => Object.fromEntries(csvRows(outcome, 'budget.csv').filter((row) => row['stage'] === 'Full run, seed 1' || row['stage'] === 'all').map((row) => [row['stage'] ?? '', Number(row['gpu_hours'])]));
const costs = (factor: number, teraflops: number) => recomputed('GPU hours', (outcome) => { const run = runHours(outcome, factor, teraflops); return { found: hours(outcome), expected: { 'Full run, seed 1': rounded(run), all: rounded(run * (0.11 + inputsOf(outcome).seeds)) } }; });

export const cases: readonly EvalCase[] = [
  {
    name: 'fine-tuning whose code differs from the paper', preset: 'fine_tune',
    checks: [
      hasSections('plan.md', 'Claims and what counts as reproduced', 'Plan', 'What is missing, and what differs', 'Cost', 'Risks', 'Sources', 'Recommended next steps'),
      wordsBetween('plan.md', 300, 4_000), writtenIn('plan.md', 'en'), contains('plan.md', 'PAPER AND CODE DIFFER', 'The calculator of this run comes to the same figures'), costs(4, 312),
      { name: 'config.yaml holds what the paper says', check: (outcome) => { const found = parse(fileOf(outcome, 'config.yaml')) as { training?: { learning_rate?: unknown; batch_size?: unknown } }; return found.training?.learning_rate === 0.0003 && found.training.batch_size === 32 ? [] : [`learning rate ${String(found.training?.learning_rate)}, batch size ${String(found.training?.batch_size)}`]; } },
    ],
  },
  { name: 'a pre-training beyond the budget', preset: 'pretraining', checks: [costs(6, 121), contains('plan.md', /scaled-down replication|Not one full run fits|It fits/)] },
];

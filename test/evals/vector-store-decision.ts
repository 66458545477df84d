import { vectorStoreDecisionDefinition } from '#workflows/catalog/vector-store-decision/definition';
import { contains, csvRows, hasSections, recomputed, wordsBetween, writtenIn } from './runner/checks.ts';
import type { EvalCase, EvalOutcome } from './runner/eval-case.ts';

const inputsOf = ({ inputs }: EvalOutcome) => vectorStoreDecisionDefinition.input.parse(inputs);
const horizon = (outcome: EvalOutcome): Record<string, string>[] => csvRows(outcome, 'sizing.csv').filter((row) => row['when'] === 'horizon');
const rounded = (value: number): number => Math.round(value * 1000) / 1000;

/** Memory of one copy, worked out here once more from the inputs and the layout that the row names. */
const memory = recomputed('memory at the horizon', (outcome) => {
  const { vectors, growth_percent: growth, horizon_months: months, dimensions, recall_percent: recall, headroom_percent: headroom } = inputsOf(outcome);
  const count = Math.round(vectors * (1 + growth / 100) ** (months / 12));
  const bytes = (layout = ''): number => dimensions * ({ float32: 4, float16: 2, int8: 1, binary: 0.125 }[layout] ?? NaN) + 8 * (recall >= 97 ? 32 : 16);
  return {
    found: Object.fromEntries(horizon(outcome).map((row) => [row['store'] ?? '', Number(row['memory_gb'])])),
    expected: Object.fromEntries(horizon(outcome).map((row) => [row['store'] ?? '', rounded((count * bytes(row['layout']) * (1 + headroom / 100)) / 1e9)])),
  };
});

export const cases: readonly EvalCase[] = [
  { name: 'search beside an existing PostgreSQL', preset: 'support_search', checks: [hasSections('adr.md', 'Context', 'Decision', 'Reason', 'Options', 'Sizes and cost', 'Evidence', 'The devil’s advocate', 'What would change the decision', 'Sources', 'Recommended next steps'), wordsBetween('adr.md', 400, 4_000), writtenIn('adr.md', 'en'), memory, contains('adr.md', 'Take pgvector with float32 vectors')] },
  { name: 'a catalog that outgrows one machine', preset: 'large_catalog', checks: [memory, contains('adr.md', 'Take Qdrant with int8 vectors', 'more than one machine of 128 GB'), contains('migration.md', 'Build Qdrant beside pgvector')] },
  { name: 'so small that exact search will do', preset: 'small_team', checks: [memory, contains('adr.md', 'Begin with exact search')] },
];

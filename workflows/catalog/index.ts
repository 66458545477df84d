import type { CatalogEntry } from '#contracts/catalog.schema';
import { abTestReadoutDefinition } from './ab-test-readout/definition.ts';
import { askMyDataDefinition } from './ask-my-data/definition.ts';
import { compareModelsDefinition } from './compare-models/definition.ts';
import { datasetContractDefinition } from './dataset-contract/definition.ts';
import { learnAgenticAiDefinition } from './learn-agentic-ai/definition.ts';
import { promptOptimiserDefinition } from './prompt-optimiser/definition.ts';
import { ragCorpusEvalDefinition } from './rag-corpus-eval/definition.ts';
import { redTeamGuardrailsDefinition } from './red-team-guardrails/definition.ts';

/** Every definition of the catalog, in the order people see them. Definitions only: safe outside Temporal's sandbox. */
export const catalog: readonly CatalogEntry[] = [
  learnAgenticAiDefinition,
  askMyDataDefinition,
  compareModelsDefinition,
  datasetContractDefinition,
  abTestReadoutDefinition,
  ragCorpusEvalDefinition,
  promptOptimiserDefinition,
  redTeamGuardrailsDefinition,
];

export function findCatalogEntry(slug: string): CatalogEntry | undefined {
  return catalog.find((entry) => entry.slug === slug);
}

import type { CatalogEntry } from '#contracts/catalog.schema';
import { agentDesignReviewDefinition } from './agent-design-review/definition.ts';
import { askMyDataDefinition } from './ask-my-data/definition.ts';
import { compareModelsDefinition } from './compare-models/definition.ts';
import { controlsMapDefinition } from './controls-map/definition.ts';
import { datasetContractDefinition } from './dataset-contract/definition.ts';
import { learnAgenticAiDefinition } from './learn-agentic-ai/definition.ts';
import { providerCostModelDefinition } from './provider-cost-model/definition.ts';
import { vectorStoreDecisionDefinition } from './vector-store-decision/definition.ts';

/** Every definition of the catalog, in the order people see them. Definitions only: safe outside Temporal's sandbox. */
export const catalog: readonly CatalogEntry[] = [
  learnAgenticAiDefinition,
  askMyDataDefinition,
  compareModelsDefinition,
  datasetContractDefinition,
  vectorStoreDecisionDefinition,
  providerCostModelDefinition,
  agentDesignReviewDefinition,
  controlsMapDefinition,
];

export function findCatalogEntry(slug: string): CatalogEntry | undefined {
  return catalog.find((entry) => entry.slug === slug);
}

import type { CatalogEntry } from '#contracts/catalog.schema';
import { askMyDataDefinition } from './ask-my-data/definition.ts';
import { compareModelsDefinition } from './compare-models/definition.ts';
import { datasetContractDefinition } from './dataset-contract/definition.ts';
import { fineTunePlannerDefinition } from './fine-tune-planner/definition.ts';
import { learnAgenticAiDefinition } from './learn-agentic-ai/definition.ts';
import { noveltyMapDefinition } from './novelty-map/definition.ts';
import { servingDesignerDefinition } from './serving-designer/definition.ts';
import { vendorDueDiligenceDefinition } from './vendor-due-diligence/definition.ts';

/** Every definition of the catalog, in the order people see them. Definitions only: safe outside Temporal's sandbox. */
export const catalog: readonly CatalogEntry[] = [
  learnAgenticAiDefinition,
  askMyDataDefinition,
  compareModelsDefinition,
  datasetContractDefinition,
  fineTunePlannerDefinition,
  noveltyMapDefinition,
  servingDesignerDefinition,
  vendorDueDiligenceDefinition,
];

export function findCatalogEntry(slug: string): CatalogEntry | undefined {
  return catalog.find((entry) => entry.slug === slug);
}

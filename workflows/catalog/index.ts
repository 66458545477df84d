import type { CatalogEntry } from '#contracts/catalog.schema';
import { aiOpportunityBriefDefinition } from './ai-opportunity-brief/definition.ts';
import { askMyDataDefinition } from './ask-my-data/definition.ts';
import { compareModelsDefinition } from './compare-models/definition.ts';
import { datasetContractDefinition } from './dataset-contract/definition.ts';
import { explainPaperDefinition } from './explain-paper/definition.ts';
import { interviewCoachDefinition } from './interview-coach/definition.ts';
import { learnAgenticAiDefinition } from './learn-agentic-ai/definition.ts';
import { tinyGptLabDefinition } from './tiny-gpt-lab/definition.ts';

/** Every definition of the catalog, in the order people see them. Definitions only: safe outside Temporal's sandbox. */
export const catalog: readonly CatalogEntry[] = [
  learnAgenticAiDefinition,
  explainPaperDefinition,
  interviewCoachDefinition,
  tinyGptLabDefinition,
  askMyDataDefinition,
  compareModelsDefinition,
  datasetContractDefinition,
  aiOpportunityBriefDefinition,
];

export function findCatalogEntry(slug: string): CatalogEntry | undefined {
  return catalog.find((entry) => entry.slug === slug);
}

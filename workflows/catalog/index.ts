import type { CatalogEntry } from '#contracts/catalog.schema';
import { learnAgenticAiDefinition } from './learn-agentic-ai/definition.ts';

/** Every definition of the catalog, in the order people see them. Definitions only: safe outside Temporal's sandbox. */
export const catalog: readonly CatalogEntry[] = [learnAgenticAiDefinition];

export function findCatalogEntry(slug: string): CatalogEntry | undefined {
  return catalog.find((entry) => entry.slug === slug);
}

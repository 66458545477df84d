import { needsFile, type CatalogEntryWire } from './workflow-words';

/** What narrows the catalog; all of it lives in the address. */
export interface CatalogFilters { persona: string | null; q: string; difficulty: string | null; tool: string | null; /** only what works without a file */ nofile: boolean; /** only favourites */ fav: boolean }
export const SORTS = ['catalog', 'title', 'time'] as const;
export type CatalogSort = (typeof SORTS)[number];

/** Workflows whose name, outcome, description or tags hold every word of the search and which fit all filters. */
export function filterWorkflows<Entry extends CatalogEntryWire>(workflows: readonly Entry[], filters: CatalogFilters, favourites: readonly string[]): Entry[] {
  const words = filters.q.toLowerCase().split(/\s+/).filter(Boolean);
  return workflows.filter((workflow) => {
    if (filters.persona && !workflow.personas.includes(filters.persona)) return false;
    if (filters.difficulty && workflow.difficulty !== filters.difficulty) return false;
    if (filters.tool && !workflow.tools.includes(filters.tool)) return false;
    if (filters.nofile && needsFile(workflow)) return false;
    if (filters.fav && !favourites.includes(workflow.workflow_id)) return false;
    const text = [workflow.title, workflow.outcome, workflow.description, ...workflow.tags].join(' ').toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** Favourites first, then in the order asked for; the catalog's own order decides among equals. */
export function sortWorkflows<Entry extends CatalogEntryWire>(workflows: readonly Entry[], sort: CatalogSort, favourites: readonly string[]): Entry[] {
  const rank = (workflow: Entry): number => (favourites.includes(workflow.workflow_id) ? 0 : 1);
  const by: Record<CatalogSort, (a: Entry, b: Entry) => number> = { catalog: () => 0, title: (a, b) => a.title.localeCompare(b.title), time: (a, b) => a.estimated_minutes - b.estimated_minutes };
  return workflows.toSorted((a, b) => rank(a) - rank(b) || by[sort](a, b));
}

/** What to try next: for this person, not tried yet first, then what can start without a file, easy before hard. */
export function tryNext<Entry extends CatalogEntryWire>(workflows: readonly Entry[], persona: string | null, count: number): Entry[] {
  const effort = ['beginner', 'intermediate', 'advanced'];
  return workflows.filter((workflow) => workflow.is_active && (!persona || workflow.personas.includes(persona)))
    .toSorted((a, b) => Number(a.typical !== null) - Number(b.typical !== null) || Number(needsFile(a)) - Number(needsFile(b)) || effort.indexOf(a.difficulty) - effort.indexOf(b.difficulty))
    .slice(0, count);
}

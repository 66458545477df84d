import type { Persona } from '#contracts/catalog.schema';
import { needsFile, type CatalogEntryWire } from './workflow-words';
import { PERSONA_KEYS } from './personas';

/** Runs that fill the lists of somebody who has none. */
export const EXAMPLE_RUNS = 12;

const EFFORT = ['beginner', 'intermediate', 'advanced'];

/** What a person of this kind may begin with, the best first: written for them, without a file, easy before hard, then the catalog's order. */
export function beginnings<Entry extends CatalogEntryWire>(workflows: readonly Entry[], persona: string): Entry[] {
  return workflows.filter((workflow) => workflow.is_active && workflow.personas.includes(persona) && !needsFile(workflow))
    .toSorted((a, b) => EFFORT.indexOf(a.difficulty) - EFFORT.indexOf(b.difficulty));
}

export interface Example { workflow_id: string; persona: Persona }

/** Different workflows for all kinds of people, in turn, until there are enough. */
export function examplesOf(workflows: readonly CatalogEntryWire[], count = EXAMPLE_RUNS): Example[] {
  const lists = PERSONA_KEYS.map((persona) => ({ persona, left: beginnings(workflows, persona) }));
  const found: Example[] = [];
  const taken = (slug: string): boolean => found.some(({ workflow_id: known }) => known === slug);
  for (let before = -1; found.length < count && found.length > before;) {
    before = found.length;
    for (const { persona, left } of lists) {
      const next = left.find(({ workflow_id: slug }) => !taken(slug));
      if (next && found.length < count) found.push({ workflow_id: next.workflow_id, persona });
    }
  }
  return found;
}

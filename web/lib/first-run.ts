import type { Persona } from '#contracts/catalog.schema';
import { needsFile, type CatalogEntryWire } from './workflow-words';
import { PERSONA_KEYS } from './personas';

/** Runs that fill the lists of somebody who has none. */
export const EXAMPLE_RUNS = 12;

const EFFORT = ['beginner', 'intermediate', 'advanced'];

/** What a person of this kind may begin with, the best first: written for them before others, without a file, easy before hard, then the catalog's order. */
export function beginnings<Entry extends CatalogEntryWire>(workflows: readonly Entry[], persona: string): Entry[] {
  return workflows.filter((workflow) => workflow.is_active && workflow.personas.includes(persona) && !needsFile(workflow))
    .toSorted((a, b) => Number(b.personas[0] === persona) - Number(a.personas[0] === persona) || EFFORT.indexOf(a.difficulty) - EFFORT.indexOf(b.difficulty));
}

export interface Example { workflow_id: string; persona: Persona }

/** Different workflows for all kinds of people, in turn, until there are enough. */
export function examplesOf(workflows: readonly CatalogEntryWire[], count = EXAMPLE_RUNS): Example[] {
  return inTurn(workflows, count).map(({ workflow, persona }) => ({ workflow_id: workflow.workflow_id, persona }));
}

/** One for each kind of person that has any, all of them different. */
export const startsOf = <Entry extends CatalogEntryWire>(workflows: readonly Entry[]): { workflow: Entry; persona: Persona }[] => inTurn(workflows, PERSONA_KEYS.length).filter(({ persona }, index, all) => all.findIndex((other) => other.persona === persona) === index);

function inTurn<Entry extends CatalogEntryWire>(workflows: readonly Entry[], count: number): { workflow: Entry; persona: Persona }[] {
  const lists = PERSONA_KEYS.map((persona) => ({ persona, left: beginnings(workflows, persona) }));
  const found: { workflow: Entry; persona: Persona }[] = [];
  for (let before = -1; found.length < count && found.length > before;) {
    before = found.length;
    for (const { persona, left } of lists) {
      const next = left.find((candidate) => !found.some(({ workflow }) => workflow === candidate));
      if (next && found.length < count) found.push({ workflow: next, persona });
    }
  }
  return found;
}

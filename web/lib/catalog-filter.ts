import type { WorkflowSummaryWire } from './queries';

/** Workflows of a persona whose name, outcome, description or tags hold every word of the search. */
export function filterWorkflows(workflows: readonly WorkflowSummaryWire[], persona: string | null, search: string): WorkflowSummaryWire[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return workflows.filter((workflow) => {
    if (persona && !workflow.personas.includes(persona)) return false;
    const text = [workflow.title, workflow.outcome, workflow.description, ...workflow.tags].join(' ').toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

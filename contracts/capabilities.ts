import type { CatalogEntry } from './catalog.schema.ts';
import type { ProviderData } from './provider-data.ts';

type Needs = Pick<CatalogEntry, 'answers' | 'plan' | 'title'>;

/** Why this model cannot stand in for a run of this workflow, in words; null when it can. A model that the data file does
 * not list is judged by what its vendor can do.
 * @param input  parsed inputs: the plan of calls follows from them */
export function capabilityProblem(entry: Needs, input: never, data: ProviderData, model: string): string | null {
  const { displayName, capabilities, models } = data;
  if (Object.keys(entry.answers).length > 0 && capabilities.structuredOutput === 'none') return `${displayName} cannot keep to the form of answers that ${entry.title} needs.`;
  const known = models.find((candidate) => candidate.id === model);
  if (!known) return null;
  const calls = (['test', 'full'] as const).flatMap((stage) => entry.plan(input, stage)).filter((call) => call.kind === 'model');
  const output = Math.max(0, ...calls.map((call) => call.maxOutputTokens));
  const context = Math.max(0, ...calls.map((call) => call.inputTokens + call.maxOutputTokens));
  if (known.maxOutputTokens < output) return `${model} writes at most ${known.maxOutputTokens} tokens an answer; ${entry.title} asks for up to ${output}.`;
  if (known.contextTokens < context) return `${model} reads at most ${known.contextTokens} tokens; ${entry.title} needs up to ${context}.`;
  return null;
}

import type { RJSFSchema } from '@rjsf/utils';

/** Of what approvers of a Full run are shown: the workflow under its title, the inputs in the words of their form. What is not
 * described here keeps its place and its own words. */
export function shownSchema(slug: string, title: string | undefined, inputs: RJSFSchema | undefined): RJSFSchema {
  const names = title === undefined ? {} : { 'x-enum-labels': { [slug]: title } };
  const parts: Record<string, RJSFSchema> = {
    workflow: { title: 'Workflow', ...names }, provider: { title: 'Provider' }, model: { title: 'Model' }, version: { title: 'Version' }, fallback: { title: 'Stand-ins' },
    inputs: { ...inputs, title: 'Inputs' }, caps: { title: 'At most' },
  };
  return { type: 'object', properties: parts };
}

/** What stands beside a question without the words that stand above it already. */
export function shownBesides(shown: unknown, said: string): unknown {
  if (typeof shown !== 'object' || shown === null || Array.isArray(shown)) return shown;
  return Object.fromEntries(Object.entries(shown).filter(([, value]) => value !== said));
}

import type { JsonSchema } from './definition.ts';
import { stepAt } from './outline.ts';

/** One step as a workflow of its own: its names are the inputs, with a schema that follows from the samples. Pure. */
type Node = Record<string, unknown>;
const isObject = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);
/** A dot is in no name that people can give. */
export const TRIAL_ENDING = '.try';
export const trialSlug = (slug: string): string => `${slug}${TRIAL_ENDING}`;

/** @param pointer  of the step, `#/steps/0/do/1` @returns null when no step stands there */
export function trialOf(document: Node, pointer: string, values: Node): Node | null {
  const step = stepAt(document, pointer);
  if (!step) return null;
  const { name = 'A step', slug, personas, knowledge, policy } = document;
  const title = typeof step['title'] === 'string' ? step['title'] : String(step['key'] ?? 'a step');
  const tools = isObject(policy) ? policy['tools'] : undefined;
  return {
    slug, name: `${String(name)}: ${title}`.slice(0, 255), description: `One step of ${String(name)}, tried on samples.`.slice(0, 1000), personas, tags: ['try'], ...(knowledge === undefined ? {} : { knowledge }), ...(tools === undefined ? {} : { policy: { tools } }),
    inputs: { schema: { type: 'object', properties: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, sampleSchema(value)])), required: Object.keys(values) } },
    steps: [step],
  };
}

/** A schema that this value fits; what a list holds is taken from all of its items. */
export function sampleSchema(value: unknown): JsonSchema {
  if (Array.isArray(value)) {
    const kinds = new Set(value.map((item) => JSON.stringify(sampleSchema(item)['type'])));
    const items = kinds.size === 1 && !isObject(value[0]) ? sampleSchema(value[0]) : value.every(isObject) && value.length > 0 ? sampleSchema(Object.assign({}, ...value)) : { type: 'string' };
    return { type: 'array', items: isObject(items) && items['type'] === 'object' ? { ...items, additionalProperties: true } : items };
  }
  if (isObject(value)) return { type: 'object', properties: Object.fromEntries(Object.entries(value).map(([key, item]) => [key, sampleSchema(item)])), additionalProperties: true };
  return { type: value === null ? 'null' : typeof value === 'number' ? 'number' : typeof value === 'boolean' ? 'boolean' : 'string' };
}

import { z } from 'zod';
import type { JsonSchema } from './definition.ts';

/** JSON Schemas that people write, as far as they are taken: the words below, no references, no patterns (the engine behind
 * them can stand still on one text), bounded in depth and size. The checker says where and why; `zodOf` then makes a parser. */
export interface SchemaProblem { at: string; detail: string }
const WORDS = new Set(['type', 'title', 'description', 'properties', 'required', 'additionalProperties', 'items', 'enum', 'const', 'default', 'examples', 'minLength', 'maxLength', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf', 'minItems', 'maxItems', 'uniqueItems', 'format', '$schema']);
const TYPES = new Set(['object', 'array', 'string', 'number', 'integer', 'boolean', 'null']);
const FORMATS = new Set(['uri', 'email', 'date', 'date-time', 'uuid', 'time']);
const MAX_NODES = 400;
const MAX_DEPTH = 8;
const isObject = (value: unknown): value is JsonSchema => typeof value === 'object' && value !== null && !Array.isArray(value);
const escape = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');

/** @param fields  the top is an object whose properties are fields of a form @returns nothing when all is well */
export function schemaProblems(schema: JsonSchema, fields = false): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  let nodes = 0;
  const visit = (node: unknown, at: string, depth: number): void => {
    nodes += 1;
    if (nodes > MAX_NODES) { if (nodes === MAX_NODES + 1) problems.push({ at, detail: `is too big: a schema has at most ${MAX_NODES} parts` }); return; }
    if (depth > MAX_DEPTH) { problems.push({ at, detail: `is nested deeper than ${MAX_DEPTH} levels` }); return; }
    if (!isObject(node)) { problems.push({ at, detail: 'must be a JSON Schema (an object)' }); return; }
    for (const key of Object.keys(node)) {
      if (key === 'pattern' || key === 'patternProperties') problems.push({ at: `${at}/${key}`, detail: 'is not taken in a schema; use a validate step with the rule regex' });
      else if (!WORDS.has(key) && !key.startsWith('x-')) problems.push({ at: `${at}/${escape(key)}`, detail: 'is not a word of the JSON Schemas that are taken here' });
    }
    if (typeof node['type'] !== 'string' || !TYPES.has(node['type'])) { if (node['enum'] === undefined && node['const'] === undefined) problems.push({ at: `${at}/type`, detail: `must be one of ${[...TYPES].join(', ')}` }); }
    if (node['format'] !== undefined && !FORMATS.has(String(node['format']))) problems.push({ at: `${at}/format`, detail: `must be one of ${[...FORMATS].join(', ')}` });
    if (node['enum'] !== undefined && (!Array.isArray(node['enum']) || node['enum'].length === 0 || node['enum'].length > 200)) problems.push({ at: `${at}/enum`, detail: 'must be a list of 1 to 200 values' });
    const { properties, required } = node;
    if (properties !== undefined && !isObject(properties)) problems.push({ at: `${at}/properties`, detail: 'must be an object' });
    if (isObject(properties)) for (const [key, child] of Object.entries(properties)) visit(child, `${at}/properties/${escape(key)}`, depth + 1);
    if (required !== undefined && !Array.isArray(required)) problems.push({ at: `${at}/required`, detail: 'must be a list of names' });
    if (Array.isArray(required)) for (const [index, name] of required.entries()) if (!isObject(properties) || typeof name !== 'string' || !Object.hasOwn(properties, name)) problems.push({ at: `${at}/required/${index}`, detail: 'is not one of the properties' });
    if (node['type'] === 'array' && node['items'] === undefined) problems.push({ at: `${at}/items`, detail: 'must say what the list holds' });
    if (node['items'] !== undefined) visit(node['items'], `${at}/items`, depth + 1);
  };
  visit(schema, '', 0);
  if (fields && schema['type'] !== 'object') problems.push({ at: '/type', detail: 'must be object: its properties are the fields of the form' });
  return problems;
}

/** Every object is closed: a key that the schema does not name is an error of the person, not something to lose. */
function closed(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(closed);
  if (!isObject(node)) return node;
  const { properties, items } = node;
  const open = node['type'] === 'object' && isObject(properties) && node['additionalProperties'] === undefined;
  return { ...node, ...(isObject(properties) ? { properties: Object.fromEntries(Object.entries(properties).map(([key, child]) => [key, closed(child)])) } : {}), ...(items === undefined ? {} : { items: closed(items) }), ...(open ? { additionalProperties: false } : {}) };
}

/** @throws Error when zod cannot make a parser of it: report it at the schema's place */
export function zodOf(schema: JsonSchema): z.ZodType {
  return z.fromJSONSchema(closed(schema) as Parameters<typeof z.fromJSONSchema>[0]);
}

/** Why a schema makes no parser; null when it does. */
export function parserProblem(schema: JsonSchema): string | null {
  try {
    zodOf(schema);
    return null;
  } catch (error) {
    return `cannot be used: ${error instanceof Error ? error.message.slice(0, 200) : 'unknown'}`;
  }
}

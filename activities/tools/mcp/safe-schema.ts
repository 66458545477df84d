import { CfWorkerJsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/cfworker';
import type { JsonSchemaType, JsonSchemaValidator, jsonSchemaValidator } from '@modelcontextprotocol/sdk/validation';

/** A JSON Schema of a stranger, with what could hold the worker still taken out: patterns (the engine behind them backtracks), references
 * (they can go round), comparisons of all items. What is left checks less; the server checks its own arguments anyway. */
const DROPPED = new Set(['pattern', 'patternProperties', '$ref', '$dynamicRef', '$recursiveRef', '$defs', 'definitions', 'uniqueItems', 'format']);
/** Words whose value is a map of names, which may be called anything: an argument `pattern` is none. */
const MAPS = new Set(['properties', 'dependentSchemas']);
const MAX_DEPTH = 24;
type Schema = Record<string, unknown>;

export function safeSchema(schema: unknown, depth = 0): Schema {
  if (depth > MAX_DEPTH || typeof schema !== 'object' || schema === null || Array.isArray(schema)) return {};
  const named = (value: unknown): Schema => Object.fromEntries(Object.entries(value ?? {}).map(([name, inner]) => [name, safeSchema(inner, depth + 1)]));
  const kept = Object.entries(schema).filter(([word]) => !DROPPED.has(word));
  const safe = Object.fromEntries(kept.map(([word, value]) => [word, MAPS.has(word) ? named(value) : part(word, value, depth)]));
  // Names that only a dropped pattern allowed must not be refused now.
  if ('patternProperties' in schema) { delete safe['additionalProperties']; delete safe['unevaluatedProperties']; }
  return safe;
}

/** Words that hold one schema or a list of them; any other value is data. */
const SCHEMAS = new Set(['items', 'prefixItems', 'contains', 'additionalProperties', 'unevaluatedProperties', 'unevaluatedItems', 'additionalItems', 'propertyNames', 'allOf', 'anyOf', 'oneOf', 'not', 'if', 'then', 'else']);
function part(word: string, value: unknown, depth: number): unknown {
  if (!SCHEMAS.has(word) || typeof value === 'boolean') return value;
  return Array.isArray(value) ? value.map((each) => (typeof each === 'boolean' ? each : safeSchema(each, depth + 1))) : safeSchema(value, depth + 1);
}

/** For the client's own check of what a tool answers. */
export class SafeSchemaValidator implements jsonSchemaValidator {
  readonly #inner = new CfWorkerJsonSchemaValidator();

  getValidator<T>(schema: JsonSchemaType): JsonSchemaValidator<T> {
    return this.#inner.getValidator<T>(safeSchema(schema));
  }
}

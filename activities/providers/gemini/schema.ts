import type { Schema } from '@google/generative-ai';

/** JSON Schema 2020-12 to the OpenAPI subset that Gemini takes: `$ref` written out, `const` as a one-value enum, `null` as
 * `nullable`, anything it does not know left away (the platform checks the answer against the full schema itself). */
type Node = Record<string, unknown>;
const KEPT = ['title', 'description', 'minItems', 'maxItems', 'minimum', 'maximum', 'minLength', 'maxLength', 'pattern', 'minProperties', 'maxProperties'];
const MAX_DEPTH = 8;

export function toGeminiSchema(schema: Node): Schema {
  return convert(schema, schema, 0) as unknown as Schema;
}

function convert(raw: unknown, root: Node, depth: number): Node {
  const node = resolve(raw, root);
  const choices = [...list(node.anyOf), ...list(node.oneOf)].map((choice) => resolve(choice, root));
  const types = (Array.isArray(node.type) ? (node.type as unknown[]) : [node.type]).filter((type): type is string => typeof type === 'string');
  const real = choices.filter((choice) => choice.type !== 'null');
  const nullable = types.includes('null') || real.length < choices.length;
  const result: Node = Object.fromEntries(KEPT.filter((key) => node[key] !== undefined).map((key) => [key, node[key]]));
  if (nullable) result.nullable = true;
  if (real.length === 1) return { ...result, ...convert(real[0], root, depth + 1), ...(nullable && { nullable: true }) };
  if (real.length > 1 && depth < MAX_DEPTH) return { ...result, anyOf: real.map((choice) => convert(choice, root, depth + 1)) };
  const type = types.find((candidate) => candidate !== 'null') ?? guessType(node);
  result.type = type;
  const values = 'const' in node ? [node.const] : list(node.enum);
  if (type === 'string' && values.length > 0) { result.enum = values.map(String).filter(Boolean); result.format = 'enum'; }
  if (type === 'array') result.items = depth < MAX_DEPTH ? convert(node.items ?? { type: 'string' }, root, depth + 1) : { type: 'string' };
  if (type === 'object' && depth < MAX_DEPTH) addProperties(result, node, root, depth);
  return result;
}

function addProperties(result: Node, node: Node, root: Node, depth: number): void {
  const properties = Object.entries((node.properties ?? {}) as Node);
  if (properties.length === 0) return;
  result.properties = Object.fromEntries(properties.map(([name, child]) => [name, convert(child, root, depth + 1)]));
  result.propertyOrdering = properties.map(([name]) => name);
  const required = list(node.required).filter((name) => properties.some(([own]) => own === name));
  if (required.length > 0) result.required = required;
}

function resolve(raw: unknown, root: Node, hops = 0): Node {
  const node = (raw !== null && typeof raw === 'object' ? raw : {}) as Node;
  const merged = list(node.allOf).reduce<Node>((sum, part) => mergeNodes(sum, resolve(part, root, hops + 1)), { ...node, allOf: undefined });
  if (typeof node.$ref !== 'string' || hops > 16) return merged;
  let target: unknown = root;
  for (const step of node.$ref.replace(/^#\/?/, '').split('/').filter(Boolean)) target = (target as Node | undefined)?.[step.replace(/~1/g, '/').replace(/~0/g, '~')];
  return { ...resolve(target, root, hops + 1), ...Object.fromEntries(Object.entries(merged).filter(([key, value]) => key !== '$ref' && value !== undefined)) };
}

function mergeNodes(first: Node, second: Node): Node {
  return { ...first, ...second, properties: { ...(first.properties as Node | undefined), ...(second.properties as Node | undefined) }, required: [...list(first.required), ...list(second.required)] };
}

function guessType(node: Node): string {
  const sample = 'const' in node ? node.const : list(node.enum)[0];
  if (typeof sample === 'number') return Number.isInteger(sample) ? 'integer' : 'number';
  if (typeof sample === 'boolean') return 'boolean';
  return node.properties ? 'object' : node.items ? 'array' : 'string';
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

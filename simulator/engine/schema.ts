/** JSON Schema 2020-12, the part the engine fills: type(s), properties, required, items, prefixItems, min/max of every
 * kind, enum, const, anyOf/oneOf/allOf, $ref into $defs, format, pattern (simple ones), uniqueItems. */
export type Schema = Record<string, unknown>;

export function asSchema(value: unknown): Schema {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Schema) : {};
}

/** Follows `$ref`, merges `allOf`, and picks one alternative of `anyOf`/`oneOf`: the first that is not null, or, deep down,
 * the plainest one, so that a schema that refers to itself ends. */
export function resolveSchema(schema: unknown, root: Schema, depth: number, hops = 0): Schema {
  let result = asSchema(schema);
  if (hops > 32) return {};
  if (typeof result.$ref === 'string') {
    const { $ref, ...rest } = result;
    result = merge(resolveSchema(lookUp($ref, root), root, depth, hops + 1), rest);
  }
  for (const part of list(result.allOf)) result = merge(resolveSchema(part, root, depth, hops + 1), { ...result, allOf: undefined });
  const choices = [...list(result.anyOf), ...list(result.oneOf)];
  if (choices.length > 0) {
    const chosen = resolveSchema(pickAlternative(choices, root, depth), root, depth, hops + 1);
    result = merge({ ...result, anyOf: undefined, oneOf: undefined }, chosen);
  }
  return result;
}

function pickAlternative(choices: unknown[], root: Schema, depth: number): unknown {
  const isNull = (choice: unknown) => asSchema(choice).type === 'null' || asSchema(choice).const === null;
  const real = choices.filter((choice) => !isNull(choice));
  if (depth > 5) {
    const plain = choices.find((choice) => isNull(choice)) ?? real.find((choice) => {
      const target = asSchema(choice);
      const seen = typeof target.$ref === 'string' ? asSchema(lookUp(target.$ref, root)) : target;
      return !['object', 'array'].includes(String(seen.type));
    });
    if (plain !== undefined) return plain;
  }
  return real[0] ?? choices[0];
}

function lookUp(reference: string, root: Schema): unknown {
  if (!reference.startsWith('#')) return {};
  let node: unknown = root;
  for (const step of reference.slice(1).split('/').filter(Boolean)) {
    const key = decodeURIComponent(step).replace(/~1/g, '/').replace(/~0/g, '~');
    node = Array.isArray(node) ? node[Number(key)] : asSchema(node)[key];
  }
  return node ?? {};
}

/** Both must hold: properties and required add up, bounds and the rest are taken from `second` where both say something. */
function merge(first: Schema, second: Schema): Schema {
  const defined = Object.fromEntries(Object.entries(second).filter(([, value]) => value !== undefined));
  const result: Schema = { ...Object.fromEntries(Object.entries(first).filter(([, value]) => value !== undefined)), ...defined };
  if (first.properties && second.properties) result.properties = { ...asSchema(first.properties), ...asSchema(second.properties) };
  if (Array.isArray(first.required) && Array.isArray(second.required)) result.required = [...new Set([...(first.required as unknown[]), ...(second.required as unknown[])])];
  for (const key of ['minimum', 'minLength', 'minItems', 'minProperties', 'exclusiveMinimum']) pickBound(result, first, second, key, Math.max);
  for (const key of ['maximum', 'maxLength', 'maxItems', 'maxProperties', 'exclusiveMaximum']) pickBound(result, first, second, key, Math.min);
  return result;
}

function pickBound(result: Schema, first: Schema, second: Schema, key: string, pick: (...values: number[]) => number): void {
  const left = first[key], right = second[key];
  if (typeof left === 'number' && typeof right === 'number') result[key] = pick(left, right);
}

export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** The type to fill; null only when nothing else is allowed. */
export function typeOf(schema: Schema): string {
  const types = Array.isArray(schema.type) ? (schema.type as unknown[]).map(String) : typeof schema.type === 'string' ? [schema.type] : [];
  const chosen = types.find((type) => type !== 'null') ?? types[0];
  if (chosen) return chosen;
  if (schema.properties || schema.required || schema.additionalProperties) return 'object';
  if (schema.items || schema.prefixItems || schema.minItems !== undefined) return 'array';
  if (schema.minimum !== undefined || schema.maximum !== undefined || schema.multipleOf !== undefined) return 'number';
  return 'string';
}

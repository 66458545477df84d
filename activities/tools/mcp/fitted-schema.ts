/** A stranger's schema is sent with every call of a model and paid for each time: it has to fit a size. First it loses its words, then,
 * if that is not enough, everything: the server checks its own arguments anyway. */
export const MOST_SCHEMA_BYTES = 8_000;
const WORDS = new Set(['description', 'title', 'examples', 'default', '$comment', 'deprecated', 'readOnly', 'writeOnly']);
/** Words whose value is a map of names, which may be called anything: an argument `title` is none. */
const MAPS = new Set(['properties', 'patternProperties', 'dependentSchemas', '$defs', 'definitions']);
/** Words whose value is data and not a schema. */
const DATA = new Set(['enum', 'const', 'required', 'type']);
const MAX_DEPTH = 24;
type Schema = Record<string, unknown>;

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

/** @returns the schema in at most MOST_SCHEMA_BYTES; `left` in words for the model, null when nothing was left out */
export function fittedSchema(schema: Schema): { schema: Schema; left: string | null } {
  if (bytesOf(schema) <= MOST_SCHEMA_BYTES) return { schema, left: null };
  const bare = withoutWords(schema, 0) as Schema;
  if (bytesOf(bare) <= MOST_SCHEMA_BYTES) return { schema: bare, left: 'What it says of its arguments was left out: it was too long.' };
  return { schema: { type: 'object' }, left: 'The form of its arguments is too large to be shown.' };
}

function withoutWords(schema: unknown, depth: number): unknown {
  if (depth > MAX_DEPTH) return {};
  if (Array.isArray(schema)) return schema.map((part) => withoutWords(part, depth + 1));
  if (typeof schema !== 'object' || schema === null) return schema;
  return Object.fromEntries(Object.entries(schema).flatMap(([word, value]) => {
    if (WORDS.has(word)) return [];
    if (DATA.has(word)) return [[word, value]];
    if (MAPS.has(word) && typeof value === 'object' && value !== null) return [[word, Object.fromEntries(Object.entries(value).map(([name, part]) => [name, withoutWords(part, depth + 1)]))]];
    return [[word, withoutWords(value, depth + 1)]];
  }));
}

import fc from 'fast-check';
import { inputJsonSchema, type CatalogEntry } from '#contracts/catalog.schema';

/** Any inputs that the form of a catalog entry accepts, made from its own JSON Schema: long texts, every script, empty lists,
 * every choice. What the schema cannot say (refinements) is sorted out by parsing. */
export function legalInputs(entry: Pick<CatalogEntry, 'input' | 'slug'>): fc.Arbitrary<Record<string, unknown>> {
  return valueOf(inputJsonSchema(entry) as Schema).map((value) => entry.input.safeParse(value)).filter((parsed) => parsed.success).map((parsed) => parsed.data);
}

interface Schema {
  type?: string; enum?: unknown[]; const?: unknown; anyOf?: Schema[]; format?: string; pattern?: string;
  minLength?: number; maxLength?: number; minimum?: number; maximum?: number; exclusiveMinimum?: number; minItems?: number; maxItems?: number; uniqueItems?: boolean;
  items?: Schema; properties?: Record<string, Schema>; required?: string[]; examples?: unknown[]; default?: unknown;
}

function valueOf(schema: Schema): fc.Arbitrary<unknown> {
  if ('const' in schema) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map(valueOf));
  switch (schema.type) {
    case 'object': return fc.record(Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, child]) => [name, valueOf(child)])), { requiredKeys: schema.required ?? [] });
    case 'array': return listOf(schema);
    case 'integer': return fc.integer({ min: schema.minimum ?? (schema.exclusiveMinimum === undefined ? -1_000_000 : schema.exclusiveMinimum + 1), max: schema.maximum ?? 1_000_000 });
    case 'number': return fc.double({ min: schema.minimum ?? schema.exclusiveMinimum ?? -1e6, max: schema.maximum ?? 1e6, noNaN: true, noDefaultInfinity: true });
    case 'boolean': return fc.boolean();
    case 'null': return fc.constant(null);
    default: return textOf(schema);
  }
}

function listOf(schema: Schema): fc.Arbitrary<unknown[]> {
  const item = schema.items ?? {};
  if (item.enum) return fc.subarray(item.enum, { minLength: schema.minItems ?? 0, maxLength: Math.min(item.enum.length, schema.maxItems ?? item.enum.length) });
  const bounds = { minLength: schema.minItems ?? 0, maxLength: Math.min(schema.maxItems ?? 6, Math.max(6, schema.minItems ?? 0)) };
  return fc.uniqueArray(valueOf(item), { ...bounds, selector: (value) => JSON.stringify(value) });
}

function textOf(schema: Schema): fc.Arbitrary<string> {
  if (schema.format === 'uuid') return fc.uuid({ version: 7 });
  // fc.webUrl takes seconds for its first value.
  if (schema.format === 'uri') return fc.tuple(fc.stringMatching(/^[a-z][a-z0-9]{0,20}$/), fc.constantFrom('.com', '.org', '.example'), fc.stringMatching(/^(?:\/[A-Za-z0-9._~%-]{1,40}){0,8}$/)).map(([name, end, way]) => `https://${name}${end}${way.replaceAll('%', '%20')}`);
  if (schema.format === 'date') return fc.date({ min: new Date('2000-01-01'), max: new Date('2040-01-01'), noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10));
  if (schema.pattern) return fc.oneof(fc.stringMatching(new RegExp(schema.pattern, 'u')), ...(schema.examples ?? []).map((example) => fc.constant(String(example))));
  const { minLength = 0, maxLength = 300 } = schema;
  const random = fc.string({ unit: 'grapheme', minLength, maxLength: Math.min(maxLength, minLength + 600) }).map((text) => text.trim());
  // As long as it may be: what caps have to stand.
  return fc.oneof({ weight: 4, arbitrary: random.filter((text) => text.length >= minLength && text.length <= maxLength) }, { weight: 1, arbitrary: fc.constant('word '.repeat(Math.ceil(maxLength / 5)).slice(0, maxLength).trimEnd()) });
}

import type { RJSFSchema } from '@rjsf/utils';
import type { Inputs } from './schema-form';

/** Inputs that come as text: the JSON view, a pasted request or command, and the address of the form. */
const isRecord = (value: unknown): value is Inputs => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads inputs from JSON: the inputs themselves, or a body of POST /runs; also out of a pasted `curl …` or `awp run …`.
 * @returns the inputs, or why not in one sentence */
export function readInputs(text: string): Inputs | string {
  for (const candidate of candidates(text)) {
    try {
      const value: unknown = JSON.parse(candidate);
      if (!isRecord(value)) continue;
      const inner = value['inputs'] ?? value['input_data'];
      return isRecord(inner) ? inner : value;
    } catch { /* the next one */ }
  }
  return 'There is no JSON object in it. Paste the inputs, a request body, or a whole curl or awp command.';
}

/** The text itself, then what stands between the first brace and the last, with the shell's quoted quotes made plain. */
function candidates(text: string): string[] {
  const [from, to] = [text.indexOf('{'), text.lastIndexOf('}')];
  if (from < 0 || to < from) return [text];
  const inner = text.slice(from, to + 1);
  return [text, inner, inner.replaceAll(String.raw`'\''`, "'"), inner.replaceAll(String.raw`\"`, '"')];
}

const PREFIX = 'input.';
const isText = (schema: RJSFSchema, field: string): boolean => (schema.properties?.[field] as RJSFSchema | undefined)?.type === 'string';

/** Inputs of an address: `?input.learning_goal=…&input.timebox_minutes=30`. Text as it is, everything else as JSON; fields the form
 * does not know and values that cannot be read are left out. @returns null when the address has none */
export function inputsOfAddress(schema: RJSFSchema, query: URLSearchParams): Inputs | null {
  const known = Object.keys(schema.properties ?? {}).filter((field) => query.has(PREFIX + field));
  if (known.length === 0) return null;
  return Object.fromEntries(known.flatMap((field) => {
    const text = query.get(PREFIX + field) ?? '';
    if (isText(schema, field)) return [[field, text]];
    try { return [[field, JSON.parse(text) as unknown]]; } catch { return []; }
  }));
}

/** The query of a link that opens the form with these inputs. Uploads are left out: nobody else may read them. */
export function addressOfInputs(schema: RJSFSchema, inputs: Inputs): string {
  const isUpload = (field: string): boolean => ((schema.properties?.[field] as RJSFSchema | undefined)?.['x-ui'] as { widget?: string } | undefined)?.widget === 'upload';
  const query = new URLSearchParams(Object.entries(inputs).filter(([field, value]) => value !== undefined && value !== '' && !isUpload(field)).map(([field, value]) => [PREFIX + field, isText(schema, field) ? String(value) : JSON.stringify(value)]));
  return query.toString();
}

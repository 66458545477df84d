import { gapOptions, goalAnchors, openAnchors, sentenceAnchors, topicAnchors, type Anchor } from './anchors.ts';
import { askedCount, bestSentences, coverage, type Corpus, type Quote } from './corpus.ts';
import { chooseEnum, numberValue, stringValue } from './leaf-values.ts';
import { overlap, wordsOf } from './score.ts';
import { asSchema, list, numberOf, resolveSchema, typeOf, type Schema } from './schema.ts';

/** Fills a JSON Schema from the material and the inputs: valid by construction, shorter when the budget is small. */
export interface FillOptions {
  maxCharacters: number;
  /** a value for a string property that goes before the material (a tool's arguments come from the inputs) */
  text?: (name: string) => string | undefined;
}

export interface Filling {
  corpus: Corpus;
  root: Schema;
  topics: Anchor[];
  /** parts of the goal that the material leaves open */
  open: Anchor[];
  goals: Anchor[];
  sentences: Anchor[];
  quotes: Quote[];
  used: Set<string>;
  softLength: number;
  optional: boolean;
  text: (name: string) => string | undefined;
}

/** Where in the answer a value stands. */
export interface Place { name: string; description: string; index: number; count: number; depth: number; anchor: Anchor | null; parent: Schema; avoid: ReadonlySet<string>; /** the text to take when the schema allows it */ preferred?: string }

const LEVELS = [{ softLength: 400, optional: true }, { softLength: 200, optional: true }, { softLength: 100, optional: true }, { softLength: 60, optional: false }, { softLength: 24, optional: false }, { softLength: 1, optional: false }];

export function answerFromSchema(schema: Schema, corpus: Corpus, maxOutputTokens: number): string {
  return JSON.stringify(fillSchema(schema, corpus, { maxCharacters: maxOutputTokens * 4 }));
}

export function fillSchema(schema: Schema, corpus: Corpus, options: FillOptions): unknown {
  const shared = { corpus, root: schema, topics: topicAnchors(corpus), open: openAnchors(corpus), goals: goalAnchors(corpus), sentences: sentenceAnchors(corpus), quotes: bestSentences(corpus.materials), text: options.text ?? (() => undefined) };
  let value: unknown = null;
  for (const level of LEVELS) {
    value = fill(schema, { ...shared, ...level, used: new Set() }, { name: '', description: '', index: 0, count: 1, depth: 0, anchor: null, parent: {}, avoid: new Set() });
    if (JSON.stringify(value).length <= options.maxCharacters) break;
  }
  return value;
}

function fill(raw: unknown, filling: Filling, place: Place): unknown {
  if (raw === false) return undefined;
  const schema = resolveSchema(raw, filling.root, place.depth);
  const here: Place = { ...place, description: typeof schema.description === 'string' ? schema.description : place.description };
  if ('const' in schema) return schema.const;
  if (Array.isArray(schema.enum)) return chooseEnum(schema.enum as unknown[], filling, here);
  switch (typeOf(schema)) {
    case 'object': return fillObject(schema, filling, here);
    case 'array': return fillArray(schema, filling, here);
    case 'integer': return numberValue(schema, true, filling, here);
    case 'number': return numberValue(schema, false, filling, here);
    case 'boolean': return booleanValue(filling, here);
    case 'null': return null;
    default: return stringValue(schema, filling, here);
  }
}

function fillObject(schema: Schema, filling: Filling, place: Place): Record<string, unknown> {
  const properties = asSchema(schema.properties);
  const required = list(schema.required).map(String);
  const result: Record<string, unknown> = {};
  const maximum = numberOf(schema.maxProperties) ?? Number.POSITIVE_INFINITY;
  const minimum = numberOf(schema.minProperties) ?? 0;
  const wanted = Object.keys(properties).filter((name) => required.includes(name) || (filling.optional && place.depth < 6));
  const names = [...required, ...wanted.filter((name) => !required.includes(name))].slice(0, Math.max(maximum, required.length));
  for (const name of [...Object.keys(properties).filter((key) => names.includes(key)), ...names.filter((key) => !Object.hasOwn(properties, key))]) {
    const own = Object.hasOwn(properties, name) ? properties[name] : schema.additionalProperties === false ? {} : schema.additionalProperties ?? {};
    const value = fill(own, filling, { ...place, name, description: '', depth: place.depth + 1, parent: schema, avoid: new Set(), preferred: undefined });
    if (value !== undefined) Object.defineProperty(result, name, { value, enumerable: true, configurable: true, writable: true });
  }
  const spare = Object.keys(properties).filter((name) => !names.includes(name));
  for (let extra = 1; Object.keys(result).length < minimum && extra <= minimum + spare.length; extra += 1) {
    const name = spare.shift() ?? `item_${extra}`;
    result[name] = fill(properties[name] ?? schema.additionalProperties ?? {}, filling, { ...place, name, description: '', depth: place.depth + 1, parent: schema, avoid: new Set(), preferred: undefined });
  }
  return result;
}

function fillArray(schema: Schema, filling: Filling, place: Place): unknown[] {
  const gap = gapChoices(place, filling);
  const itemSchema = resolveSchema(schema.items ?? {}, filling.root, place.depth);
  const prefix = list(schema.prefixItems);
  const anchors = anchorsFor(itemSchema, filling, place);
  const count = Math.max(arrayLength(schema, itemSchema, anchors.length, filling, place), numberOf(schema.minItems) ?? 0);
  const items: unknown[] = [];
  const seen = new Set<string>();
  for (let index = 0; index < count; index += 1) {
    const own = OPEN_NAME.test(place.name) || typeOf(itemSchema) === 'object';
    const anchor = own ? anchors[index % Math.max(1, anchors.length)] ?? null : place.anchor;
    const slot = { ...place, index, count, depth: place.depth + 1, anchor, avoid: schema.uniqueItems === true || typeOf(itemSchema) === 'string' ? seen : new Set<string>(), preferred: gap?.options[index] };
    const slotSchema = index < prefix.length ? prefix[index] : schema.items === false ? undefined : schema.items ?? {};
    if (slotSchema === undefined) break;
    const value = fill(slotSchema, filling, slot);
    const key = JSON.stringify(value);
    if (seen.has(key) && (schema.uniqueItems === true || items.length >= (numberOf(schema.minItems) ?? 0))) continue;
    seen.add(key);
    items.push(value);
  }
  return items;
}

/** Quizzes and claims are about sentences, gaps about what is open, everything else about topics. */
function anchorsFor(item: Schema, filling: Filling, place: Place): Anchor[] {
  if (GAP_NAME.test(place.name) && filling.goals.length > 0) return filling.goals;
  if (OPEN_NAME.test(place.name)) return filling.open.length > 0 ? filling.open : filling.topics;
  const names = Object.keys(asSchema(item.properties));
  return names.some((name) => /question|quiz|answer|claim|quote|fact/.test(name)) && filling.sentences.length > 0 ? filling.sentences : filling.topics;
}

/** "gaps" of a person before the work, against "missing" in what was made. */
export const GAP_NAME = /(?:^|_)gaps?$/;
export const OPEN_NAME = /missing|(?:^|_)gaps?$|uncovered|unanswered|open_/;
export const ID_NAME = /(?:^|_)(?:material|source|citation|evidence|reference|cite)s?(?:_?ids?)?$/;

/** In an item with a question, the list of options is the gap text's choices; see anchors.ts. */
export function gapChoices(place: Place, filling: Filling): { options: string[]; correct: number } | null {
  const properties = asSchema(place.parent.properties);
  const optionsName = Object.keys(properties).find((name) => /option|choice|alternative/.test(name) && typeOf(resolveSchema(properties[name], filling.root, place.depth)) === 'array');
  if (!place.anchor || !optionsName || !/option|choice|alternative|answer|correct/.test(place.name)) return null;
  const schema = resolveSchema(properties[optionsName], filling.root, place.depth);
  const count = Math.max(numberOf(schema.minItems) ?? 0, Math.min(4, numberOf(schema.maxItems) ?? 4));
  return gapOptions(place.anchor, filling.sentences, count, place.index);
}

/** From an input that says how many, from the time box for plans, else as many as the material offers, within the bounds. */
function arrayLength(schema: Schema, item: Schema, available: number, filling: Filling, place: Place): number {
  const minimum = numberOf(schema.minItems) ?? 0;
  const maximum = numberOf(schema.maxItems) ?? Math.max(minimum, 6);
  if (place.depth > 6) return minimum;
  const gap = gapChoices(place, filling);
  if (gap) return Math.min(maximum, Math.max(minimum, gap.options.length));
  const { inputs, task, materials } = filling.corpus.prompt;
  const bounded = (count: number) => Math.min(maximum, Math.max(minimum, Math.min(count, 50)));
  if (GAP_NAME.test(place.name) && filling.goals.length > 0) return bounded(filling.goals.length);
  if (OPEN_NAME.test(place.name) && (materials.length > 0 || filling.open.length > 0)) return bounded(filling.open.length);
  if (ID_NAME.test(place.name) && typeOf(item) === 'string') return bounded(place.anchor?.materialId ? 1 : materials.length);
  const asked = askedCount(task, place.name);
  if (asked !== undefined) return bounded(asked);
  const said = inputs.find((input) => /^\d{1,3}$/.test(input.value) && /count|number|how_many|max|questions|items/.test(input.name) && overlap(input.name, place.name) > 0);
  const minutes = Object.keys(asSchema(item.properties)).some((name) => /minute/.test(name)) ? timeboxMinutes(filling) : undefined;
  const natural = said ? Number(said.value) : minutes !== undefined ? Math.max(2, Math.round(minutes / 15)) : typeOf(item) === 'object' ? Math.max(Math.min(available, materials.length > 0 ? 8 : 4), 1) : Math.min(4, Math.max(1, filling.quotes.length));
  const limit = filling.optional ? natural : Math.min(natural, Math.max(minimum, 1));
  return bounded(limit);
}

export function timeboxMinutes(filling: Filling): number | undefined {
  const input = filling.corpus.prompt.inputs.find((candidate) => /^\d+(?:\.\d+)?$/.test(candidate.value) && /minute|timebox|duration/.test(candidate.name));
  return input ? Number(input.value) : undefined;
}

/** True when the material (or, without any, the inputs) speaks of what the property names. */
function booleanValue(filling: Filling, place: Place): boolean {
  const { inputs, materials } = filling.corpus.prompt;
  const said = inputs.find((input) => wordsOf(input.name).join('_') === wordsOf(place.name).join('_') && /^(?:true|false|yes|no)$/i.test(input.value));
  if (said) return /^(?:true|yes)$/i.test(said.value);
  const value = /cover|serve|enough|sufficient|complete|adequate|pass/.test(place.name) ? coverage(filling.corpus) >= 0.5 : materials.some((material) => overlap(place.name, `${material.title} ${material.text}`) > 0);
  return place.avoid.has(JSON.stringify(value)) ? !value : value;
}

import type { OwnDefinition } from '#contracts/own/definition';
import { asText, fillTemplate, parsePath, parseTemplate, valueAt } from '#contracts/own/templates';
import { clip, type MaterialItem } from '#contracts/material';
import { DEFINITION_LIMITS } from '#contracts/own/definition';

/** What a tool gave: texts to cite, figures, one sentence. */
export interface ToolValue { kind: 'tool_result'; outcome: string; summary: string; items: MaterialItem[]; data: unknown }
export const isToolValue = (value: unknown): value is ToolValue => value !== null && typeof value === 'object' && (value as { kind?: unknown }).kind === 'tool_result';

/** Values may share parts, a text of one may not: what maps around maps make is counted as it would be written out. */
const MOST = { parts: 200_000, characters: 8_000_000 };

export function isTooBig(value: unknown): boolean {
  let [parts, characters] = [0, 0];
  const open: unknown[] = [value];
  while (open.length > 0 && parts <= MOST.parts && characters <= MOST.characters) {
    const next = open.pop();
    parts += 1;
    if (typeof next === 'string') characters += next.length;
    else if (next !== null && typeof next === 'object') for (const inner of Object.values(next)) open.push(inner);
  }
  return parts > MOST.parts || characters > MOST.characters;
}

/** The names of a room: what its steps made, then the room above, the inputs last. */
export class Values {
  readonly #own = new Map<string, unknown>();
  readonly #above: Values | null;

  constructor(first: Readonly<Record<string, unknown>> = {}, above: Values | null = null) {
    for (const [name, value] of Object.entries(first)) this.#own.set(name, value);
    this.#above = above;
  }

  set(name: string, value: unknown): void {
    this.#own.set(name, value);
  }

  get(name: string): unknown {
    return this.#own.has(name) ? this.#own.get(name) : this.#above?.get(name);
  }

  /** @returns undefined where there is nothing */
  at(path: string): unknown {
    const [name, ...rest] = parsePath(path) ?? [];
    return name === undefined ? undefined : valueAt(this.get(String(name)), rest);
  }

  own(): Record<string, unknown> {
    return Object.fromEntries(this.#own);
  }

  all(): Record<string, unknown> {
    return { ...this.#above?.all(), ...this.own() };
  }

  takeOver(from: Values): void {
    for (const [name, value] of Object.entries(from.own())) this.set(name, value);
  }
}

/** A value in a text for people: a tool's result as its sentence and its texts. */
export function shown(value: unknown): string {
  if (!isToolValue(value)) return asText(value);
  return [value.summary, ...value.items.map((item) => `[${item.id}] ${item.title}\n${item.text}`), value.data === undefined ? '' : asText(value.data)].filter(Boolean).join('\n\n');
}

/** A text with its names filled in, cut where it would grow without measure.
 * @param as  how a value's text is written at this place of the template */
export function rendered(template: string, values: Values, as: (text: string, start: number) => string = (text) => text): string {
  let left: number = DEFINITION_LIMITS.renderedCharacters;
  return fillTemplate(template, (path, start) => {
    const text = clip(shown(values.at(path)), Math.max(0, left));
    left -= text.length;
    return as(text, start);
  });
}

/** Arguments of a tool or a sub-run: a text that is one placeholder is that value itself, every other text is filled in. */
export function filled(value: unknown, values: Values): unknown {
  if (typeof value === 'string') {
    const [only] = parseTemplate(value.trim()).placeholders;
    if (only && only.start === 0 && only.end === value.trim().length) return plain(values.at(only.path));
    return rendered(value, values);
  }
  if (Array.isArray(value)) return value.map((item) => filled(item, values));
  return value !== null && typeof value === 'object' ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filled(item, values)])) : value;
}

const plain = (value: unknown): unknown => (isToolValue(value) ? shown(value) : value);

/** Inputs of a sub-run with the defaults of its form. */
export function withDefaults(definition: OwnDefinition, given: Record<string, unknown>): Record<string, unknown> {
  const properties = (definition.inputs.schema['properties'] ?? {}) as Record<string, { default?: unknown }>;
  return Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, given[name] ?? property.default]));
}

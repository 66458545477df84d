import { asText, fillTemplate, parsePath, valueAt } from '#contracts/own/templates';
import { isNode, valueAtPointer, type Node, type ScopeName } from '#contracts/own/outline';

/** Values to look at a prompt with before anything runs: what the person typed as a sample, the first preset, a default, an
 * example; else the name itself in brackets. */
export function sampleFor(document: Node, name: ScopeName, typed: Readonly<Record<string, unknown>>): unknown {
  if (typed[name.name] !== undefined) return typed[name.name];
  if (name.kind !== 'input') return undefined;
  const preset = valueAtPointer(document, `#/inputs/presets/0/inputs/${name.name}`);
  const property = valueAtPointer(document, `#/inputs/schema/properties/${name.name}`);
  const { default: usual, examples } = isNode(property) ? property : {};
  return preset ?? usual ?? (Array.isArray(examples) ? examples[0] : undefined);
}

export function samplesOf(document: Node, scope: readonly ScopeName[], typed: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(scope.map((name) => [name.name, sampleFor(document, name, typed)] as const).filter(([, value]) => value !== undefined));
}

/** A template with its samples put in; a name without one stands in brackets. */
export function preview(template: string, samples: Readonly<Record<string, unknown>>): string {
  return fillTemplate(template, (path) => {
    const [name, ...rest] = parsePath(path) ?? [];
    const value = valueAt(samples[String(name)], rest);
    return value === undefined ? `‹${path}›` : asText(value);
  });
}

/** What a person typed as a sample: JSON where it is JSON, else the text. */
export function typedValue(text: string): unknown {
  if (!/^\s*(?:[[{"]|-?\d|true$|false$|null$)/.test(text)) return text;
  try { return JSON.parse(text) as unknown; } catch { return text; }
}
export const typedText = (value: unknown): string => (typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value, null, 1));

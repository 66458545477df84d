/** `{{name}}` and `{{name.field[0]}}` in texts, and the same paths on their own. Nothing is ever evaluated: a placeholder is a
 * name, or the text is refused. What is put in is never looked at again, so a text cannot grow by itself. Pure, without imports. */
export interface Placeholder { path: string; start: number; end: number }
export interface TemplateProblem { detail: string; position: number }
export type Path = (string | number)[];

const PATH = /^[A-Za-z_][A-Za-z0-9_]{0,63}(?:\.[A-Za-z_][A-Za-z0-9_-]{0,63}|\[\d{1,4}\]|\[\*\])*$/;
const SEGMENT = /[A-Za-z_][A-Za-z0-9_-]*|\d+|\*/g;

/** `a.b[0].c` as its segments; `*` stands for every item of a list. @returns null when it is no path */
export function parsePath(text: string): Path | null {
  if (text.length > 200 || !PATH.test(text)) return null;
  return (text.match(SEGMENT) ?? []).map((segment) => (/^\d+$/.test(segment) ? Number(segment) : segment));
}

/** Reads own properties only. @returns undefined where there is nothing */
export function valueAt(value: unknown, path: Path): unknown {
  let at = value;
  for (const [index, segment] of path.entries()) {
    if (segment === '*') return Array.isArray(at) ? at.map((item) => valueAt(item, path.slice(index + 1))).filter((item) => item !== undefined) : undefined;
    if (typeof segment === 'number') at = Array.isArray(at) ? at[segment] : undefined;
    else at = at !== null && typeof at === 'object' && !Array.isArray(at) && Object.hasOwn(at, segment) ? (at as Record<string, unknown>)[segment] : undefined;
    if (at === undefined) return undefined;
  }
  return at;
}

/** Finds every placeholder; `\{{` is a brace that stays. Linear in the length of the text. */
export function parseTemplate(text: string): { placeholders: Placeholder[]; problems: TemplateProblem[] } {
  const placeholders: Placeholder[] = [];
  const problems: TemplateProblem[] = [];
  let from = 0;
  for (;;) {
    const start = text.indexOf('{{', from);
    if (start < 0) return { placeholders, problems };
    if (text[start - 1] === '\\') { from = start + 2; continue; }
    const close = text.indexOf('}}', start + 2);
    if (close < 0) {
      problems.push({ detail: `opens {{ at character ${start + 1} and never closes it`, position: start });
      return { placeholders, problems };
    }
    const inner = text.slice(start + 2, close).trim();
    if (parsePath(inner)) placeholders.push({ path: inner, start, end: close + 2 });
    else problems.push({ detail: `has {{${inner.slice(0, 60)}}} at character ${start + 1}, which is not a name: write {{name}} or {{name.field}}`, position: start });
    from = close + 2;
  }
}

/** Puts values into a checked template. @param put  the text that stands for a placeholder, told where in the template it stands */
export function fillTemplate(text: string, put: (path: string, start: number) => string): string {
  let result = '';
  let from = 0;
  for (const { path, start, end } of parseTemplate(text).placeholders) {
    result += text.slice(from, start) + put(path, start);
    from = end;
  }
  return (result + text.slice(from)).replaceAll('\\{{', '{{');
}

/** A value as a person reads it: texts as they are, lists of texts a line each, other things as JSON; nothing as nothing. */
export function asText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object')) return value.map(String).join('\n');
  return JSON.stringify(value, null, 2);
}

/** The names that a template or the values of an object need. */
export function namesIn(value: unknown): string[] {
  if (typeof value === 'string') return parseTemplate(value).placeholders.map(({ path }) => path);
  if (Array.isArray(value)) return value.flatMap(namesIn);
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(namesIn) : [];
}

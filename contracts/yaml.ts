/** Writes plain data as YAML 1.2 that a YAML 1.1 reader understands alike. Pure and without imports: the sandbox uses it. */
export type YamlValue = string | number | boolean | null | undefined | readonly YamlValue[] | { readonly [key: string]: YamlValue };

// Begins with a letter (E0 and E-0 are numbers to some) and holds nothing with a meaning of its own; everything else is quoted.
const PLAIN = /^(?![eE][-\d_.])[A-Za-z_][\w./-]*(?: [\w./-]+)*$/;
const WORDS = new Set(['null', 'true', 'false', 'yes', 'no', 'on', 'off', 'y', 'n', 'nan', 'inf']);
/** keys above this length need the long form */
const MAX_SIMPLE_KEY = 200;

/** @param comment  lines put in front, each after `# `
 * @returns the document with a line end; keys without a value (undefined) are left out */
export function toYaml(value: YamlValue, comment = ''): string {
  const head = comment === '' ? '' : `${comment.toWellFormed().split(/\r\n?|\n/).map((line) => `# ${line.replace(UNPRINTABLE, ' ')}`.trimEnd()).join('\n')}\n`;
  return `${head}${node(value, 0).replace(/^[ \n]/, '')}\n`;
}

/** The text after a key's colon or an item's dash: ` scalar`, or a line end and indented lines. */
function node(value: YamlValue, depth: number): string {
  if (Array.isArray(value)) {
    const items = (value as readonly YamlValue[]).map((item) => (item === undefined ? null : item));
    if (items.length === 0) return ' []';
    return items.map((item) => `\n${'  '.repeat(depth)}-${inItem(item, depth + 1)}`).join('');
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value as { [key: string]: YamlValue }).filter(([, child]) => child !== undefined);
    if (entries.length === 0) return ' {}';
    return entries.map(([key, child]) => `\n${'  '.repeat(depth)}${keyed(key, child, depth)}`).join('');
  }
  return ` ${scalar(value as string | number | boolean | null, depth)}`;
}

function keyed(key: string, child: YamlValue, depth: number): string {
  const name = text(key);
  const body = node(child, depth + 1);
  return name.length <= MAX_SIMPLE_KEY ? `${name}:${body}` : `? ${name}\n${'  '.repeat(depth)}:${body}`;
}

/** A mapping as an item begins on the line of its dash. */
function inItem(value: YamlValue, depth: number): string {
  const body = node(value, depth);
  const isMapping = typeof value === 'object' && value !== null && !Array.isArray(value) && body.startsWith('\n');
  return isMapping ? ` ${body.slice(1 + depth * 2)}` : body;
}

function scalar(value: string | number | boolean | null, depth: number): string {
  if (value === null) return 'null';
  if (typeof value === 'number') return Number.isNaN(value) ? '.nan' : Number.isFinite(value) ? String(value) : value > 0 ? '.inf' : '-.inf';
  if (typeof value === 'boolean') return String(value);
  return BLOCK.test(value) && !/[^\S\n]$/m.test(value) ? block(value, depth) : text(value);
}

// Lines that a literal block holds as they are: no control or special characters, the first line neither empty nor indented.
const BLOCK = /^[!-~][^\u0000-\u0009\u000B-\u001F\u007F-\u009F\u2028\u2029\uFEFF\uD800-\uDFFF\uFFFE\uFFFF]*\n[^\u0000-\u0009\u000B-\u001F\u007F-\u009F\u2028\u2029\uFEFF\uD800-\uDFFF\uFFFE\uFFFF]+$/; // oxlint-disable-line no-control-regex -- they are what is refused
// oxlint-disable-next-line no-control-regex -- characters that YAML does not print
const UNPRINTABLE = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u2028\u2029\uFEFF\uFFFE\uFFFF]/g;

function block(value: string, depth: number): string {
  const trailing = /\n*$/.exec(value)?.[0].length ?? 0;
  const lines = value.slice(0, value.length - trailing).split('\n');
  const keep = trailing === 0 ? '-' : trailing === 1 ? '' : '+';
  const indent = '  '.repeat(Math.max(1, depth));
  return `|${keep}\n${lines.map((line) => (line === '' ? '' : indent + line)).join('\n')}${keep === '+' ? '\n'.repeat(trailing - 1) : ''}`;
}

function text(value: string): string {
  if (PLAIN.test(value) && !WORDS.has(value.toLowerCase())) return value;
  return JSON.stringify(value.toWellFormed()).replace(UNPRINTABLE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

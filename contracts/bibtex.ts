/** BibTeX entries as data: writer and parser. Pure and without imports: the sandbox uses it. */
export interface BibEntry { /** article, inproceedings, misc … */ type: string; key: string; /** lower-case names; values are plain text */ fields: Record<string, string> }
export interface BibParsed { entries: BibEntry[]; problems: { line: number; message: string }[] }

/** Looking for a bracket that is never closed costs the rest of the text each time. */
const MAX_PROBLEMS = 50;
/** Fields that LaTeX packages take letter by letter. */
const VERBATIM = new Set(['url', 'doi', 'eprint', 'file']);
const ESCAPES: Readonly<Record<string, string>> = { '\\': '{\\textbackslash}', '{': '{\\textbraceleft}', '}': '{\\textbraceright}', '~': '{\\textasciitilde}', '^': '{\\textasciicircum}', '&': '\\&', '%': '\\%', $: '\\$', '#': '\\#', _: '\\_' };
const COMMANDS: Readonly<Record<string, string>> = { textbackslash: '\\', textbraceleft: '{', textbraceright: '}', textasciitilde: '~', textasciicircum: '^', ss: 'ß', ae: 'æ', AE: 'Æ', oe: 'œ', OE: 'Œ', o: 'ø', O: 'Ø', aa: 'å', AA: 'Å', l: 'ł', L: 'Ł', i: 'i', j: 'j', textendash: '–', textemdash: '—', ldots: '…' };
const ACCENTS: Readonly<Record<string, string>> = { '"': '\u0308', "'": '\u0301', '`': '\u0300', '^': '\u0302', '~': '\u0303', '=': '\u0304', '.': '\u0307', c: '\u0327', v: '\u030C', u: '\u0306', H: '\u030B', k: '\u0328', r: '\u030A' };

/** @returns the entries, one field a line; empty fields are left out, keys are made unique and safe */
export function toBibtex(entries: readonly BibEntry[]): string {
  const used = new Set<string>();
  return entries.map((entry) => {
    const base = entry.key.replace(/[^\w:.+/-]/g, '') || 'entry';
    let key = base;
    for (let number = 2; used.has(key.toLowerCase()); number += 1) key = `${base}-${number}`;
    used.add(key.toLowerCase());
    const fields = Object.entries(entry.fields).map(([name, value]) => [name.toLowerCase().replace(/[^a-z0-9_-]/g, ''), value.toWellFormed().replace(/\s+/g, ' ').trim()] as const).filter(([name, value]) => /^[a-z]/.test(name) && value !== '');
    return `@${entry.type.toLowerCase().replace(/[^a-z]/g, '') || 'misc'}{${key},\n${fields.map(([name, value]) => `  ${name} = {${VERBATIM.has(name) ? verbatim(value) : escapeText(value)}}`).join(',\n')}\n}\n`;
  }).join('\n');
}

/** Puts braces around words of titles that hold two capitals or more (BERT, LoRA), or styles would write them small.
 * @param bibtex  what toBibtex gave */
export function protectCapitals(bibtex: string): string {
  return bibtex.replace(/^ {2}title = \{(.*)\}(,?)$/gm, (_whole, title: string, comma: string) => `  title = {${title.replace(/(?<![\\\w{])(?=\w*[A-Z]\w*[A-Z])\w+/g, '{$&}')}}${comma}`);
}

const escapeText = (value: string): string => value.replace(/[\\{}~^&%$#_]/g, (character) => ESCAPES[character] ?? character);
/** An address has no use for braces, backslashes and blanks: they are written as a browser would. */
const verbatim = (value: string): string => value.replace(/[\\{} ]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);

/** A readable key: first author's last name, year, first long word of the title. */
export function citationKey(author: string, year: string | number | null, title: string): string {
  const plain = (text: string): string => text.normalize('NFKD').replace(/[^A-Za-z0-9 ]/g, '').trim().toLowerCase();
  const first = author.split(/\s+and\s+|;/)[0] ?? '';
  const last = plain(first.includes(',') ? (first.split(',')[0] ?? '') : (first.trim().split(/\s+/).at(-1) ?? ''));
  const word = plain(title).split(/\s+/).find((candidate) => candidate.length > 3) ?? '';
  return `${last.replaceAll(' ', '') || 'anon'}${year ?? ''}${word}`;
}

/** Reads BibTeX. What cannot be read is skipped and named with its line; it never throws. `@string` names are filled in,
 * comments and preambles passed over, accents and escapes become plain text. */
export function parseBibtex(source: string): BibParsed {
  const parsed: BibParsed = { entries: [], problems: [] };
  const macros = new Map('jan feb mar apr may jun jul aug sep oct nov dec'.split(' ').map((name) => [name, name]));
  const lineAt = (at: number): number => source.slice(0, at).split('\n').length;
  const opening = /@\s*([A-Za-z]+)\s*([{(])/g;
  for (let match = opening.exec(source); match; match = opening.exec(source)) {
    const type = (match[1] as string).toLowerCase();
    if (type === 'comment') continue;
    const start = match.index;
    const end = closing(source, opening.lastIndex, match[2] === '{' ? '}' : ')');
    if (end < 0) {
      parsed.problems.push({ line: lineAt(start), message: parsed.problems.length < MAX_PROBLEMS ? `@${type} is not closed` : 'more entries are not closed; reading stopped' });
      if (parsed.problems.length > MAX_PROBLEMS) return parsed;
      continue;
    }
    const body = source.slice(opening.lastIndex, end);
    opening.lastIndex = end + 1;
    if (type === 'preamble') continue;
    if (type === 'string') { for (const [name, value] of fieldsOf(body, macros).fields) macros.set(name, value); continue; }
    const comma = body.indexOf(',');
    const key = (comma < 0 ? body : body.slice(0, comma)).trim();
    if (key === '' || /[\s={}"]/.test(key)) { parsed.problems.push({ line: lineAt(start), message: `@${type} has no key` }); continue; }
    const { fields, bad } = fieldsOf(comma < 0 ? '' : body.slice(comma + 1), macros);
    if (bad) parsed.problems.push({ line: lineAt(start), message: `${key}: a field after "${bad}" cannot be read` });
    parsed.entries.push({ type, key, fields: Object.fromEntries(fields) });
  }
  return parsed;
}

/** Where the bracket that is open closes: braces nest, a quoted text hides nothing but the other bracket. */
function closing(source: string, from: number, close: string): number {
  let depth = 0;
  for (let at = from; at < source.length; at += 1) {
    const character = source[at];
    if (character === '\\') at += 1;
    else if (depth === 0 && character === close) return at;
    else if (character === '{') depth += 1;
    else if (character === '}') depth -= 1;
  }
  return -1;
}

function fieldsOf(body: string, macros: ReadonlyMap<string, string>): { fields: [string, string][]; bad: string | null } {
  const fields: [string, string][] = [];
  let at = 0;
  for (;;) {
    const name = /^[\s,]*([A-Za-z][\w-]*)\s*=\s*/.exec(body.slice(at));
    if (!name) return { fields, bad: body.slice(at).replace(/[\s,]/g, '') === '' ? null : (fields.at(-1)?.[0] ?? 'the key') };
    at += name[0].length;
    let raw = '';
    for (;;) {
      const part = valueAt(body, at, macros);
      if (!part) return { fields, bad: (name[1] as string).toLowerCase() };
      raw += part.text;
      at = part.end;
      const joint = /^\s*#\s*/.exec(body.slice(at));
      if (!joint) break;
      at += joint[0].length;
    }
    const field = (name[1] as string).toLowerCase();
    if (!fields.some(([known]) => known === field)) fields.push([field, VERBATIM.has(field) ? raw.replace(/\s+/g, ' ').trim() : plainText(raw)]);
  }
}

function valueAt(body: string, at: number, macros: ReadonlyMap<string, string>): { text: string; end: number } | null {
  const open = body[at];
  if (open === '{') { const end = closing(body, at + 1, '}'); return end < 0 ? null : { text: body.slice(at + 1, end), end: end + 1 }; }
  if (open === '"') { const end = closing(body, at + 1, '"'); return end < 0 ? null : { text: body.slice(at + 1, end), end: end + 1 }; }
  const word = /^[^\s,#{}"]+/.exec(body.slice(at))?.[0];
  return word === undefined ? null : { text: /^\d+$/.test(word) ? word : (macros.get(word.toLowerCase()) ?? word), end: at + word.length };
}

/** Without braces and commands; accents become letters. */
function plainText(raw: string): string {
  return raw
    .replace(/\{?\\(["'`^~=.])\s*\{?\\?([A-Za-z])\}?\}?|\{?\\([cvuHkr])(?:\s+|\s*\{)\\?([A-Za-z])\}?\}?/g, (_whole, mark?: string, letter?: string, command?: string, other?: string) => `${letter ?? other ?? ''}${ACCENTS[mark ?? command ?? ''] ?? ''}`.normalize('NFC'))
    .replace(/\{\\([A-Za-z]+)\s*(?:\{\})?\}|\\([A-Za-z]+)(?:\{\}|\s+|(?![A-Za-z]))|\\([&%$#_{} ])|[{}]|~/g, (whole, braced?: string, bare?: string, escaped?: string) => {
      const command = braced ?? bare;
      if (command !== undefined) return COMMANDS[command] ?? '';
      return escaped ?? (whole === '~' ? '\u00A0' : '');
    })
    .replace(/\s+/g, ' ').trim();
}

import { countCharacters } from './tokens.ts';

/** Strings for `pattern`: a candidate that matches, else one built from a simple expression (literals, classes, groups,
 * quantifiers, alternatives). */
export function matchPattern(pattern: string, candidates: Iterable<string>, minimum: number, maximum: number, index: number): string {
  const expression = new RegExp(pattern, 'u');
  const fits = (text: string) => expression.test(text) && countCharacters(text) >= minimum && countCharacters(text) <= maximum;
  let looked = 0;
  for (const candidate of candidates) {
    for (const form of [candidate, candidate.toLowerCase(), slug(candidate), slug(candidate).replaceAll('-', '_')]) if (fits(form)) return form;
    looked += 1;
    if (looked > 60) break;
  }
  const source = pattern.replace(/^\^/, '').replace(/\$$/, '');
  for (let repeat = 0; repeat <= 24; repeat += 1) {
    for (const shift of [index, 0]) {
      const built = build(source, Math.max(repeat, 0), shift);
      if (built !== null && fits(built)) return built;
    }
  }
  return '';
}

function slug(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '');
}

/** Walks the expression once. `repeat` = how often open quantifiers repeat. @returns null for what it does not know */
function build(source: string, repeat: number, shift: number): string | null {
  let position = 0;
  const alternatives = (): string | null => {
    const first = sequence();
    while (source[position] === '|') { position += 1; if (sequence() === null) return null; }
    return first;
  };
  const sequence = (): string | null => {
    let text = '';
    while (position < source.length && source[position] !== '|' && source[position] !== ')') {
      const unit = atom();
      if (unit === null) return null;
      text += unit.repeat(quantifier());
    }
    return text;
  };
  const quantifier = (): number => {
    const rest = source.slice(position);
    const braces = /^\{(\d+)(?:(,)(\d*))?\}/.exec(rest);
    const size = braces ? braces[0].length : /^[*+?]/.test(rest) ? 1 : 0;
    if (size === 0) return 1;
    position += size;
    if (source[position] === '?') position += 1;
    const low = braces ? Number(braces[1]) : rest[0] === '+' ? 1 : 0;
    const high = braces ? (braces[2] ? (braces[3] ? Number(braces[3]) : Number.POSITIVE_INFINITY) : low) : rest[0] === '?' ? 1 : Number.POSITIVE_INFINITY;
    return Math.min(high, Math.max(low, repeat));
  };
  const atom = (): string | null => {
    const character = source[position] ?? '';
    position += 1;
    if (character === '(') {
      if (source[position] === '?') { const kind = /^\?(?::|<[A-Za-z]\w*>)/.exec(source.slice(position)); if (!kind) return null; position += kind[0].length; }
      const inner = alternatives();
      if (source[position] !== ')') return null;
      position += 1;
      return inner;
    }
    if (character === '[') return characterClass();
    if (character === '.') return 'a';
    if (character === '\\') return escaped(source[position++] ?? '');
    return /[\^$*+?{}\]]/.test(character) ? null : character;
  };
  const characterClass = (): string | null => {
    const end = source.indexOf(']', position + 1);
    const body = source.slice(position, end);
    if (end < 0 || body.startsWith('^')) { position = end + 1; return end < 0 ? null : ['a', '0', ' ', '-'].find((option) => new RegExp(`[${body}]`, 'u').test(option)) ?? null; }
    position = end + 1;
    const range = /^(\\?.)-(.)/u.exec(body);
    if (range?.[1] && range[2] && !range[1].startsWith('\\')) {
      const low = range[1].codePointAt(0) ?? 0, high = range[2].codePointAt(0) ?? 0;
      return String.fromCodePoint(low + (shift % (high - low + 1)));
    }
    return body.startsWith('\\') ? escaped(body[1] ?? '') : Array.from(body)[0] ?? null;
  };
  const escaped = (letter: string): string | null => {
    if (letter === 'd') return String(shift % 10);
    if (letter === 'w') return 'a';
    if (letter === 's') return ' ';
    return /[A-Za-z0-9]/.test(letter) ? null : letter;
  };
  const result = alternatives();
  return position >= source.length ? result : null;
}

/** Finds a quotation in a text: as it is written, the same but for typography, or nearly the same. Positions are UTF-16
 * offsets in the text as given. */
export interface QuoteMatch { match: 'exact' | 'normalised' | 'fuzzy' | 'none'; /** 0–1: 1 less the share of characters to change */ similarity: number; start: number | null; end: number | null }

const CANDIDATES = 3;

/** @param minSimilarity  what counts as `fuzzy`; below it the best place is not told */
export function findQuote(quote: string, text: string, minSimilarity = 0.85): QuoteMatch {
  const wanted = quote.trim();
  const at = text.indexOf(wanted);
  if (at >= 0) return { match: 'exact', similarity: 1, start: at, end: at + wanted.length };
  const needle = normalise(wanted).plain.trim();
  const hay = normalise(text);
  if (needle === '') return { match: 'none', similarity: 0, start: null, end: null };
  const place = hay.plain.indexOf(needle);
  if (place >= 0) return { match: 'normalised', similarity: 1, ...span(hay, place, place + needle.length) };
  let best = { similarity: 0, from: 0, to: 0 };
  for (const { from, to } of likelyWindows(needle, hay.plain)) {
    const found = alignment(needle, hay.plain.slice(from, to));
    if (found.similarity > best.similarity) best = { similarity: found.similarity, from: from + found.from, to: from + found.to };
  }
  const similarity = Math.round(best.similarity * 1000) / 1000;
  if (best.similarity < minSimilarity) return { match: 'none', similarity, start: null, end: null };
  return { match: 'fuzzy', similarity, ...span(hay, best.from, best.to) };
}

interface Normalised { plain: string; /** place in the source of each character of `plain` */ places: number[]; sourceLength: number }
const span = (text: Normalised, from: number, to: number) => ({ start: text.places[from] ?? 0, end: (text.places[to - 1] ?? text.sourceLength - 1) + 1 });

/** What nothing is done to but lower case: nearly all of a text. */
const PLAIN = /[\w.,;:!?'"()]/;

/** Lower case; one space for white space; straight quotes and dashes; ligatures apart; words that a line end cut are joined;
 * soft hyphens and other invisible marks are left out. */
function normalise(source: string): Normalised {
  const letters: string[] = [];
  const places: number[] = [];
  const put = (value: string, place: number): void => { for (let index = 0; index < value.length; index += 1) places.push(place); letters.push(value); };
  for (let index = 0; index < source.length; index += 1) {
    const letter = source[index] ?? '';
    if (PLAIN.test(letter)) { put(letter.toLowerCase(), index); continue; }
    if (/[\u00AD\u200B-\u200F\u2060\uFEFF]/.test(letter)) continue;
    if (letter === '-' || letter === '\u2010') {
      const cut = /^[-\u2010]\s*\n\s*(?=\p{Ll})/u.exec(source.slice(index, index + 40));
      if (cut && /\p{L}/u.test(source[index - 1] ?? '')) { index += cut[0].length - 1; continue; }
    }
    if (/\s/.test(letter)) { if (letters.at(-1) !== ' ') put(' ', index); continue; }
    if (/[\u2018\u2019\u201A\u201B\u2032`´]/.test(letter)) put("'", index);
    else if (/[\u201C-\u201F\u2033«»]/.test(letter)) put('"', index);
    else if (/[\u2010-\u2015\u2212]/.test(letter)) put('-', index);
    else if (letter === '…') put('...', index);
    else put(letter.normalize('NFKC').toLowerCase(), index);
  }
  return { plain: letters.join(''), places, sourceLength: source.length };
}

/** Windows of the text that share most words with the quotation, best first. Linear in the length of the text. */
function likelyWindows(needle: string, hay: string): { from: number; to: number }[] {
  const words = [...hay.matchAll(/[\p{L}\p{N}]+/gu)];
  const wanted = new Map<string, number>();
  const needed = needle.match(/[\p{L}\p{N}]+/gu) ?? [];
  for (const word of needed) wanted.set(word, (wanted.get(word) ?? 0) + 1);
  const size = Math.min(needed.length + 2, words.length);
  if (size === 0) return [];
  const inside = new Map<string, number>();
  let shared = 0;
  const scores: { score: number; first: number }[] = [];
  for (const [index, match] of words.entries()) {
    const entering = match[0];
    const count = (inside.get(entering) ?? 0) + 1;
    inside.set(entering, count);
    if (count <= (wanted.get(entering) ?? 0)) shared += 1;
    const leaving = words[index - size]?.[0];
    if (leaving !== undefined) {
      const left = (inside.get(leaving) ?? 0) - 1;
      inside.set(leaving, left);
      if (left < (wanted.get(leaving) ?? 0)) shared -= 1;
    }
    if (index >= size - 1) scores.push({ score: shared, first: index - size + 1 });
  }
  scores.sort((a, b) => b.score - a.score || a.first - b.first);
  const chosen: typeof scores = [];
  for (const candidate of scores) {
    if (chosen.length === CANDIDATES || candidate.score === 0) break;
    if (!chosen.some(({ first }) => Math.abs(first - candidate.first) < size)) chosen.push(candidate);
  }
  const margin = Math.ceil(needle.length * 0.15) + 20;
  return chosen.map(({ first }) => {
    const last = words[Math.min(first + size - 1, words.length - 1)];
    return { from: Math.max(0, (words[first]?.index ?? 0) - margin), to: Math.min(hay.length, (last?.index ?? 0) + (last?.[0].length ?? 0) + margin) };
  });
}

/** The part of `text` that needs the fewest changes to become `needle` (Sellers' variant of the edit distance).
 * One row of costs and of the places where they began; written out, because a long quotation has twenty million cells. */
function alignment(needle: string, text: string): { similarity: number; from: number; to: number } {
  const { length } = text;
  const letters = Uint16Array.from({ length }, (_, index) => text.charCodeAt(index));
  const costs = new Uint16Array(length + 1);
  const starts = Uint32Array.from({ length: length + 1 }, (_, index) => index);
  for (let row = 1; row <= needle.length; row += 1) {
    const letter = needle.charCodeAt(row - 1);
    let [diagonal, diagonalStart] = [costs[0] as number, starts[0] as number];
    let [left, leftStart] = [row, 0];
    costs[0] = row;
    starts[0] = 0;
    for (let column = 1; column <= length; column += 1) {
      const above = costs[column] as number;
      const aboveStart = starts[column] as number;
      let least = letters[column - 1] === letter ? diagonal : diagonal + 1;
      let start = diagonalStart;
      if (above + 1 < least) { least = above + 1; start = aboveStart; }
      if (left + 1 < least) { least = left + 1; start = leftStart; }
      diagonal = above;
      diagonalStart = aboveStart;
      left = least;
      leftStart = start;
      costs[column] = least;
      starts[column] = start;
    }
  }
  let end = 0;
  for (let column = 1; column <= length; column += 1) if ((costs[column] as number) < (costs[end] as number)) end = column;
  return { similarity: Math.max(0, 1 - (costs[end] as number) / needle.length), from: starts[end] as number, to: Math.max(end, (starts[end] as number) + 1) };
}

/** What a draft says with a citation: sentences, their keys, their quotations and figures. Pure; reads LaTeX, Pandoc and
 * bracketed keys. */
export interface Claim { /** c1, c2 … in reading order */ id: string; /** without the marks of citation */ text: string; /** counted from 1 */ line: number; keys: string[]; quotes: string[]; figures: string[] }
export interface Draft { claims: Claim[]; /** sentences with a figure and no citation */ bare: { text: string; line: number; figures: string[] }[]; sentences: number; /** marks such as [3], which name no key */ numbered: string[] }

const LATEX = /\\[A-Za-z]*[cC]ite[A-Za-z]*\*?\s*(?:\[[^\]]*\]\s*){0,2}\{([^{}]*)\}/g;
const PANDOC = /\[[^\][]*@[^\][]*\]/g;
const PANDOC_KEY = /(?<![\w.])@\{?([A-Za-z0-9_][\w:.#$%&+?<>~/-]*[A-Za-z0-9]|[A-Za-z0-9_])\}?/g;
const BRACKET = /\[([^\][\n]{1,300})\]/g;
const QUOTES = /“([^”]{8,1200})”|"([^"]{8,1200})"|``((?:(?!'').){8,1200})''|«([^»]{8,1200})»/gs;
const FIGURE = /(?<![\w.,-])\d[\d,]*(?:\.\d+)?(?:\s?(?:\\?%|percent\b|million\b|billion\b))?(?![\w-])/g;
/** Before such a word the citation is a part of the sentence: "introduced by \\cite{a}". */
const NEEDS_NAME = /(?:^|\s)(?:by|in|of|from|with|as|than|see|and|following)[\s~]*$/i;
const END = /(?<=[.!?]["”'’)\]}]{0,2})\s+(?=[\p{Lu}\p{N}\\"“'‘([])/u;
const ABBREVIATION = /(?:\b(?:e\.g|i\.e|cf|vs|al|Fig|Figs|Eq|Sec|Tab|No|Dr|Prof|approx|resp|ca)|\b\p{Lu})\.["”')\]]?$/u;

/** @param known  keys of the bibliography: a bracket that holds only such keys is a citation */
export function claimsOf(source: string, known: ReadonlySet<string>): Draft {
  const draft: Draft = { claims: [], bare: [], sentences: 0, numbered: [] };
  for (const { text, line } of sentencesOf(source)) {
    const { keys, bare, numbered } = citations(text, known);
    draft.numbered.push(...numbered.filter((mark) => !draft.numbered.includes(mark)));
    if (!/\p{L}{2}/u.test(bare)) {
      // Only marks: they close the sentence before.
      draft.claims.at(-1)?.keys.push(...keys.filter((key) => !draft.claims.at(-1)?.keys.includes(key)));
      continue;
    }
    draft.sentences += 1;
    const figures = figuresOf(bare);
    if (keys.length > 0) draft.claims.push({ id: `c${draft.claims.length + 1}`, text: bare, line, keys, quotes: quotesOf(text), figures });
    else if (figures.length > 0) draft.bare.push({ text: bare, line, figures });
  }
  return draft;
}

/** Sentences with the line each begins on; comments of LaTeX and Markdown headings are left out. */
function sentencesOf(source: string): { text: string; line: number }[] {
  // Same length throughout, so that a place in the text stays a place in the source.
  const blank = (match: string): string => ' '.repeat(match.length);
  const clean = source.replace(/\r\n/g, ' \n').replace(/(?<!\\)%[^\n]*/g, (match, at: number) => (isComment(source, at) ? blank(match) : match)).replace(/^[ \t]*(?:#{1,6} [^\n]*|\\(?:sub)*section\*?\{[^}\n]*\})/gm, blank).replace(/\\(?:label|ref|begin|end)\{[^}\n]*\}/g, blank);
  const found: { text: string; line: number }[] = [];
  let at = 0;
  const lineAt = lineCounter(clean);
  for (const paragraph of clean.split(/(\n\s*\n)/)) {
    let offset = at;
    let held = '';
    let heldAt = at;
    for (const piece of paragraph.split(new RegExp(`(${END.source})`, 'u'))) {
      if (held.trim() === '') heldAt = offset + (piece.length - piece.trimStart().length);
      held += piece;
      offset += piece.length;
      if (piece.trim() === '' || ABBREVIATION.test(held.trim())) continue;
      found.push({ text: held.replace(/\s+/g, ' ').trim(), line: lineAt(heldAt) });
      held = '';
    }
    if (held.trim()) found.push({ text: held.replace(/\s+/g, ' ').trim(), line: lineAt(heldAt) });
    at += paragraph.length;
  }
  return found;
}

/** A per cent sign after a number is a unit; at the start of a line or after blanks it opens a LaTeX comment. */
const isComment = (source: string, at: number): boolean => source.includes('\\') && !/\d\s?$/.test(source.slice(Math.max(0, at - 2), at));
/** Lines of places that only go forward, each character looked at once. */
function lineCounter(text: string): (at: number) => number {
  let line = 1;
  let seen = 0;
  return (at) => {
    for (; seen < at; seen += 1) if (text[seen] === '\n') line += 1;
    return line;
  };
}

function citations(text: string, known: ReadonlySet<string>): { keys: string[]; bare: string; numbered: string[] } {
  const keys: string[] = [];
  const numbered: string[] = [];
  const add = (key: string): void => { const trimmed = key.trim(); if (trimmed && trimmed !== '*' && !keys.includes(trimmed)) keys.push(trimmed); };
  let bare = text.replace(LATEX, (_whole, list: string, at: number) => { list.split(',').forEach(add); return NEEDS_NAME.test(text.slice(0, at)) ? list : ''; });
  bare = bare.replace(PANDOC, (whole) => { const found = [...whole.matchAll(PANDOC_KEY)]; found.forEach((match) => { add(match[1] ?? ''); }); return found.length > 0 ? '' : whole; });
  bare = bare.replace(PANDOC_KEY, (whole, key: string) => { if (!known.has(key)) return whole; add(key); return key; });
  bare = bare.replace(BRACKET, (whole, inner: string) => {
    const parts = inner.split(/\s*[,;]\s*/).map((part) => part.trim());
    if (parts.every((part) => known.has(part))) { parts.forEach(add); return ''; }
    if (parts.every((part) => /^\d{1,3}$/.test(part))) { numbered.push(whole); return ''; }
    return whole;
  });
  return { keys, numbered, bare: bare.replace(/\s+([.,;:!?])/g, '$1').replace(/\\(?:emph|textbf|textit)\{([^}]*)\}/g, '$1').replace(/\\([%&$#_])/g, '$1').replace(/~/g, ' ').replace(/\s+/g, ' ').trim() };
}

function quotesOf(text: string): string[] {
  return [...text.matchAll(QUOTES)].map((match) => (match[1] ?? match[2] ?? match[3] ?? match[4] ?? '').trim()).filter((quote) => quote.length >= 8 && quote.split(/\s+/).length >= 3);
}

/** Figures that a source would have to hold: not years, not small counts. */
export function figuresOf(text: string): string[] {
  return [...new Set([...text.matchAll(FIGURE)].map((match) => match[0].replace(/\\/g, '').trim().replace(/,$/, '')))].filter((figure) => {
    const plain = /^\d+$/.test(figure);
    return !(plain && (Number(figure) <= 12 || (Number(figure) >= 1800 && Number(figure) <= 2100)));
  });
}

/** Whether a text holds a figure, however it writes thousands and per cent. */
export function holdsFigure(text: string, figure: string): boolean {
  const value = (raw: string): number => Number(raw.replace(/[^\d.]/g, ''));
  return [...text.matchAll(/\d[\d,]*(?:\.\d+)?/g)].some((match) => value(match[0]) === value(figure));
}

const words = (text: string): string[] => [...new Set(text.toLowerCase().match(/\p{L}[\p{L}\p{N}-]{3,}/gu) ?? [])];

/** The passages of a source that share most words with a claim, in reading order, within a number of characters. */
export function passagesFor(claim: string, text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text;
  const wanted = words(claim);
  const parts = text.split(/(?<=[.!?])\s+|\n+/).map((part, index) => ({ part: part.trim().slice(0, maxCharacters), index })).filter(({ part }) => part !== '');
  const rated = parts.map(({ part, index }) => { const own = new Set(words(part)); return { part, index, shared: wanted.filter((word) => own.has(word)).length }; });
  const kept: typeof rated = [];
  let left = maxCharacters;
  for (const passage of rated.toSorted((a, b) => b.shared - a.shared || a.index - b.index)) {
    if (passage.part.length + 1 > left) continue;
    kept.push(passage);
    left -= passage.part.length + 1;
  }
  return kept.toSorted((a, b) => a.index - b.index).map(({ part }) => part).join('\n');
}

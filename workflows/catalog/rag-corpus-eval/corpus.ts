/** Documents made clean, without what repeats. Pure. */
export interface Document { id: string; title: string; text: string; origin: 'pasted' | 'upload' | 'web'; characters: number }
export interface Cleaned { documents: Document[]; dropped: { title: string; because: string }[]; boilerplate: string[] }

/** What is cut and searched: the title is part of the text. At most what the evaluation takes. */
export const searchText = ({ title, text }: Pick<Document, 'title' | 'text'>): string => `${title}\n${text}`.slice(0, 60_000).toWellFormed();

const SAME = 0.9;
const SHINGLE = 5;

/** One kind of line end and blank, words that a line end tore apart joined, no more than one empty line. */
export function tidy(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(/(\p{Ll})-\n(\p{Ll})/gu, '$1$2').replace(/[^\S\n]+/g, ' ').replace(/ ?\n ?/g, '\n').replace(/\n{3,}/g, '\n\n').trim();
}

/** Lines that stand in most documents (menus, footers); only with three documents or more can that be told. */
export function boilerplateOf(texts: readonly string[]): string[] {
  if (texts.length < 3) return [];
  const counts = new Map<string, number>();
  for (const text of texts) for (const line of new Set(text.split('\n').map((part) => part.trim()).filter((part) => part.length >= 8 && part.length <= 160))) counts.set(line, (counts.get(line) ?? 0) + 1);
  return [...counts].filter(([, count]) => count >= 3 && count > texts.length / 2).map(([line]) => line);
}

export const normal = (text: string): string => text.toLowerCase().normalize('NFKC').replace(/\s+/g, ' ').trim();
export const wordsOf = (text: string): string[] => normal(text).match(/[\p{L}\p{N}]+/gu) ?? [];

function shingles(text: string): Set<string> {
  const words = wordsOf(text);
  return new Set(words.length <= SHINGLE ? [words.join(' ')] : words.slice(0, words.length - SHINGLE + 1).map((_, index) => words.slice(index, index + SHINGLE).join(' ')));
}

/** Share of five-word runs that two texts have in common, 0 to 1. */
export function likeness(a: string, b: string): number {
  const [left, right] = [shingles(a), shingles(b)];
  const shared = [...left].filter((run) => right.has(run)).length;
  return left.size + right.size === 0 ? 0 : shared / (left.size + right.size - shared);
}

/** @param maxCharacters of one document; what lies beyond is left out and said */
export function cleanCorpus(given: readonly Pick<Document, 'title' | 'text' | 'origin'>[], maxDocuments: number, maxCharacters: number): Cleaned {
  const tidied = given.map((each) => ({ ...each, text: tidy(each.text) }));
  const boilerplate = boilerplateOf(tidied.map(({ text }) => text));
  const common = new Set(boilerplate);
  const dropped: Cleaned['dropped'] = [];
  const documents: Document[] = [];
  for (const { title, text, origin } of tidied) {
    const own = tidy(text.split('\n').filter((line) => !common.has(line.trim())).join('\n'));
    const twin = documents.find((other) => likeness(other.text, own.slice(0, maxCharacters)) >= SAME);
    if (own === '') dropped.push({ title, because: 'it holds no text of its own' });
    else if (twin) dropped.push({ title, because: `it is all but the same as “${twin.title}”` });
    else if (documents.length >= maxDocuments) dropped.push({ title, because: `only ${maxDocuments} ${maxDocuments === 1 ? 'document is' : 'documents are'} read at this stage` });
    else {
      if (own.length > maxCharacters) dropped.push({ title: `${title} (end)`, because: `only its first ${maxCharacters} characters are used` });
      documents.push({ id: `doc-${documents.length + 1}`, title, text: own.slice(0, maxCharacters).toWellFormed(), origin, characters: Math.min(own.length, maxCharacters) });
    }
  }
  return { documents, dropped, boilerplate };
}

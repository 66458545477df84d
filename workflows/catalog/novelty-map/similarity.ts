import type { Relation } from './sizes.ts';

/** How much two texts speak of the same, by their words: TF-IDF cosine, 0 to 1. It ranks what is read and gives a first guess; it
 * says nothing about what a sentence means. Pure. */
const STOP = new Set('a an the and or but of to in on for with by from as at is are was were be been it its this that these those we our they their which who how than then into over under not no can may more most such using use used via while when between within without also each other both all any some one two new based approach method paper propose proposes show shows study work results'.split(' '));

export function words(text: string): string[] {
  return (text.toLowerCase().match(/\p{L}[\p{L}\p{N}]+/gu) ?? []).filter((word) => word.length > 2 && !STOP.has(word)).map((word) => (word.length > 4 && word.endsWith('ies') ? `${word.slice(0, -3)}y` : word.length > 4 && word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word).replace(/(?<=\p{L}{4})(?:ing|ed)$/u, ''));
}

/** @returns [claim][text], each 0 (no word in common) to 1 (the same words equally often) */
export function similarities(claims: readonly string[], texts: readonly string[]): number[][] {
  const documents = [...claims, ...texts].map((text) => counted(words(text)));
  const inDocuments = new Map<string, number>();
  for (const document of documents) for (const word of document.keys()) inDocuments.set(word, (inDocuments.get(word) ?? 0) + 1);
  const vectors = documents.map((document) => new Map([...document].map(([word, count]) => [word, (1 + Math.log(count)) * Math.log(1 + documents.length / (inDocuments.get(word) ?? 1))])));
  return claims.map((_, claim) => texts.map((__, text) => cosine(vectors[claim] ?? new Map<string, number>(), vectors[claims.length + text] ?? new Map<string, number>())));
}

function counted(list: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of list) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

function cosine(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  const length = (vector: ReadonlyMap<string, number>): number => Math.sqrt([...vector.values()].reduce((sum, value) => sum + value * value, 0));
  const product = [...a].reduce((sum, [word, value]) => sum + value * (b.get(word) ?? 0), 0);
  const lengths = length(a) * length(b);
  return lengths === 0 ? 0 : Math.min(1, product / lengths);
}

/** Words alone: far apart, near, or nearly the same. */
export const guess = (similarity: number): Relation => (similarity >= 0.6 ? 'same' : similarity >= 0.12 ? 'partial' : 'different');
/** A paper below this has too little in common to be read. */
export const FLOOR = 0.05;

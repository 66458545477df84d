import type { MaterialItem } from '#contracts/material';

/** What reviewers and planners look for in a paper: its sections, its sentences, whether words stand in it. Pure. */
export interface Section { title: string; text: string }

/** Sections without lists of references and thanks. */
export const contentOf = (sections: readonly Section[]): Section[] => sections.filter(({ title }) => !/^(?:\d+\.?\s+)?(?:references|bibliography|acknowledg)/i.test(title)).map(({ title, text }) => ({ title, text }));
/** The first line of a text, without the marks of a heading. */
export const titleOf = (text: string): string => (text.split('\n').map((line) => line.replace(/^#+\s*|\\title\{|\}\s*$/g, '').trim()).find(Boolean) ?? '').slice(0, 140).toWellFormed();

const MAX_SENTENCE = 600;

/** Sentences with the section they stand in. One without an end (a table, a listing) is cut into pieces: patterns that look for facts take
 * the square of a line's length, and a workflow must not stand still for it. */
export function sentencesOf(sections: readonly Section[]): { section: string; sentence: string }[] {
  return sections.flatMap(({ title, text }) => text.replace(/\s+/g, ' ').split(/(?<=[.!?])\s+(?=[\p{Lu}\d"'([])/u).flatMap((sentence) => pieces(sentence.trim())).map((sentence) => ({ section: title, sentence })));
}

export const pieces = (line: string): string[] => (line.length <= MAX_SENTENCE ? [line] : (line.match(/[\s\S]{1,600}/g) ?? []));

/** The first sections, each cut so that all fit: the share of a long one goes down, short ones stay whole. */
export function fitted(sections: readonly MaterialItem[], count: number, characters: number): MaterialItem[] {
  const taken = sections.slice(0, count);
  let left = characters;
  const lengths = new Map<MaterialItem, number>();
  for (const [index, section] of taken.toSorted((a, b) => a.text.length - b.text.length).entries()) {
    const share = Math.min(section.text.length, Math.floor(left / (taken.length - index)));
    lengths.set(section, share);
    left -= share;
  }
  return taken.map((section) => ({ ...section, text: section.text.slice(0, lengths.get(section) ?? 0).toWellFormed() }));
}

/** Whether words stand in a text, but for case, white space and typography. */
export function standsIn(words: string, text: string): boolean {
  const flat = (raw: string): string => raw.normalize('NFKC').toLowerCase().replace(/[^\p{L}\p{N}%.]+/gu, ' ').trim();
  return flat(words).length >= 6 && flat(text).includes(flat(words).replace(/\.$/, ''));
}

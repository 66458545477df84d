import type { MaterialItem } from '#contracts/material';

/** A paper as sections, from pasted text or from a file that was read. Pure. */
export interface Section { title: string; text: string }

const HEADING = /^(?:#{1,4}\s+(.{2,90})|\\(?:sub)*section\*?\{([^}\n]{2,90})\}|(\d{1,2}(?:\.\d{1,2})*\.?\s+\p{Lu}[^.!?\n]{1,70})|((?:abstract|introduction|background|related work|methods?|methodology|experiments?|evaluation|results|discussion|limitations?|conclusions?|ethics(?: statement)?|reproducibility(?: statement)?|acknowledgements?|references|appendix)\b[^.!?\n]{0,40}))\s*:?\s*$/iu;
const CHUNK = 1_800;

/** Markdown, LaTeX, numbered and well-known headings; a text without any is cut at paragraphs. References are left out. */
export function sectionsOf(text: string): Section[] {
  const sections: Section[] = [{ title: 'Opening', text: '' }];
  for (const line of text.replace(/\r\n?/g, '\n').split('\n')) {
    const match = HEADING.exec(line.trim());
    const title = match?.[1] ?? match?.[2] ?? match?.[3] ?? match?.[4];
    if (title) sections.push({ title: title.replace(/[#:*\s]+$/, '').trim(), text: '' });
    else { const last = sections.at(-1); if (last) last.text += `${line}\n`; }
  }
  const kept = sections.map((section) => ({ ...section, text: section.text.trim() })).filter(({ title, text: own }) => own !== '' && !/^(?:\d+\.?\s+)?(?:references|bibliography|acknowledg)/i.test(title));
  return kept.length > 1 || (kept[0]?.text.length ?? 0) <= CHUNK ? kept : chunks(kept[0]?.text ?? '');
}

function chunks(text: string): Section[] {
  const parts: string[] = [''];
  for (const paragraph of text.split(/\n\s*\n/)) {
    const last = parts.at(-1) ?? '';
    if (last !== '' && last.length + paragraph.length > CHUNK) parts.push(paragraph);
    else parts[parts.length - 1] = last === '' ? paragraph : `${last}\n\n${paragraph}`;
  }
  return parts.map((part, index) => ({ title: `Part ${index + 1}`, text: part }));
}

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

/** Cuts a Markdown document into its sections, one per heading of level 1 to 3; headings inside code are code. */
export interface Section { /** `the-loop`, unique in the document */ anchor: string; heading: string; text: string }

const MAX_SECTION_CHARACTERS = 4_000;

export function splitSections(markdown: string, documentTitle: string): Section[] {
  const sections: { heading: string; lines: string[] }[] = [{ heading: documentTitle, lines: [] }];
  let fence: string | null = null;
  for (const line of markdown.split('\n')) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (mark && fence === null) fence = mark;
    else if (mark && fence !== null && mark[0] === fence[0] && mark.length >= fence.length) fence = null;
    const heading = fence === null ? /^(#{1,3})\s+(.+?)\s*#*\s*$/.exec(line) : null;
    if (heading?.[2]) sections.push({ heading: heading[2], lines: [] });
    else sections.at(-1)?.lines.push(line);
  }
  const taken = new Map<string, number>();
  return sections.flatMap(({ heading, lines }) => parts(lines.join('\n').trim()).map((text) => {
    const base = slug(heading);
    const count = (taken.get(base) ?? 0) + 1;
    taken.set(base, count);
    return { anchor: count === 1 ? base : `${base}-${count}`, heading, text };
  }));
}

/** `The agent loop!` becomes `the-agent-loop`. */
export const slug = (text: string): string => text.toLowerCase().normalize('NFKD').replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-+|-+$/g, '').slice(0, 60) || 'section';

/** Long sections in parts of at most 4,000 characters, cut between paragraphs where there are any. */
function parts(text: string): string[] {
  const found: string[] = [];
  let current = '';
  for (const paragraph of text.split(/\n{2,}/).flatMap((whole) => whole.match(/[\s\S]{1,3900}/g) ?? [])) {
    if (current && current.length + paragraph.length + 2 > MAX_SECTION_CHARACTERS) { found.push(current); current = ''; }
    current = current ? `${current}\n\n${paragraph}` : paragraph;
  }
  return current.trim() ? [...found, current] : found;
}

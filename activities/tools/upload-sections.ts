import type { Extracted } from './extract/extracted.ts';

/** A read document as sections that can be cited: a PDF's pages, else parts under its headings. */
export interface UploadSection { /** `p3`: page 3; `s3`: third section */ place: string; title: string; page: number | null; text: string }
const MAX_CHARACTERS = 8_000;

export function sectionsOf(document: Exclude<Extracted, { kind: 'problem' }>): UploadSection[] {
  return document.kind === 'pdf' ? pageSections(document.pages) : headingSections(document.text, document.title);
}

/** One section a page; a page that is longer than fits goes on in `p3b`. A line set like a heading becomes the title. */
function pageSections(pages: readonly string[]): UploadSection[] {
  return pages.flatMap((page, index) => {
    const number = index + 1;
    const heading = headingOf(page);
    return pieces(page).map((text, part) => ({ place: `p${number}${part === 0 ? '' : letter(part)}`, page: number, title: `Page ${number}${heading ? `: ${heading}` : ''}`, text }));
  });
}

/** "3.1 Method", "Abstract", "RESULTS AND DISCUSSION": a short first line without the end of a sentence. */
function headingOf(page: string): string | null {
  const lines = page.split('\n').map((line) => line.trim()).filter(Boolean).slice(0, 40);
  return lines.find((line) => line.length >= 4 && line.length <= 90 && (/^(\d+(\.\d+)*\.?|[IVX]+\.)\s+\p{Lu}[^.]*$/u.test(line) || /^(abstract|introduction|background|related work|methods?|methodology|results|discussion|conclusions?|references|appendix|acknowledg\w+)\b.{0,40}$/i.test(line) || (/^\p{Lu}[\p{Lu}\s\d:,&-]{5,}$/u.test(line) && /\s/.test(line)))) ?? null;
}

function headingSections(text: string, title: string): UploadSection[] {
  const sections: { title: string; lines: string[] }[] = [{ title, lines: [] }];
  let fenced = false;
  for (const line of text.split('\n')) {
    if (/^ {0,3}(```|~~~)/.test(line)) fenced = !fenced;
    const heading = fenced ? undefined : /^#{1,4}\s+(.+?)\s*#*\s*$/.exec(line)?.[1];
    if (heading !== undefined) sections.push({ title: heading, lines: [] });
    else sections.at(-1)?.lines.push(line);
  }
  return sections.flatMap((section) => pieces(section.lines.join('\n')).map((part) => ({ title: section.title, text: part })))
    .map(({ title: heading, text: part }, index) => ({ place: `s${index + 1}`, page: null, title: heading, text: part }));
}

/** Lines stay whole where they can. */
function pieces(text: string): string[] {
  const found: string[] = [];
  let current = '';
  for (const line of text.split('\n').flatMap((whole) => (whole.length <= MAX_CHARACTERS ? [whole] : (whole.match(/[\s\S]{1,8000}/g) ?? [])))) {
    if (current.length + line.length + 1 > MAX_CHARACTERS) { found.push(current); current = ''; }
    current = current === '' ? line : `${current}\n${line}`;
  }
  return [...found, current].map((piece) => piece.trim()).filter(Boolean);
}

const letter = (part: number): string => String.fromCodePoint(96 + Math.min(26, part + 1));

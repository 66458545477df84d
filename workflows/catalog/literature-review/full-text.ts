import type { Section } from '../../steps/paper-text.ts';
import { plain, type Paper } from './papers.ts';

/** Which paper a full text is, and what a synthesis quotes. Pure. */
const BEGINNING_CHARACTERS = 3_000;

/** A text is a paper when its name or its beginning holds the paper's DOI, arXiv number or whole title. */
export function belongsTo(paper: Pick<Paper, 'title' | 'doi' | 'arxiv'>, name: string, sections: readonly Section[]): boolean {
  const begin = `${name}\n${sections.slice(0, 3).map(({ title, text }) => `${title}\n${text}`).join('\n')}`.slice(0, BEGINNING_CHARACTERS);
  const title = plain(paper.title);
  return (paper.doi !== '' && begin.toLowerCase().includes(paper.doi.toLowerCase())) || (paper.arxiv !== '' && begin.includes(paper.arxiv)) || (title.length >= 12 && plain(begin).includes(title));
}

/** Words in quotation marks, of a sentence's length: single words in quotes are names and terms. */
export const quotationsIn = (text: string): string[] => [...text.matchAll(/[“"]([^“”"\n]{25,400})[”"]/g)].map((match) => (match[1] ?? '').trim());

import { citationKey, parseBibtex, type BibEntry } from '#contracts/bibtex';
import type { MaterialItem } from '#contracts/material';

/** Papers as this map holds them, from a BibTeX list or a registry. Pure. */
export interface Neighbour extends MaterialItem { key: string; /** id by which a tool knows it; its key when left out */ origin?: string; /** of its BibTeX entry */ type: string; year: number | null; authors: string[]; doi: string | null; arxiv: string | null; venue: string | null; /** where it was met: your list, upload, search, hunt 2 */ met: string; retracted: boolean | null; status: string | null }
export interface FoundPaper { id: string; title: string; authors: string[]; year: number | null; venue: string | null; doi: string | null; arxiv: string | null; abstract: string | null; url: string; retracted: boolean | null }

const yearOf = (text: string | undefined): number | null => { const found = /\b(1[89]|20|21)\d{2}\b/.exec(text ?? '')?.[0]; return found === undefined ? null : Number(found); };
const arxivOf = (entry: BibEntry): string | null => /(\d{4}\.\d{4,5})/.exec(`${entry.fields['eprint'] ?? ''} ${entry.fields['url'] ?? ''}`)?.[1] ?? null;

/** Entries with a title; what has no abstract can still be cited and found, but not compared by a quotation. */
export function fromBibtex(text: string): { papers: Omit<Neighbour, 'id'>[]; problems: string[] } {
  const { entries, problems } = parseBibtex(text);
  const titled = entries.filter((entry) => entry.fields['title']);
  const bare = titled.filter((entry) => !entry.fields['abstract']);
  return {
    papers: titled.map((entry) => ({
      key: entry.key, type: entry.type, title: entry.fields['title'] ?? '', url: entry.fields['url'] ?? (arxivOf(entry) ? `https://arxiv.org/abs/${arxivOf(entry)}` : entry.fields['doi'] ? `https://doi.org/${entry.fields['doi']}` : null), text: entry.fields['abstract'] || (entry.fields['title'] ?? ''),
      year: yearOf(entry.fields['year'] ?? entry.fields['date']), authors: (entry.fields['author'] ?? '').split(/\s+and\s+/).filter(Boolean), doi: entry.fields['doi'] ?? null, arxiv: arxivOf(entry), venue: entry.fields['journal'] ?? entry.fields['booktitle'] ?? null, met: 'your list', retracted: null, status: null,
    })),
    problems: [...problems.slice(0, 3).map(({ line, message }) => `BibTeX, line ${line}: ${message}.`), ...(bare.length > 0 ? [`${bare.length} of ${titled.length} entries have no abstract: ${bare.slice(0, 5).map((entry) => entry.key).join(', ')}. Their titles alone were compared.`] : [])],
  };
}

export const fromRegistry = (paper: FoundPaper, met: string): Omit<Neighbour, 'id'> => ({
  origin: paper.id, key: citationKey(paper.authors.join(' and '), paper.year, paper.title), type: paper.venue ? 'article' : 'misc', title: paper.title, url: paper.url, text: paper.abstract || paper.title, year: paper.year, authors: paper.authors, doi: paper.doi, arxiv: paper.arxiv, venue: paper.venue, met, retracted: paper.retracted, status: null,
});

/** A page that the adversary found: compared by its own words, cited by its address. */
export const fromPage = (page: { originId: string; title: string; url: string | null; text: string }, met: string): Omit<Neighbour, 'id'> => ({
  origin: page.originId, key: citationKey('', null, page.title), type: 'misc', title: page.title, url: page.url, text: page.text, year: null, authors: [], doi: null, arxiv: null, venue: null, met, retracted: null, status: null,
});

const plain = (title: string): string => title.normalize('NFKD').toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
/** The same work: DOI, arXiv number, or title. */
export const sameWork = (a: Pick<Neighbour, 'title' | 'doi' | 'arxiv'>, b: Pick<Neighbour, 'title' | 'doi' | 'arxiv'>): boolean => (a.doi !== null && a.doi.toLowerCase() === b.doi?.toLowerCase()) || (a.arxiv !== null && a.arxiv === b.arxiv) || plain(a.title) === plain(b.title);

/** What its nearness to a claim is measured by. */
export const wordsOf = (paper: Pick<Neighbour, 'title' | 'text'>): string => (paper.text === paper.title ? paper.title : `${paper.title}. ${paper.text}`);

/** Only fields that were given or fetched; an empty field is better than a guessed one. */
export function toEntry(paper: Neighbour): BibEntry {
  const fields = { title: paper.title, author: paper.authors.join(' and '), year: paper.year === null ? '' : String(paper.year), [paper.type.startsWith('in') ? 'booktitle' : 'journal']: paper.venue ?? '', doi: paper.doi ?? '', eprint: paper.arxiv ?? '', url: paper.url ?? '', note: [paper.retracted ? 'RETRACTED' : '', paper.status ?? ''].filter(Boolean).join('; ') };
  return { type: paper.type, key: paper.key, fields };
}

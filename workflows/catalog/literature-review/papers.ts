import { citationKey, parseBibtex, protectCapitals, toBibtex } from '#contracts/bibtex';
import type { QueryData } from '#contracts/data-tools';

/** Records of papers, from wherever they came: one shape, duplicates merged, each dropped record counted. Pure. */
export interface Paper { /** p1, p2 … in the order of the records */ id: string; title: string; authors: string[]; year: number | null; venue: string; doi: string; arxiv: string; abstract: string; url: string; from: Origin[]; retracted: boolean | null }
export type Origin = 'table' | 'bibtex' | 'file' | 'arxiv' | 'crossref' | 'openalex';
export const ORIGINS: Record<Origin, string> = { table: 'your table', bibtex: 'your BibTeX', file: 'your file', arxiv: 'arXiv', crossref: 'Crossref', openalex: 'OpenAlex' };
export type Found = Omit<Paper, 'id'>;

export const plain = (text: string): string => text.normalize('NFKD').toLowerCase().replace(/[\u0300-\u036F]/g, '').replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
export const doiOf = (text: string): string => /\b(10\.\d{4,9}\/[^\s"<>{}]+)/i.exec(text)?.[1]?.replace(/[.,;)\]]+$/, '').toLowerCase() ?? '';
const arxivOf = (text: string): string => /(?:^|arxiv[.:\s/]|abs\/|pdf\/)\s*(\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?\/\d{7})(?:v\d+)?(?:\.pdf)?$/i.exec(text.trim())?.[1]?.toLowerCase() ?? '';
const yearOf = (text: unknown): number | null => { const found = /\b(1[89]\d\d|20\d\d|2100)\b/.exec(String(text ?? ''))?.[1]; return found ? Number(found) : null; };
const blank: Found = { title: '', authors: [], year: null, venue: '', doi: '', arxiv: '', abstract: '', url: '', from: [], retracted: null };
const authorList = (text: string): string[] => text.split(/\s+and\s+|\s*;\s*/).map((name) => name.trim()).filter(Boolean);

interface Row { title: string; authors?: string | undefined; year?: number | undefined; venue?: string | undefined; doi?: string | undefined; abstract?: string | undefined }
export const fromTable = (rows: readonly Row[], from: Origin = 'table'): Found[] => rows.map((row) => ({ ...blank, title: row.title, authors: authorList(row.authors ?? ''), year: row.year ?? null, venue: row.venue ?? '', doi: doiOf(row.doi ?? ''), arxiv: arxivOf(row.doi ?? ''), abstract: row.abstract ?? '', from: [from] }));

export function fromBibtex(source: string): { found: Found[]; problems: number } {
  const { entries, problems } = parseBibtex(source);
  const found = entries.filter(({ fields }) => fields['title']).map(({ fields }): Found => ({ ...blank, title: fields['title'] ?? '', authors: authorList(fields['author'] ?? ''), year: yearOf(fields['year'] ?? fields['date']), venue: fields['journal'] ?? fields['booktitle'] ?? '', doi: doiOf(fields['doi'] ?? fields['url'] ?? ''), arxiv: arxivOf(fields['eprint'] ?? fields['url'] ?? ''), abstract: fields['abstract'] ?? '', url: /^https?:\/\/\S+$/.test(fields['url'] ?? '') ? (fields['url'] ?? '') : '', from: ['bibtex'] }));
  return { found, problems: problems.length + entries.length - found.length };
}

/** Rows of an uploaded table whose columns are named like ours, whatever their capitals. */
export function fromRows({ columns, rows }: QueryData): Found[] {
  const at = (...names: string[]): number => columns.findIndex(({ name }) => names.includes(name.toLowerCase().replace(/[^a-z]/g, '')));
  const [title, authors, year, venue, doi, abstract] = [at('title', 'papertitle'), at('authors', 'author'), at('year', 'publicationyear', 'date'), at('venue', 'journal', 'source', 'sourcetitle'), at('doi'), at('abstract', 'summary')];
  const text = (row: QueryData['rows'][number], index: number): string => (index < 0 ? '' : String(row[index] ?? '').trim());
  return fromTable(rows.filter((row) => text(row, title) !== '').map((row) => ({ title: text(row, title), authors: text(row, authors), year: yearOf(text(row, year)) ?? undefined, venue: text(row, venue), doi: text(row, doi), abstract: text(row, abstract) })), 'file');
}

/** What search_papers hands back. */
export interface SearchData { papers: { title: string; authors: string[]; year: number | null; venue: string | null; doi: string | null; arxiv: string | null; abstract: string | null; url: string; retracted: boolean | null; sources: ('arxiv' | 'crossref' | 'openalex')[] }[] }
export const fromSearch = ({ papers }: SearchData): Found[] => papers.map((paper) => ({ title: paper.title, authors: paper.authors, year: paper.year, venue: paper.venue ?? '', doi: paper.doi ?? '', arxiv: paper.arxiv ?? '', abstract: paper.abstract ?? '', url: paper.url, from: [...paper.sources], retracted: paper.retracted }));

function same(one: Found, other: Found): boolean {
  if ((one.doi && one.doi === other.doi) || (one.arxiv && one.arxiv === other.arxiv)) return true;
  const title = plain(one.title);
  return title.length >= 12 && title === plain(other.title) && (one.year === null || other.year === null || Math.abs(one.year - other.year) <= 2);
}

/** One record a paper; what one lacks the other fills. */
export function dedupe(found: readonly Found[]): { papers: Paper[]; duplicates: number } {
  const papers: Paper[] = [];
  for (const record of found) {
    const known = papers.find((paper) => same(paper, record));
    if (!known) { papers.push({ ...record, id: `p${papers.length + 1}` }); continue; }
    for (const field of ['venue', 'doi', 'arxiv', 'abstract', 'url'] as const) if (!known[field]) known[field] = record[field];
    if (known.authors.length < record.authors.length) known.authors = record.authors;
    known.year ??= record.year;
    known.retracted ??= record.retracted;
    known.from = [...new Set([...known.from, ...record.from])];
  }
  return { papers, duplicates: found.length - papers.length };
}

export interface Chosen { screened: Paper[]; outsideYears: Paper[]; overLimit: Paper[] }

/** Inside the years (a paper without a year stays), nearest to the question first, at most so many. */
export function choose(papers: readonly Paper[], wish: { question: string; from_year: number; to_year: number; most: number }): Chosen {
  const inside = papers.filter(({ year }) => year === null || (year >= wish.from_year && year <= wish.to_year));
  const ranked = inside.map((paper, index) => ({ paper, index, near: nearness(wish.question, paper) })).toSorted((a, b) => b.near - a.near || a.index - b.index).map(({ paper }) => paper);
  return { screened: ranked.slice(0, wish.most), overLimit: ranked.slice(wish.most), outsideYears: papers.filter((paper) => !inside.includes(paper)) };
}

const words = (text: string): Set<string> => new Set(plain(text).split(' ').filter((word) => word.length > 3).map((word) => word.replace(/(?:ing|ed|es|s)$/, '')));
/** Share of the question's longer words that title and abstract hold, 0 to 1. */
export function nearness(question: string, { title, abstract }: Pick<Paper, 'title' | 'abstract'>): number {
  const asked = words(question);
  const held = words(`${title} ${abstract}`);
  return asked.size === 0 ? 0 : [...asked].filter((word) => held.has(word)).length / asked.size;
}

export const addressOf = ({ url, doi, arxiv }: Paper): string | null => url || (arxiv ? `https://arxiv.org/abs/${arxiv}` : doi ? `https://doi.org/${doi}` : null);
export const cited = (paper: Paper): string => `${paper.authors[0]?.split(',')[0] ?? 'Unknown'}${paper.authors.length > 1 ? ' et al.' : ''}${paper.year === null ? '' : ` (${paper.year})`}`;

export const refsBib = (papers: readonly Paper[]): string => protectCapitals(toBibtex(papers.map((paper) => ({
  type: paper.venue && !/arxiv/i.test(paper.venue) ? (/proceedings|conference|workshop|advances/i.test(paper.venue) ? 'inproceedings' : 'article') : 'misc', key: citationKey(paper.authors[0] ?? '', paper.year, paper.title),
  fields: { title: paper.title, author: paper.authors.join(' and '), year: paper.year === null ? '' : String(paper.year), [/proceedings|conference|workshop|advances/i.test(paper.venue) ? 'booktitle' : 'journal']: paper.venue, doi: paper.doi, eprint: paper.arxiv, archiveprefix: paper.arxiv ? 'arXiv' : '', url: addressOf(paper) ?? '' },
}))));

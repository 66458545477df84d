import { webId } from '../web-address.ts';

/** One paper, whichever registry told of it. */
export type PaperSource = 'arxiv' | 'crossref' | 'openalex';
export interface Paper {
  /** `web-…` of `url`: the id of the item, the same when the page is fetched */
  id: string;
  title: string;
  authors: string[];
  year: number | null;
  venue: string | null;
  /** lower case, without the resolver */
  doi: string | null;
  /** without the version */
  arxiv: string | null;
  abstract: string | null;
  url: string;
  cited_by: number | null;
  /** null = this registry does not say */
  retracted: boolean | null;
  sources: PaperSource[];
}
export interface Retraction { doi: string | null; date: string | null; source: string }
export type PaperRecord = Omit<Paper, 'id' | 'url' | 'sources'> & { url?: string | null; retraction?: Retraction | null };

/** `https://doi.org/10.1/AB`, `doi:10.1/AB`, `10.1/AB` → `10.1/ab`; null when it is none. */
export function doiOf(text: string): string | null {
  const found = /\b(10\.\d{4,9}\/[^\s"<>]+)/i.exec(decoded(text))?.[1];
  return found ? found.replace(/[.,;)\]]+$/, '').toLowerCase() : null;
}

/** `https://arxiv.org/abs/2210.03629v3`, `arXiv:2210.03629`, `cs/0112017` → without version; null when it is none. */
export function arxivOf(text: string): string | null {
  const found = /(?:^|arxiv[.:\s/]|abs\/|pdf\/)\s*(\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?\/\d{7})(?:v\d+)?(?:\.pdf)?(?=$|[\s?#,;)])/i.exec(text.trim())?.[1];
  return found?.toLowerCase() ?? null;
}

const decoded = (text: string): string => { try { return decodeURIComponent(text); } catch { return text; } };

/** Lower case, letters and digits only: what is compared when two titles are said to be the same. */
export const plainTitle = (title: string): string => title.normalize('NFKD').toLowerCase().replace(/<[^>]+>/g, ' ').replace(/[\u0300-\u036F]/g, '').replace(/[^\p{L}\p{N}]+/gu, ' ').trim();

export function toPaper(record: PaperRecord, source: PaperSource): Paper {
  const doi = record.doi?.toLowerCase() ?? null;
  const arxiv = record.arxiv ?? (doi?.startsWith('10.48550/arxiv.') ? doi.slice('10.48550/arxiv.'.length) : null);
  return identified({ title: record.title, authors: record.authors, year: record.year, venue: record.venue, doi, arxiv, abstract: record.abstract, cited_by: record.cited_by, retracted: record.retracted, sources: [source] }, record.url ?? null);
}

function identified(paper: Omit<Paper, 'id' | 'url'>, fallback: string | null): Paper {
  const url = paper.arxiv ? `https://arxiv.org/abs/${paper.arxiv}` : paper.doi ? `https://doi.org/${paper.doi}` : fallback ?? `https://openalex.org/works?search=${encodeURIComponent(paper.title)}`;
  return { id: webId(url), url, ...paper };
}

/** One entry a paper: the same DOI, arXiv number, or title (of some length) within two years. What one registry lacks the
 * others fill; the order is by how high each registry put it (reciprocal rank fusion). */
export function mergePapers(lists: readonly Paper[][]): Paper[] {
  const groups: { papers: Paper[]; score: number }[] = [];
  for (const list of lists) {
    for (const [rank, paper] of list.entries()) {
      const group = groups.find(({ papers }) => papers.some((known) => isSame(known, paper)));
      const score = 1 / (60 + rank);
      if (group) { group.papers.push(paper); group.score += score; } else groups.push({ papers: [paper], score });
    }
  }
  return groups.map(({ papers, score }) => ({ paper: papers.reduce(mergeTwo), score })).sort((a, b) => b.score - a.score || (a.paper.title < b.paper.title ? -1 : 1)).map(({ paper }) => paper);
}

function isSame(one: Paper, other: Paper): boolean {
  if (one.arxiv && one.arxiv === other.arxiv) return true;
  if (one.doi && one.doi === other.doi) return true;
  const title = plainTitle(one.title);
  if (title.length < 15 || title !== plainTitle(other.title)) return false;
  return one.year === null || other.year === null || Math.abs(one.year - other.year) <= 2;
}

const isPreprint = (paper: Paper): boolean => paper.venue === null || /arxiv|preprint/i.test(paper.venue) || paper.doi?.startsWith('10.48550/') === true;

function mergeTwo(first: Paper, second: Paper): Paper {
  const [main, other] = isPreprint(first) && !isPreprint(second) ? [second, first] : [first, second];
  const counts = [main.cited_by, other.cited_by].filter((count) => count !== null);
  const known = [main.retracted, other.retracted].filter((flag) => flag !== null);
  return identified({
    title: main.title, authors: main.authors.length >= other.authors.length ? main.authors : other.authors, year: main.year ?? other.year, venue: main.venue ?? other.venue, doi: main.doi ?? other.doi, arxiv: main.arxiv ?? other.arxiv,
    abstract: main.abstract ?? other.abstract, cited_by: counts.length > 0 ? Math.max(...counts) : null, retracted: known.length > 0 ? known.includes(true) : null, sources: [...new Set([...first.sources, ...second.sources])],
  }, main.url);
}

/** How alike two titles are, 0 to 1: shared words over all words, each counted as often as it stands. */
export function titleSimilarity(one: string, other: string): number {
  const [left, right] = [plainTitle(one).split(' ').filter(Boolean), plainTitle(other).split(' ').filter(Boolean)];
  if (left.length === 0 || right.length === 0) return 0;
  const rest = [...right];
  const shared = left.filter((word) => { const at = rest.indexOf(word); if (at >= 0) rest.splice(at, 1); return at >= 0; }).length;
  return Math.round((2 * shared / (left.length + right.length)) * 1000) / 1000;
}

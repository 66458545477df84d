import { DOMParser } from 'linkedom';
import { z } from 'zod';
import type { ApiClient } from '../net/api-client.ts';
import { below } from '../search/engines.ts';
import { ToolProblem, type ToolContext } from '../tool.ts';
import { arxivOf, doiOf, type PaperRecord, type PaperSource } from './paper.ts';

/** arXiv, Crossref and OpenAlex behind one shape; none needs a key. Only the fields we read are in the schemas.
 * @source info.arxiv.org/help/api/user-manual, api.crossref.org/swagger-ui, docs.openalex.org/api-entities/works, read 2026-11 */
export interface PaperQuery { query: string; limit: number; fromYear: number | null; toYear: number | null }
export interface Registry {
  name: PaperSource;
  label: string;
  search(query: PaperQuery, context: ToolContext): Promise<PaperRecord[]>;
  /** @returns null when the registry does not know it */
  byId(id: { doi: string | null; arxiv: string | null }, context: ToolContext): Promise<PaperRecord | null>;
}
export interface PaperBases { arxiv: string; crossref: string; openalex: string; doi: string }
export const PAPER_BASES: PaperBases = { arxiv: 'https://export.arxiv.org', crossref: 'https://api.crossref.org', openalex: 'https://api.openalex.org', doi: 'https://doi.org' };

const text = z.string().nullish().transform((value) => value ?? '');
const plain = (value: string): string => value.replace(/<[^>]+>/g, ' ').replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&').replace(/\s+/g, ' ').trim();

const DateParts = z.object({ 'date-parts': z.array(z.array(z.number().nullable())).nullish() }).nullish();
const Update = z.object({ DOI: text, type: text, source: text, updated: DateParts });
const CrossrefWork = z.object({
  DOI: z.string(), title: z.array(z.string()).nullish(), author: z.array(z.object({ given: text, family: text, name: text })).nullish(), issued: DateParts, 'container-title': z.array(z.string()).nullish(), abstract: text, URL: text,
  'is-referenced-by-count': z.number().nullish(), 'updated-by': z.array(Update).nullish(),
});
const CROSSREF_FIELDS = 'DOI,title,author,issued,container-title,abstract,URL,is-referenced-by-count';

export function crossref(api: ApiClient, baseUrl: string): Registry {
  const label = 'Crossref';
  const record = (work: z.infer<typeof CrossrefWork>): PaperRecord => {
    const retraction = (work['updated-by'] ?? []).find((update) => /^(?:retraction|withdrawal|removal)$/i.test(update.type));
    const title = plain(work.title?.[0] ?? '');
    const retractedTitle = /^(?:retracted|withdrawn)(?: article)?\s*:/i.test(title);
    return {
      title, authors: (work.author ?? []).map(({ given, family, name }) => plain(`${given} ${family}`) || plain(name)).filter(Boolean), year: work.issued?.['date-parts']?.[0]?.[0] ?? null, venue: plain(work['container-title']?.[0] ?? '') || null, doi: work.DOI.toLowerCase(), arxiv: null,
      abstract: plain(work.abstract) || null, cited_by: work['is-referenced-by-count'] ?? null,
      // A search answers without the notices, so that only a lookup may say "not retracted".
      retracted: retraction || retractedTitle ? true : work['updated-by'] === undefined ? null : false,
      retraction: retraction ? { doi: retraction.DOI.toLowerCase() || null, date: dateOf(retraction.updated), source: retraction.source ? `Crossref (${retraction.source})` : label } : null,
    };
  };
  return {
    name: 'crossref', label,
    async search({ query, limit, fromYear, toYear }, context) {
      const url = below(baseUrl, 'works');
      const filters = [...(fromYear ? [`from-pub-date:${fromYear}`] : []), ...(toYear ? [`until-pub-date:${toYear}`] : [])];
      url.search = new URLSearchParams({ 'query.bibliographic': query, rows: String(limit), select: CROSSREF_FIELDS, ...(filters.length > 0 ? { filter: filters.join(',') } : {}) }).toString();
      const answer = await api.json({ label, url, context }, z.object({ message: z.object({ items: z.array(CrossrefWork) }) }));
      return (answer?.message.items ?? []).map(record).filter((paper) => paper.title !== '');
    },
    async byId({ doi }, context) {
      if (!doi) return null;
      const answer = await api.json({ label, url: below(baseUrl, `works/${encodeURIComponent(doi)}`), context }, z.object({ message: CrossrefWork }));
      return answer ? record({ ...answer.message, 'updated-by': answer.message['updated-by'] ?? [] }) : null;
    },
  };
}

function dateOf(date: z.infer<typeof DateParts>): string | null {
  const parts = date?.['date-parts']?.[0]?.filter((part) => part !== null) ?? [];
  return parts.length > 0 ? parts.map((part, index) => String(part).padStart(index === 0 ? 4 : 2, '0')).join('-') : null;
}

const OpenAlexWork = z.object({
  id: z.string(), doi: text, display_name: text, publication_year: z.number().nullish(), authorships: z.array(z.object({ author: z.object({ display_name: text }) })).nullish(),
  primary_location: z.object({ source: z.object({ display_name: text }).nullish(), landing_page_url: text }).nullish(), abstract_inverted_index: z.record(z.string(), z.array(z.number())).nullish(), cited_by_count: z.number().nullish(), is_retracted: z.boolean().nullish(),
});
const OPENALEX_FIELDS = 'id,doi,display_name,publication_year,authorships,primary_location,abstract_inverted_index,cited_by_count,is_retracted';

export function openalex(api: ApiClient, baseUrl: string): Registry {
  const label = 'OpenAlex';
  const record = (work: z.infer<typeof OpenAlexWork>): PaperRecord => ({
    title: plain(work.display_name), authors: (work.authorships ?? []).map(({ author }) => plain(author.display_name)).filter(Boolean), year: work.publication_year ?? null, venue: plain(work.primary_location?.source?.display_name ?? '') || null, doi: doiOf(work.doi),
    arxiv: arxivOf(work.primary_location?.landing_page_url ?? ''), abstract: fromInverted(work.abstract_inverted_index), cited_by: work.cited_by_count ?? null, retracted: work.is_retracted ?? null, retraction: work.is_retracted ? { doi: null, date: null, source: label } : null, url: work.id,
  });
  return {
    name: 'openalex', label,
    async search({ query, limit, fromYear, toYear }, context) {
      const url = below(baseUrl, 'works');
      const filters = [...(fromYear ? [`from_publication_date:${fromYear}-01-01`] : []), ...(toYear ? [`to_publication_date:${toYear}-12-31`] : [])];
      url.search = new URLSearchParams({ search: query.replace(/[^\p{L}\p{N}\s'-]+/gu, ' '), 'per-page': String(limit), select: OPENALEX_FIELDS, ...(filters.length > 0 ? { filter: filters.join(',') } : {}) }).toString();
      const answer = await api.json({ label, url, context }, z.object({ results: z.array(OpenAlexWork) }));
      return (answer?.results ?? []).map(record).filter((paper) => paper.title !== '');
    },
    async byId({ doi, arxiv }, context) {
      const known = doi ?? (arxiv ? `10.48550/arxiv.${arxiv}` : null);
      if (!known) return null;
      const url = below(baseUrl, `works/doi:${known.split('/').map(encodeURIComponent).join('/')}`);
      url.searchParams.set('select', OPENALEX_FIELDS);
      const work = await api.json({ label, url, context }, OpenAlexWork);
      return work ? record(work) : null;
    },
  };
}

/** OpenAlex gives abstracts as word → places. */
function fromInverted(index: Record<string, number[]> | null | undefined): string | null {
  if (!index) return null;
  const words: string[] = [];
  for (const [word, places] of Object.entries(index)) for (const place of places) if (place >= 0 && place < 5_000) words[place] = word;
  return words.join(' ').replace(/\s+/g, ' ').trim() || null;
}

export function arxivRegistry(api: ApiClient, baseUrl: string): Registry {
  const label = 'arXiv';
  const ask = async (parameters: Record<string, string>, context: ToolContext): Promise<PaperRecord[]> => {
    const url = below(baseUrl, 'api/query');
    url.search = new URLSearchParams(parameters).toString();
    const body = await api.text({ label, url, context, accept: 'application/atom+xml' });
    return body === null ? [] : atomPapers(body, label);
  };
  return {
    name: 'arxiv', label,
    async search({ query, limit, fromYear, toYear }, context) {
      const words = query.match(/[\p{L}\p{N}][\p{L}\p{N}-]*/gu)?.slice(0, 10) ?? [];
      if (words.length === 0) return [];
      const dates = fromYear || toYear ? ` AND submittedDate:[${fromYear ?? 1991}01010000 TO ${toYear ?? 2100}12312359]` : '';
      return ask({ search_query: words.map((word) => `all:${word}`).join(' AND ') + dates, start: '0', max_results: String(limit), sortBy: 'relevance' }, context);
    },
    async byId({ arxiv }, context) {
      if (!arxiv) return null;
      const [found] = await ask({ id_list: arxiv, max_results: '1' }, context);
      return found?.arxiv === arxiv ? found : null;
    },
  };
}

function atomPapers(xml: string, label: string): PaperRecord[] {
  const feed = new DOMParser().parseFromString(xml, 'text/xml');
  if (feed.querySelector('feed') === null) throw new ToolProblem('unavailable', `${label} answered in a form that is not known.`);
  return [...feed.querySelectorAll('entry')].flatMap((entry) => {
    const field = (name: string): string => [...entry.children].find((child) => child.tagName.toLowerCase() === name)?.textContent?.replace(/\s+/g, ' ').trim() ?? '';
    const arxiv = arxivOf(field('id'));
    const title = field('title');
    if (!arxiv || title === '') return [];
    const year = Number(field('published').slice(0, 4));
    return [{ title, authors: [...entry.querySelectorAll('author name')].map((name) => name.textContent?.trim() ?? '').filter(Boolean), year: Number.isInteger(year) && year > 0 ? year : null, venue: field('arxiv:journal_ref') || 'arXiv', doi: doiOf(field('arxiv:doi')), arxiv, abstract: field('summary') || null, cited_by: null, retracted: null }];
  });
}

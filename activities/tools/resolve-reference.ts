import { z } from 'zod';
import { hostOf } from '#platform/public-address';
import type { ApiClient } from './net/api-client.ts';
import { arxivOf, doiOf, mergePapers, plainTitle, titleSimilarity, toPaper, type Paper, type PaperRecord, type Retraction } from './papers/paper.ts';
import type { Registry } from './papers/registries.ts';
import type { ReadDocument } from './read-document.ts';
import { below } from './search/engines.ts';
import { paperItem } from './search-papers.ts';
import { ToolProblem, type Tool, type ToolContext } from './tool.ts';

const Args = z.strictObject({
  doi: z.string().trim().min(6).max(300).optional().describe('10.1234/abc, with or without https://doi.org/'),
  arxiv: z.string().trim().min(7).max(100).optional().describe('2210.03629, with or without version'),
  url: z.string().trim().min(1).max(2_048).optional().describe('The address of the source'),
  title: z.string().trim().min(3).max(500).optional().describe('The title as cited'),
  given: z.strictObject({ title: z.string().max(500).optional(), authors: z.array(z.string().max(200)).max(100).optional(), year: z.int().min(1500).max(2200).optional(), venue: z.string().max(300).optional() }).optional().describe('What the reference claims; differences are listed'),
}).refine(({ doi, arxiv, url, title }) => Boolean(doi ?? arxiv ?? url ?? title), 'give at least one of doi, arxiv, url, title');
type Given = NonNullable<z.infer<typeof Args>['given']>;

export interface ResolveReferenceDeps { registries: readonly Registry[]; api: ApiClient; doiBaseUrl: string; readDocument: ReadDocument }
interface Mismatch { field: 'title' | 'authors' | 'year' | 'venue' | 'doi' | 'arxiv'; given: string; found: string }
interface Found { records: { record: PaperRecord; registry: Registry }[]; problems: string[]; asked: number }

/** A title counts as found from this similarity on. */
const SAME_TITLE = 0.9;
const PAGE = { maxBytes: 2 * 1_048_576, timeoutMs: 10_000, accept: 'text/html, application/pdf, */*;q=0.5', types: ['text/html', 'application/xhtml+xml', 'text/plain', 'application/pdf', 'application/json'], wanted: 'pages and PDF' };

/** Whether a reference exists, what the registries say of it, whether it was retracted, where the citation differs. */
export function createResolveReference(deps: ResolveReferenceDeps): Tool<z.infer<typeof Args>> {
  return {
    name: 'resolve_reference', title: 'Reference checker', networked: true, timeoutMs: 40_000, args: Args, addresses: ({ url }) => (url && !doiOf(url) && !arxivOf(url) ? [url] : []),
    description: 'Checks one reference by DOI, arXiv number, address or title: whether it exists, its registered metadata, whether it was retracted, and where the given metadata differ.',
    availability: () => ({ available: true, detail: 'References are checked with Crossref, OpenAlex, arXiv and doi.org.', remedy: null }),
    async run({ doi: doiText, arxiv: arxivText, url, title, given = {} }, context) {
      const doi = doiText ? doiOf(doiText) : url ? doiOf(url) : null;
      const arxiv = arxivText ? arxivOf(arxivText) : url ? arxivOf(url) : doi?.startsWith('10.48550/arxiv.') ? doi.slice(15) : null;
      if (doiText && !doi) throw new ToolProblem('failed', `"${doiText}" is not a DOI: they begin with 10. and a number.`);
      if (arxivText && !arxiv) throw new ToolProblem('failed', `"${arxivText}" is not an arXiv number such as 2210.03629.`);
      const claimed: Given = { ...given, title: given.title ?? title };
      if (doi || arxiv) return byIdentifier(deps, { doi, arxiv }, claimed, context);
      if (url) return byAddress(deps, url, context);
      return byTitle(deps, title as string, claimed, context);
    },
  };
}

type Answer = Awaited<ReturnType<Tool['run']>>;

async function ask(registries: readonly Registry[], context: ToolContext, question: (registry: Registry) => Promise<PaperRecord | null>): Promise<Found> {
  const answers = await Promise.all(registries.map(async (registry) => {
    try { return { registry, record: await question(registry), problem: null }; } catch (error) {
      context.signal.throwIfAborted();
      if (!(error instanceof ToolProblem)) throw error;
      return { registry, record: null, problem: error.message };
    }
  }));
  return { records: answers.flatMap(({ record, registry }) => (record ? [{ record, registry }] : [])), problems: answers.flatMap(({ problem }) => problem ?? []), asked: registries.length };
}

async function byIdentifier(deps: ResolveReferenceDeps, id: { doi: string | null; arxiv: string | null }, given: Given, context: ToolContext): Promise<Answer> {
  const name = id.doi ? `DOI ${id.doi}` : `arXiv ${id.arxiv}`;
  const found = await ask(deps.registries.filter((registry) => (registry.name === 'arxiv' ? id.arxiv !== null : registry.name === 'crossref' ? id.doi !== null && !id.doi.startsWith('10.48550/') : true)), context, (registry) => registry.byId(id, context));
  if (found.records.length > 0) return answer(name, found, given, id);
  const handle = id.doi ? await handleExists(deps, id.doi, context) : null;
  if (handle === true) return { outcome: 'ok', summary: `${name} is registered at doi.org, but no registry of papers has its metadata.`, items: [], data: outcomeData({ exists: 'yes', resolved_by: 'doi.org' }) };
  // "No" needs somebody who would know: doi.org for a DOI, arXiv for its own numbers.
  const authority = id.doi ? handle === false : found.problems.length === 0;
  if (authority) return { outcome: 'empty', summary: `${name} does not exist.`, items: [], data: outcomeData({ exists: 'no' }) };
  return { outcome: 'unavailable', summary: `Whether ${name} exists cannot be told now. ${found.problems.join(' ')}`.trim(), items: [], data: outcomeData({ exists: 'unknown' }) };
}

/** The DOI system itself, which knows every DOI of every agency. @returns null when it cannot be asked */
async function handleExists(deps: ResolveReferenceDeps, doi: string, context: ToolContext): Promise<boolean | null> {
  try {
    const answered = await deps.api.json({ label: 'doi.org', url: below(deps.doiBaseUrl, `api/handles/${doi.split('/').map(encodeURIComponent).join('/')}`), context }, z.object({ responseCode: z.number() }));
    return answered?.responseCode === 1;
  } catch (error) {
    context.signal.throwIfAborted();
    if (error instanceof ToolProblem) return null;
    throw error;
  }
}

async function byAddress(deps: ResolveReferenceDeps, url: string, context: ToolContext): Promise<Answer> {
  const document = await deps.readDocument(url, PAGE, context).catch((error: unknown) => {
    context.signal.throwIfAborted();
    if (error instanceof ToolProblem && / has no such page /.test(error.message)) return null;
    throw error;
  });
  if (!document) return { outcome: 'empty', summary: `${hostOf(new URL(url))} has no such page.`, items: [], data: outcomeData({ exists: 'no' }) };
  return { outcome: 'ok', summary: `${hostOf(new URL(document.url))} has this page.`, items: [], data: outcomeData({ exists: 'yes', resolved_by: 'url' }) };
}

async function byTitle(deps: ResolveReferenceDeps, title: string, given: Given, context: ToolContext): Promise<Answer> {
  const found = await ask(deps.registries, context, async (registry) => {
    const [best] = (await registry.search({ query: title, limit: 5, fromYear: null, toYear: null }, context)).map((record) => ({ record, score: titleSimilarity(title, record.title) })).filter(({ score }) => score >= SAME_TITLE).sort((a, b) => b.score - a.score);
    return best?.record ?? null;
  });
  if (found.records.length > 0) return answer(`"${title}"`, found, given, { doi: null, arxiv: null });
  if (found.problems.length === found.asked) return { outcome: 'unavailable', summary: `The registries cannot be asked now. ${found.problems.join(' ')}`, items: [], data: outcomeData({ exists: 'unknown' }) };
  return { outcome: 'empty', summary: `No registry knows a paper titled "${title}". It may be a book, a page or an invention. ${found.problems.join(' ')}`.trim(), items: [], data: outcomeData({ exists: found.problems.length > 0 ? 'unknown' : 'no' }) };
}

interface ReferenceData { exists: 'yes' | 'no' | 'unknown'; resolved_by: string | null; paper: Paper | null; retracted: boolean | null; retraction: Retraction | null; mismatches: Mismatch[]; title_similarity: number | null }
const outcomeData = (data: Partial<ReferenceData>): ReferenceData => ({ exists: 'unknown', resolved_by: null, paper: null, retracted: null, retraction: null, mismatches: [], title_similarity: null, ...data });

function answer(name: string, found: Found, given: Given, id: { doi: string | null; arxiv: string | null }): Answer {
  // One paper: registries that were asked for the same identifier speak of the same work, however each writes its title.
  const papers = found.records.map(({ record, registry }) => toPaper({ ...record, doi: id.doi ?? record.doi, arxiv: id.arxiv ?? record.arxiv }, registry.name));
  const paper = mergePapers([papers])[0] as Paper;
  const retraction = found.records.map(({ record }) => record.retraction ?? null).sort((a, b) => Number(b?.doi !== null && b !== null) - Number(a?.doi !== null && a !== null))[0] ?? null;
  const mismatches = compare(given, paper);
  const resolvedBy = found.records[0]?.registry.name ?? null;
  const remarks = [paper.retracted === true ? 'It was RETRACTED.' : '', mismatches.length > 0 ? `The reference differs in ${mismatches.map(({ field }) => field).join(', ')}.` : '', ...found.problems].filter(Boolean).join(' ');
  return {
    outcome: 'ok', summary: `${name} exists: "${paper.title}"${paper.year ? ` (${paper.year})` : ''}. ${remarks}`.trim(), items: [paperItem(paper)],
    data: outcomeData({ exists: 'yes', resolved_by: resolvedBy, paper, retracted: paper.retracted, retraction, mismatches, title_similarity: given.title ? titleSimilarity(given.title, paper.title) : null }),
  };
}

const familyOf = (author: string): string => plainTitle(author.includes(',') ? author.split(',')[0] ?? '' : author.split(/\s+/).at(-1) ?? '');

function compare(given: Given, paper: Paper): Mismatch[] {
  const found: Mismatch[] = [];
  if (given.title && titleSimilarity(given.title, paper.title) < SAME_TITLE) found.push({ field: 'title', given: given.title, found: paper.title });
  // A preprint and its published form may be a year apart: that is not a wrong year.
  if (given.year && paper.year !== null && Math.abs(given.year - paper.year) > (paper.arxiv ? 1 : 0)) found.push({ field: 'year', given: String(given.year), found: String(paper.year) });
  if (given.authors && given.authors.length > 0 && paper.authors.length > 0) {
    const known = new Set(paper.authors.map(familyOf));
    const strangers = given.authors.filter((author) => !/^(?:et al\.?|others)$/i.test(author.trim()) && !known.has(familyOf(author)));
    if (strangers.length > 0 || familyOf(given.authors[0] ?? '') !== familyOf(paper.authors[0] ?? '')) found.push({ field: 'authors', given: given.authors.join('; '), found: paper.authors.join('; ') });
  }
  if (given.venue && paper.venue && titleSimilarity(given.venue, paper.venue) < 0.5) found.push({ field: 'venue', given: given.venue, found: paper.venue });
  return found;
}

import { DOMParser } from 'linkedom';
import { z } from 'zod';
import { below } from './engines.ts';
import { readJson, readText } from './request.ts';
import type { SearchEngine } from './engine.ts';
import { ToolProblem } from '../tool.ts';

/** Sources that need no key.
 * @source www.mediawiki.org/wiki/API:Search and Extension:TextExtracts, info.arxiv.org/help/api/user-manual, read 2026-11 */
const WikipediaAnswer = z.object({
  query: z.object({ pages: z.array(z.object({ title: z.string(), index: z.number().default(0), extract: z.string().nullish(), fullurl: z.string().nullish(), missing: z.boolean().optional() })) }).optional(),
});

export function wikipedia(baseUrl = 'https://en.wikipedia.org'): SearchEngine {
  const label = baseUrl.includes('wikipedia.org') ? 'Wikipedia' : `Wikipedia at ${new URL(baseUrl).host}`;
  return {
    name: 'wikipedia', label, baseUrl,
    async search(query, limit, signal) {
      const url = below(baseUrl, 'w/api.php');
      url.search = new URLSearchParams({
        action: 'query', format: 'json', formatversion: '2', generator: 'search', gsrsearch: query.slice(0, 300), gsrlimit: String(limit), gsrnamespace: '0',
        prop: 'extracts|info', exintro: '1', explaintext: '1', exlimit: '20', inprop: 'url',
      }).toString();
      const { query: answer } = await readJson({ url, label, signal }, WikipediaAnswer);
      return (answer?.pages ?? []).filter((page) => !page.missing).sort((a, b) => a.index - b.index).map((page) => {
        const text = page.extract?.trim() ?? '';
        return { title: page.title, url: page.fullurl ?? below(baseUrl, `wiki/${encodeURIComponent(page.title.replaceAll(' ', '_'))}`).href, snippet: text.slice(0, 300), text, source: 'Wikipedia' };
      });
    },
  };
}

export function arxiv(baseUrl = 'https://export.arxiv.org'): SearchEngine {
  const label = baseUrl.includes('arxiv.org') ? 'arXiv' : `arXiv at ${new URL(baseUrl).host}`;
  return {
    name: 'arxiv', label, baseUrl,
    async search(query, limit, signal) {
      const words = query.match(/[\p{L}\p{N}][\p{L}\p{N}-]*/gu)?.slice(0, 10) ?? [];
      if (words.length === 0) return [];
      const url = below(baseUrl, 'api/query');
      url.search = new URLSearchParams({ search_query: words.map((word) => `all:${word}`).join(' AND '), start: '0', max_results: String(limit), sortBy: 'relevance' }).toString();
      return parseAtom(await readText({ url, label, signal }), label);
    },
  };
}

function parseAtom(xml: string, label: string): Awaited<ReturnType<SearchEngine['search']>> {
  const feed = new DOMParser().parseFromString(xml, 'text/xml');
  if (feed.querySelector('feed') === null) throw new ToolProblem('unavailable', `${label} answered in a form that is not known.`);
  return [...feed.querySelectorAll('entry')].flatMap((entry) => {
    const field = (name: string): string => [...entry.children].find((child) => child.tagName.toLowerCase() === name)?.textContent?.replace(/\s+/g, ' ').trim() ?? '';
    const address = field('id').replace(/^http:/, 'https:');
    if (!URL.canParse(address) || address.includes('/api/errors')) return [];
    const authors = [...entry.querySelectorAll('author name')].map((name) => name.textContent?.trim() ?? '').filter(Boolean);
    const by = authors.length > 3 ? `${authors.slice(0, 3).join(', ')} and others` : authors.join(', ');
    const summary = field('summary');
    return [{ title: field('title'), url: address, snippet: summary.slice(0, 300), text: `${summary}\n\nBy ${by || 'unnamed authors'}, ${field('published').slice(0, 10)}.`, source: 'arXiv' }];
  });
}

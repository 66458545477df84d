import { z } from 'zod';
import { readJson } from './request.ts';
import type { SearchEngine, SearchHit } from './engine.ts';

/** Clients of the search services an admin may configure; only the fields we read are in the schemas.
 * @source docs.searxng.org (search API), docs.tavily.com (search), api-dashboard.search.brave.com (web search), read 2026-11 */
const text = z.string().nullish().transform((value) => value ?? '');

/** Below the base, whatever path it has: `https://host/searxng` + `search`. */
export const below = (baseUrl: string, path: string): URL => new URL(path, baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`);

const SearxngAnswer = z.object({ results: z.array(z.object({ title: text, url: z.string(), content: text })) });

export function searxng(baseUrl: string): SearchEngine {
  const label = `SearXNG at ${new URL(baseUrl).host}`;
  return {
    name: 'searxng', label, baseUrl,
    async search(query, limit, signal) {
      const url = below(baseUrl, 'search');
      url.search = new URLSearchParams({ q: query, format: 'json', safesearch: '1' }).toString();
      const { results } = await readJson({ url, label, signal }, SearxngAnswer);
      return results.slice(0, limit * 2).map(({ title, url: address, content }) => hit(title, address, content));
    },
  };
}

const TavilyAnswer = z.object({ results: z.array(z.object({ title: text, url: z.string(), content: text, raw_content: text })) });

export function tavily(apiKey: string, baseUrl = 'https://api.tavily.com'): SearchEngine {
  return {
    name: 'tavily', label: 'Tavily', baseUrl,
    async search(query, limit, signal) {
      const { results } = await readJson({ url: below(baseUrl, 'search'), label: 'Tavily', signal, headers: { authorization: `Bearer ${apiKey}` }, body: { query: query.slice(0, 400), max_results: limit, search_depth: 'basic', include_answer: false } }, TavilyAnswer);
      return results.map(({ title, url, content, raw_content: raw }) => hit(title, url, content, raw || content));
    },
  };
}

const BraveAnswer = z.object({ web: z.object({ results: z.array(z.object({ title: text, url: z.string(), description: text, extra_snippets: z.array(z.string()).nullish() })) }).nullish() });

export function brave(apiKey: string, baseUrl = 'https://api.search.brave.com'): SearchEngine {
  return {
    name: 'brave', label: 'Brave Search', baseUrl,
    async search(query, limit, signal) {
      const url = below(baseUrl, 'res/v1/web/search');
      url.search = new URLSearchParams({ q: query.slice(0, 400), count: String(limit), text_decorations: 'false', safesearch: 'moderate' }).toString();
      const { web } = await readJson({ url, label: 'Brave Search', signal, headers: { 'x-subscription-token': apiKey } }, BraveAnswer);
      return (web?.results ?? []).map(({ title, url: address, description, extra_snippets: more }) => hit(title, address, description, [description, ...(more ?? [])].join('\n\n')));
    },
  };
}

const hit = (title: string, url: string, snippet: string, long = snippet): SearchHit => ({ title: plain(title), url, snippet: plain(snippet), text: plain(long), source: URL.canParse(url) ? new URL(url).hostname.replace(/^www\./, '') : 'web' });

/** Snippets come with marks around the words found. */
const plain = (value: string): string => value.replace(/<\/?(?:strong|b|em|mark|span)\b[^>]*>/gi, '').trim();

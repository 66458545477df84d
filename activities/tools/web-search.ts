import { z } from 'zod';
import { clip } from '#contracts/material';
import type { SearchEngine, SearchHit } from './search/engine.ts';
import { isReachable } from './search/request.ts';
import { ToolProblem, type Tool, type ToolItem } from './tool.ts';
import { canonicalAddress, webId } from './web-address.ts';

const Args = z.strictObject({
  query: z.string().trim().min(1).max(500).describe('What to look for, as you would type it'),
  limit: z.int().min(1).max(8).default(5).describe('How many results to return, at most 8'),
});
const MAX_TEXT = 4_000;

export interface WebSearchDeps { /** configured by the admin, or null */ primary: SearchEngine | null; /** need no key; used without a primary or when it fails */ open: readonly SearchEngine[] }

/** Searches the web through the configured engine; without one, or when it fails, Wikipedia and arXiv, and says so. */
export function createWebSearch({ primary, open }: WebSearchDeps): Tool<z.infer<typeof Args>> {
  const openNames = open.map((engine) => engine.label).join(' and ');
  return {
    name: 'web_search', title: 'Web search', networked: true, timeoutMs: 25_000, args: Args,
    description: 'Searches the web and returns titles, addresses and extracts, each with an id to cite. Read a result in full with fetch_url.',
    availability: () => (primary === null
      ? { available: open.length > 0, detail: `No search engine is configured; ${openNames} are searched.`, remedy: 'Set SEARXNG_URL, TAVILY_API_KEY or BRAVE_API_KEY to search the whole web.' }
      : { available: true, detail: `The web is searched through ${primary.label}.`, remedy: null }),
    async probe(signal) {
      const engines = primary === null ? open : [primary];
      const reached = await Promise.all(engines.map((engine) => isReachable(new URL(engine.baseUrl), signal)));
      if (reached.includes(true)) return this.availability();
      return { available: false, detail: `${engines.map((engine) => engine.label).join(' and ')} cannot be reached from here; a run goes on with the library.`, remedy: primary === null ? 'Set SEARXNG_URL to a search engine this machine can reach, or allow it to reach the internet.' : 'Check the address and the network of the search engine.' };
    },
    async run({ query, limit }, { signal, heartbeat }) {
      const problems: string[] = [];
      if (primary !== null) {
        heartbeat?.({ engine: primary.name });
        const answer = await attempt(primary, query, limit, signal);
        if (answer instanceof ToolProblem) problems.push(answer.message);
        else return result(query, answer, limit, primary.label, '');
      }
      heartbeat?.({ engine: open.map((engine) => engine.name) });
      const answers = await Promise.all(open.map((engine) => attempt(engine, query, limit, signal)));
      const reached = open.filter((_, index) => !(answers[index] instanceof ToolProblem));
      problems.push(...answers.flatMap((answer) => (answer instanceof ToolProblem ? [answer.message] : [])));
      if (reached.length === 0) throw new ToolProblem('unavailable', `${primary === null ? 'No search engine is configured.' : 'The web cannot be searched now.'} ${problems.join(' ')} The run goes on without it.`);
      const lists = answers.filter((answer): answer is SearchHit[] => Array.isArray(answer));
      return result(query, interleave(lists), limit, reached.map((engine) => engine.label).join(' and '), problems.join(' '));
    },
  };
}

async function attempt(engine: SearchEngine, query: string, limit: number, signal: AbortSignal): Promise<SearchHit[] | ToolProblem> {
  try {
    return await engine.search(query, limit, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ToolProblem) return error;
    throw error;
  }
}

function result(query: string, hits: readonly SearchHit[], limit: number, label: string, note: string): Awaited<ReturnType<Tool['run']>> {
  const items = toItems(hits, limit);
  const remark = note ? ` ${note}` : '';
  if (items.length === 0) return { outcome: 'empty', summary: `${label} found nothing for "${query}".${remark}`, items };
  return { outcome: 'ok', summary: `Found ${items.length} ${items.length === 1 ? 'page' : 'pages'} on ${label} for "${query}".${remark}`, items };
}

/** One item per page, in the engines' order; only http and https addresses. */
function toItems(hits: readonly SearchHit[], limit: number): ToolItem[] {
  const seen = new Set<string>();
  return hits.filter(({ url }) => {
    if (!/^https?:/i.test(url) || !URL.canParse(url)) return false;
    const key = canonicalAddress(url);
    return !seen.has(key) && Boolean(seen.add(key));
  }).slice(0, limit).map(({ title, url, snippet, text, source }) => ({ id: webId(url), title: title || url, url, source, snippet: clip(snippet, 300), text: clip(text || snippet || title, MAX_TEXT) }));
}

/** First of each, second of each, … so that no source crowds out the other. */
function interleave(lists: readonly SearchHit[][]): SearchHit[] {
  const longest = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, index) => lists.flatMap((list) => list[index] ?? [])).flat();
}

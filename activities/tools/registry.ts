import type { Config } from '#platform/config';
import { createCheckCitations } from './check-citations.ts';
import type { ExtractDocument } from './extract/extract.ts';
import { createFetchUrl } from './fetch-url.ts';
import { createLibrarySearch } from './library-search.ts';
import type { Resolve } from './net/url-guard.ts';
import { createReadDocument } from './read-document.ts';
import { createReadPdf } from './read-pdf.ts';
import { brave, searxng, tavily } from './search/engines.ts';
import { arxiv, wikipedia } from './search/open-engines.ts';
import type { SearchEngine } from './search/engine.ts';
import type { Tool } from './tool.ts';
import { createWebSearch } from './web-search.ts';

export type ToolConfig = Pick<Config, 'SEARXNG_URL' | 'TAVILY_API_KEY' | 'BRAVE_API_KEY' | 'WIKIPEDIA_BASE_URL' | 'ARXIV_BASE_URL' | 'SKILLS_DIR' | 'AWP_ALLOWED_PRIVATE_HOSTS'>;
/** replaced in tests only */
export interface ToolDeps { resolve?: Resolve; extract?: ExtractDocument; now?: () => number }

/** Every tool by name. @throws TypeError when a base URL of the configuration is not an address */
export function createTools(config: ToolConfig, deps: ToolDeps = {}): Record<string, Tool> {
  const readDocument = createReadDocument({ allowedPrivateHosts: config.AWP_ALLOWED_PRIVATE_HOSTS, resolve: deps.resolve, now: deps.now });
  const tools: Tool[] = [
    createLibrarySearch({ skillsDir: config.SKILLS_DIR }),
    createWebSearch({ primary: configuredEngine(config), open: [wikipedia(config.WIKIPEDIA_BASE_URL), arxiv(config.ARXIV_BASE_URL)] }),
    createFetchUrl({ readDocument, extract: deps.extract }),
    createReadPdf({ readDocument, extract: deps.extract }),
    createCheckCitations(),
  ];
  return Object.fromEntries(tools.map((tool) => [tool.name, tool]));
}

/** The first that is configured: own server, then Tavily, then Brave. */
function configuredEngine(config: ToolConfig): SearchEngine | null {
  if (config.SEARXNG_URL) return searxng(config.SEARXNG_URL);
  if (config.TAVILY_API_KEY) return tavily(config.TAVILY_API_KEY);
  return config.BRAVE_API_KEY ? brave(config.BRAVE_API_KEY) : null;
}

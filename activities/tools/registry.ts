import type { Config } from '#platform/config';
import { createCheckCitations } from './check-citations.ts';
import { createCheckQuote } from './check-quote.ts';
import type { ExtractDocument } from './extract/extract.ts';
import { createFetchTable } from './fetch-table.ts';
import { createFetchUrl } from './fetch-url.ts';
import type { LibraryIndex } from './library/library-index.ts';
import { createLibrarySearch } from './library-search.ts';
import { createMcpTools } from './mcp/mcp-tools.ts';
import { createApiClient } from './net/api-client.ts';
import type { Resolve } from './net/url-guard.ts';
import { arxivRegistry, crossref, openalex, PAPER_BASES } from './papers/registries.ts';
import { createReadDocument } from './read-document.ts';
import { createReadPdf } from './read-pdf.ts';
import { createReadRepository } from './read-repository.ts';
import { REPOSITORY_BASES } from './repository/locate.ts';
import { createResolveReference } from './resolve-reference.ts';
import { createSearchPapers } from './search-papers.ts';
import { brave, searxng, tavily } from './search/engines.ts';
import { arxiv, wikipedia } from './search/open-engines.ts';
import type { SearchEngine } from './search/engine.ts';
import { createCalculate } from './calculate.ts';
import { createProfileData, createQueryData, createValidateData } from './data-tools.ts';
import { createRetrievalEval, createTrainCharModel } from './lab-tools.ts';
import { createLintConfig } from './lint-config.ts';
import { createReadUpload } from './read-upload.ts';
import { createRunJavascript } from './run-javascript.ts';
import { createStatistics } from './statistics.ts';
import type { Tool } from './tool.ts';
import type { FindUpload } from './uploads.ts';
import { createWebSearch } from './web-search.ts';

export type ToolConfig = Pick<Config, 'SEARXNG_URL' | 'TAVILY_API_KEY' | 'BRAVE_API_KEY' | 'WIKIPEDIA_BASE_URL' | 'ARXIV_BASE_URL' | 'CROSSREF_BASE_URL' | 'OPENALEX_BASE_URL' | 'DOI_BASE_URL' | 'GITHUB_BASE_URL' | 'GITHUB_API_BASE_URL' | 'GITLAB_BASE_URL' | 'AWP_MCP_SERVERS' | 'SKILLS_DIR' | 'AWP_ALLOWED_PRIVATE_HOSTS'>;
/** `findUpload`: where uploads are; without it the tools that read them say so. All but it and the library are replaced in tests only. */
export interface ToolDeps { library: LibraryIndex; findUpload?: FindUpload; resolve?: Resolve; extract?: ExtractDocument; now?: () => number }

/** Every tool by name. @throws TypeError when a base URL of the configuration is not an address */
export function createTools(config: ToolConfig, deps: ToolDeps): Record<string, Tool> {
  const readDocument = createReadDocument({ allowedPrivateHosts: config.AWP_ALLOWED_PRIVATE_HOSTS, resolve: deps.resolve, now: deps.now });
  const papers = { arxiv: config.ARXIV_BASE_URL ?? PAPER_BASES.arxiv, crossref: config.CROSSREF_BASE_URL ?? PAPER_BASES.crossref, openalex: config.OPENALEX_BASE_URL ?? PAPER_BASES.openalex, doi: config.DOI_BASE_URL ?? PAPER_BASES.doi };
  const repositories = { github: config.GITHUB_BASE_URL ?? REPOSITORY_BASES.github, githubApi: config.GITHUB_API_BASE_URL ?? REPOSITORY_BASES.githubApi, gitlab: config.GITLAB_BASE_URL ?? REPOSITORY_BASES.gitlab };
  const guard = { allowedPrivateHosts: config.AWP_ALLOWED_PRIVATE_HOSTS, resolve: deps.resolve };
  const api = createApiClient(guard, [...Object.values(papers), ...Object.values(repositories)]);
  const registries = [arxivRegistry(api, papers.arxiv), crossref(api, papers.crossref), openalex(api, papers.openalex)];
  const tools: Tool[] = [
    createLibrarySearch({ skillsDir: config.SKILLS_DIR, index: deps.library }),
    createWebSearch({ primary: configuredEngine(config), open: [wikipedia(config.WIKIPEDIA_BASE_URL), arxiv(config.ARXIV_BASE_URL)] }),
    createFetchUrl({ readDocument, extract: deps.extract }),
    createFetchTable({ readDocument }),
    createReadPdf({ readDocument, extract: deps.extract }),
    createCheckCitations(),
    createCheckQuote(),
    createSearchPapers(registries),
    createResolveReference({ registries, api, doiBaseUrl: papers.doi, readDocument }),
    createReadRepository({ api, bases: repositories }),
    ...createMcpTools(config.AWP_MCP_SERVERS, guard),
    createReadUpload({ find: deps.findUpload, extract: deps.extract }),
    createProfileData({ find: deps.findUpload }),
    createQueryData({ find: deps.findUpload }),
    createValidateData({ find: deps.findUpload }),
    createRunJavascript(),
    createStatistics(),
    createCalculate(),
    createLintConfig(),
    createTrainCharModel(),
    createRetrievalEval(),
  ];
  return Object.fromEntries(tools.map((tool) => [tool.name, tool]));
}

/** The first that is configured: own server, then Tavily, then Brave. */
function configuredEngine(config: ToolConfig): SearchEngine | null {
  if (config.SEARXNG_URL) return searxng(config.SEARXNG_URL);
  if (config.TAVILY_API_KEY) return tavily(config.TAVILY_API_KEY);
  return config.BRAVE_API_KEY ? brave(config.BRAVE_API_KEY) : null;
}

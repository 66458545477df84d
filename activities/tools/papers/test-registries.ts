import { serve, type TestServer } from '../test-support.ts';

/** A local stand-in for arXiv, Crossref, OpenAlex and doi.org, told apart by path. */
export interface RegistryServer extends TestServer { config: Record<string, unknown>; down: Set<string>; known: KnownPaper[] }
export interface KnownPaper { doi?: string; arxiv?: string; title: string; authors: string[]; year: number; venue?: string; abstract?: string; cited?: number; retracted?: boolean; in: ('arxiv' | 'crossref' | 'openalex' | 'doi')[] }

export async function serveRegistries(known: KnownPaper[]): Promise<RegistryServer> {
  const down = new Set<string>();
  const server = await serve((request, response) => {
    const url = new URL(request.url ?? '/', 'http://x');
    const [, registry = ''] = url.pathname.split('/');
    const rest = decodeURIComponent(url.pathname.slice(registry.length + 2));
    const json = (value: unknown): void => { response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value)); };
    if (down.has(registry)) { response.writeHead(503).end(); return; }
    const inIt = known.filter((paper) => paper.in.includes(registry as 'arxiv'));
    const found = (query: string): KnownPaper[] => inIt.filter((paper) => query.toLowerCase().split(/\W+/).filter(Boolean).every((word) => `${paper.title} ${paper.authors.join(' ')}`.toLowerCase().includes(word)));
    if (registry === 'arxiv') {
      const id = url.searchParams.get('id_list');
      const words = (url.searchParams.get('search_query') ?? '').replace(/ AND submittedDate.*/, '').replace(/all:| AND/g, ' ');
      response.writeHead(200, { 'content-type': 'application/atom+xml' }).end(atom(id ? inIt.filter((paper) => paper.arxiv === id) : found(words)));
    } else if (registry === 'crossref') {
      const one = inIt.find((paper) => `works/${paper.doi}` === rest);
      if (rest === 'works') json({ message: { items: found(url.searchParams.get('query.bibliographic') ?? '').map((paper) => crossrefWork(paper, false)) } });
      else if (one) json({ message: crossrefWork(one, true) }); else response.writeHead(404).end('Resource not found.');
    } else if (registry === 'openalex') {
      const one = inIt.find((paper) => rest === `works/doi:${paper.doi ?? `10.48550/arxiv.${paper.arxiv}`}`);
      if (rest === 'works') json({ results: found(url.searchParams.get('search') ?? '').map(openAlexWork) });
      else if (one) json(openAlexWork(one)); else response.writeHead(404).end('{}');
    } else if (registry === 'doi') {
      const exists = known.some((paper) => rest === `api/handles/${paper.doi}`);
      if (exists) json({ responseCode: 1 }); else response.writeHead(404).end('{"responseCode":100}');
    } else response.writeHead(404).end();
  });
  const base = (name: string): string => `${server.url}/${name}`;
  return Object.assign(server, { down, known, config: { ARXIV_BASE_URL: base('arxiv'), CROSSREF_BASE_URL: base('crossref'), OPENALEX_BASE_URL: base('openalex'), DOI_BASE_URL: base('doi') } });
}

const atom = (papers: readonly KnownPaper[]): string => `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom">${papers.map((paper) => `<entry><id>http://arxiv.org/abs/${paper.arxiv}v2</id><published>${paper.year}-10-06T00:00:00Z</published><title>${paper.title}</title><summary>${paper.abstract ?? ''}</summary>${paper.authors.map((name) => `<author><name>${name}</name></author>`).join('')}${paper.doi ? `<arxiv:doi>${paper.doi}</arxiv:doi>` : ''}</entry>`).join('')}</feed>`;

const crossrefWork = (paper: KnownPaper, whole: boolean) => ({
  DOI: (paper.doi ?? '').toUpperCase(), title: [paper.title], author: paper.authors.map((name) => ({ given: name.split(' ').slice(0, -1).join(' '), family: name.split(' ').at(-1) })), issued: { 'date-parts': [[paper.year]] }, 'container-title': paper.venue ? [paper.venue] : [],
  abstract: paper.abstract ? `<jats:p>${paper.abstract}</jats:p>` : undefined, URL: `https://doi.org/${paper.doi}`, 'is-referenced-by-count': paper.cited ?? 0,
  ...(whole && paper.retracted ? { 'updated-by': [{ DOI: '10.1000/notice', type: 'retraction', source: 'retraction-watch', updated: { 'date-parts': [[2021, 3, 4]] } }] } : {}),
});

const openAlexWork = (paper: KnownPaper) => ({
  id: 'https://openalex.org/W1', doi: paper.doi ? `https://doi.org/${paper.doi}` : null, display_name: paper.title, publication_year: paper.year, authorships: paper.authors.map((name) => ({ author: { display_name: name } })),
  primary_location: { source: paper.venue ? { display_name: paper.venue } : null, landing_page_url: paper.arxiv ? `https://arxiv.org/abs/${paper.arxiv}` : `https://doi.org/${paper.doi}` },
  abstract_inverted_index: paper.abstract ? Object.fromEntries(paper.abstract.split(' ').map((word, place) => [word, [place]])) : null, cited_by_count: paper.cited ?? 0, is_retracted: paper.retracted ?? false,
});

import { z } from 'zod';
import { clip } from '#contracts/material';
import { mergePapers, toPaper, type Paper } from './papers/paper.ts';
import type { Registry } from './papers/registries.ts';
import { ToolProblem, type Tool, type ToolItem } from './tool.ts';

const Year = z.int().min(1900).max(2100);
const Args = z.strictObject({
  query: z.string().trim().min(1).max(300).describe('Topic, title or author, in plain words'),
  limit: z.int().min(1).max(20).default(8).describe('How many papers to return, at most 20'),
  from_year: Year.optional().describe('Published in this year or later'),
  to_year: Year.optional().describe('Published in this year or earlier'),
  sources: z.array(z.enum(['arxiv', 'crossref', 'openalex'])).min(1).max(3).optional().describe('All three when left out'),
});

/** Searches the open registries of papers side by side; one that is away is named, the others answer. */
export function createSearchPapers(registries: readonly Registry[]): Tool<z.infer<typeof Args>> {
  return {
    name: 'search_papers', title: 'Paper search', networked: true, timeoutMs: 30_000, args: Args,
    description: 'Searches arXiv, Crossref and OpenAlex for scholarly papers. Returns title, authors, year, venue, DOI, arXiv number, abstract and citation count, each with an id to cite.',
    availability: () => ({ available: true, detail: 'Papers are searched on arXiv, Crossref and OpenAlex.', remedy: null }),
    async run({ query, limit, from_year: fromYear = null, to_year: toYear = null, sources }, context) {
      if (fromYear !== null && toYear !== null && fromYear > toYear) throw new ToolProblem('failed', 'from_year is after to_year; swap them.');
      const asked = registries.filter(({ name }) => sources === undefined || sources.includes(name));
      const answers = await Promise.all(asked.map(async (registry) => {
        try {
          return { registry, papers: (await registry.search({ query, limit, fromYear, toYear }, context)).slice(0, limit).map((record) => toPaper(record, registry.name)), problem: null };
        } catch (error) {
          context.signal.throwIfAborted();
          if (!(error instanceof ToolProblem)) throw error;
          return { registry, papers: [], problem: error };
        }
      }));
      const away = answers.filter(({ problem }) => problem !== null);
      const told = away.map(({ problem }) => problem?.message).join(' ');
      if (away.length === answers.length) throw new ToolProblem('unavailable', `Papers cannot be searched now. ${told} The run goes on without them.`);
      const papers = mergePapers(answers.map((answer) => answer.papers)).slice(0, limit).map((paper) => ({ ...paper, abstract: paper.abstract === null ? null : clip(paper.abstract, 2_500) }));
      const reached = answers.filter(({ problem }) => problem === null).map(({ registry }) => registry.label).join(', ');
      const note = told ? ` ${told} The list is without it.` : '';
      const data = { papers, sources: answers.map(({ registry, papers: found, problem }) => ({ source: registry.name, outcome: problem ? problem.outcome : 'ok', found: found.length, detail: problem?.message ?? null })) };
      if (papers.length === 0) return { outcome: 'empty', summary: `${reached} know no paper for "${query}".${note}`, items: [], data };
      return { outcome: 'ok', summary: `Found ${papers.length} ${papers.length === 1 ? 'paper' : 'papers'} on ${reached} for "${query}".${note}`, items: papers.map(paperItem), data };
    },
  };
}

export function paperItem(paper: Paper): ToolItem {
  const by = paper.authors.length > 6 ? `${paper.authors.slice(0, 6).join(', ')} and others` : paper.authors.join(', ');
  const about = [by || 'Unnamed authors', paper.year, paper.venue].filter(Boolean).join(', ');
  const ids = [paper.doi && `DOI ${paper.doi}`, paper.arxiv && `arXiv ${paper.arxiv}`, paper.cited_by !== null && `cited by ${paper.cited_by}`].filter(Boolean).join(' · ');
  const warning = paper.retracted === true ? 'RETRACTED.\n\n' : '';
  return { id: paper.id, title: paper.title, url: paper.url, source: paper.venue ?? paper.sources[0] ?? 'papers', snippet: clip(`${warning}${about}. ${paper.abstract ?? ''}`, 300), text: `${warning}${about}.${ids ? `\n${ids}` : ''}\n\n${paper.abstract ?? 'No abstract is registered.'}` };
}

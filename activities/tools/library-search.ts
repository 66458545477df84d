import { z } from 'zod';
import type { LibraryIndex } from './library/library-index.ts';
import type { Tool } from './tool.ts';

const Args = z.strictObject({
  query: z.string().trim().min(1).max(500).describe('What to look for, in a few plain words'),
  limit: z.int().min(1).max(8).default(5).describe('How many sections to return, at most 8'),
  one_per_document: z.boolean().default(false).describe('Only the best section of each document, for an overview'),
});

/** Searches the read-only library; needs no network. */
export function createLibrarySearch({ skillsDir, index }: { skillsDir: string | undefined; index: LibraryIndex }): Tool<z.infer<typeof Args>> {
  const fellBack = (): boolean => skillsDir !== undefined && index.status()?.source === 'shipped';
  return {
    name: 'library_search', title: 'Library search', networked: false, timeoutMs: 10_000, args: Args,
    description: 'Searches the built-in library of vetted skills on AI: agents, training, serving, evaluation, safety, data, retrieval, architecture, strategy, writing. Returns whole sections with an id to cite. Works without a network; use it before the web.',
    availability() {
      const status = index.status();
      if (status === null) return { available: true, detail: 'The library is read when the worker starts.', remedy: null };
      const remedy = status.problems.length > 0 || fellBack() ? `Passed over: ${status.problems.slice(0, 3).join(' ') || 'no Markdown file was found in SKILLS_DIR.'}` : null;
      return { available: status.documents > 0, detail: status.detail, remedy };
    },
    async run({ query, limit, one_per_document: onePerDocument }) {
      const items = await index.search(query, limit, onePerDocument);
      const note = fellBack() ? ` ${index.status()?.detail ?? ''}` : '';
      if (items.length === 0) return { outcome: 'empty', summary: `Nothing in the library matches "${query}".${note}`, items };
      return { outcome: 'ok', summary: `Found ${items.length} ${items.length === 1 ? 'section' : 'sections'} in the library for "${query}".${note}`, items };
    },
  };
}

import { z } from 'zod';
import { indexLibrary, type LibraryIndex } from './library/library-index.ts';
import { loadLibrary, type Library } from './library/load-library.ts';
import type { Tool } from './tool.ts';

const Args = z.strictObject({
  query: z.string().trim().min(1).max(500).describe('What to look for, in a few plain words'),
  limit: z.int().min(1).max(8).default(5).describe('How many sections to return, at most 8'),
  one_per_document: z.boolean().default(false).describe('Only the best section of each document, for an overview'),
});

/** Searches the read-only library; needs no network. The library is read once, at first use. */
export function createLibrarySearch(options: { skillsDir: string | undefined; load?: (skillsDir: string | undefined) => Library }): Tool<z.infer<typeof Args>> {
  let loaded: { library: Library; index: LibraryIndex } | null = null;
  const library = (): { library: Library; index: LibraryIndex } => {
    if (loaded === null) { const read = (options.load ?? loadLibrary)(options.skillsDir); loaded = { library: read, index: indexLibrary(read) }; }
    return loaded;
  };
  return {
    name: 'library_search', title: 'Library search', networked: false, timeoutMs: 10_000, args: Args,
    description: 'Searches the built-in library of vetted documents on AI agents and related topics. Returns whole sections with an id to cite. Works without a network; use it before the web.',
    availability() {
      const { documents, detail, problems, source } = library().library;
      const remedy = problems.length > 0 || (options.skillsDir !== undefined && source === 'shipped') ? `Passed over: ${problems.slice(0, 3).join(' ') || 'no Markdown file was found in SKILLS_DIR.'}` : null;
      return { available: documents.length > 0, detail, remedy };
    },
    run({ query, limit, one_per_document: onePerDocument }) {
      const { library: { detail, source }, index } = library();
      const items = index.search(query, limit, onePerDocument);
      const note = options.skillsDir !== undefined && source === 'shipped' ? ` ${detail}` : '';
      if (items.length === 0) return Promise.resolve({ outcome: 'empty', summary: `Nothing in the library matches "${query}".${note}`, items });
      return Promise.resolve({ outcome: 'ok', summary: `Found ${items.length} ${items.length === 1 ? 'section' : 'sections'} in the library for "${query}".${note}`, items });
    },
  };
}

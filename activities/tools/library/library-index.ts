import MiniSearch from 'minisearch';
import type { ToolItem } from '../tool.ts';
import type { Library } from './load-library.ts';

interface Entry { id: string; title: string; heading: string; tags: string; text: string }
export interface LibraryIndex { 
  /** @param onePerDocument  only the best section of each document: a survey rather than an answer */
  search(query: string, limit: number, onePerDocument?: boolean): ToolItem[];
}

const STOP_WORDS = new Set('a an and are as at be but by can do does for from has have how i in into is it its me my of on or so that the their then there these they this to use using want was what when where which who why will with you your learn about understand'.split(' '));

/** BM25 over the sections of the library. Deterministic: the same library and query give the same order, ties by id. */
export function indexLibrary(library: Library): LibraryIndex {
  const index = new MiniSearch<Entry>({ fields: ['title', 'heading', 'tags', 'text'], storeFields: ['title', 'heading', 'text'], processTerm: term, searchOptions: { boost: { title: 2, heading: 3, tags: 1.5 }, combineWith: 'OR' } });
  for (const document of library.documents) {
    index.addAll(document.sections.map((section) => ({ id: `${document.id}#${section.anchor}`, title: document.title, heading: section.heading, tags: `${document.tags.join(' ')} ${document.category}`, text: section.text })));
  }
  return {
    search: (query, limit, onePerDocument = false) => index.search(query)
      .sort((a, b) => b.score - a.score || (String(a.id) < String(b.id) ? -1 : 1))
      .filter((hit, place, hits) => !onePerDocument || hits.findIndex((other) => documentOf(other.id) === documentOf(hit.id)) === place)
      .slice(0, limit)
      .map((hit) => {
        const { id, title, heading, text } = hit as unknown as Entry;
        return { id, title: heading === title ? title : `${title}: ${heading}`, url: null, source: 'library', snippet: firstProse(text), text };
      }),
  };
}

const documentOf = (id: unknown): string => String(id).split('#', 1)[0] ?? '';

/** Lower case, no stop words, plain English endings off, so that "agents calling tools" finds "an agent calls a tool". */
function term(word: string): string | null {
  const lower = word.toLowerCase().normalize('NFKC');
  if (STOP_WORDS.has(lower) || lower.length < 2) return null;
  if (lower.length <= 4) return lower.replace(/(?<=\w{3})s$/, '');
  return lower.replace(/(?<=\w{3})(?:ies|y)$/, 'i').replace(/(?<=\w{4})(?:ing|ed)$/, '').replace(/(?<=\w{3}[^s])s$/, '').replace(/(?<=\w{4})e$/, '');
}

function firstProse(text: string): string {
  return text.replace(/^(```|~~~)[\s\S]*?^\1.*$/gm, '').split(/\n{2,}/).map((paragraph) => paragraph.replace(/\s+/g, ' ').trim()).find(Boolean) ?? '';
}

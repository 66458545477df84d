import type { Database } from '#platform/db';
import { replaceIndex, searchSkills, type SkillHit } from '#platform/repositories/knowledge';
import type { Logger } from '#platform/logger';
import type { ToolItem } from '../tool.ts';
import { loadLibrary } from './load-library.ts';

/** The library as the tools see it: searched in PostgreSQL, kept like the folder by the worker. */
export interface LibraryIndex {
  search(query: string, limit: number, onePerDocument: boolean): Promise<ToolItem[]>;
  /** of the last look at the folder; null before the first */
  status(): LibraryStatus | null;
}
export interface LibraryStatus { source: 'SKILLS_DIR' | 'shipped'; detail: string; documents: number; problems: string[] }
export interface LibraryKeeper extends LibraryIndex { /** reads the folder once; a database that is away is told to the log and tried again */ refresh(): Promise<void>; start(): Promise<void>; stop(): void }

/** @param options.rescanMs  between looks at the folder; it is only read then, and never written to */
export function createLibraryIndex(db: Database, options: { skillsDir: string | undefined; rescanMs: number; logger?: Logger }): LibraryKeeper {
  let status: LibraryStatus | null = null;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const refresh = async (): Promise<void> => {
    const started = performance.now();
    const library = await loadLibrary(options.skillsDir);
    const changed = await replaceIndex(db, library, performance.now() - started);
    status = { source: library.source, detail: library.detail, documents: library.documents.length, problems: library.problems };
    if (changed) options.logger?.info({ documents: library.documents.length, problems: library.problems.length, source: library.source }, 'the knowledge base was indexed');
  };
  const turn = async (): Promise<void> => {
    await refresh().catch((error: unknown) => { options.logger?.warn({ err: error }, 'the knowledge base could not be indexed'); });
    if (!stopped) timer = setTimeout(() => { void turn(); }, options.rescanMs).unref();
  };
  return {
    refresh, start: turn,
    stop() { stopped = true; clearTimeout(timer); },
    status: () => status,
    search: async (query, limit, onePerDocument) => (await searchSkills(db, query, limit, onePerDocument)).map(skillItem),
  };
}

export const skillItem = ({ id, title, heading, text, file }: SkillHit): ToolItem => ({ id, title: heading === title ? title : `${title}: ${heading}`, url: null, source: 'library', snippet: firstProse(text), text, file });

function firstProse(text: string): string {
  return text.replace(/^(```|~~~)[\s\S]*?^\1.*$/gm, '').split(/\n{2,}/).map((paragraph) => paragraph.replace(/\s+/g, ' ').trim()).find(Boolean) ?? '';
}

import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { cleanText } from '#contracts/material';
import { splitSections, type Section } from './split-sections.ts';

/** The read-only library of Markdown documents: `SKILLS_DIR`, or the set shipped in `skills/`. Files are only read while
 * loading; symbolic links, binary files and broken front matter are passed over and reported, never fatal. */
export interface LibraryDocument { id: string; title: string; category: string; tags: string[]; license: string | null; sections: Section[] }
export interface Library { documents: LibraryDocument[]; source: 'SKILLS_DIR' | 'shipped'; /** one plain sentence */ detail: string; /** what was passed over, and why */ problems: string[] }

const SHIPPED = fileURLToPath(new URL('../../../skills/', import.meta.url));
const MAX_FILES = 2_000;
const MAX_FILE_BYTES = 512 * 1024;
const MAX_DEPTH = 8;

const FrontMatter = z.object({
  id: z.string().regex(/^[\w.-]+(?:\/[\w.-]+)*$/).max(100).optional(), title: z.string().max(200).optional(), name: z.string().max(200).optional(),
  category: z.string().max(100).optional(), tags: z.union([z.array(z.string()), z.string().transform((text) => text.split(',').map((tag) => tag.trim()))]).default([]), license: z.string().max(100).optional(),
});

/** Loads `skillsDir` when it holds a readable document, else the shipped set, and says which.
 * @param shippedDir  for tests */
export function loadLibrary(skillsDir: string | undefined, shippedDir = SHIPPED): Library {
  if (skillsDir === undefined) return { ...readFolder(shippedDir), source: 'shipped', detail: 'The starter library that ships with the platform is used.' };
  const own = readFolder(path.resolve(skillsDir));
  if (own.documents.length > 0) return { ...own, source: 'SKILLS_DIR', detail: `${own.documents.length} documents of SKILLS_DIR are used.` };
  const shipped = readFolder(shippedDir);
  return { documents: shipped.documents, source: 'shipped', problems: [...own.problems, ...shipped.problems], detail: 'SKILLS_DIR holds no readable document; the starter library that ships with the platform is used instead.' };
}

function readFolder(root: string): Pick<Library, 'documents' | 'problems'> {
  const problems: string[] = [];
  const documents = new Map<string, LibraryDocument>();
  for (const file of listMarkdown(root, problems)) {
    try {
      const document = readDocument(path.join(root, file), file);
      if (documents.has(document.id)) problems.push(`${file}: the id ${document.id} is used twice.`);
      else if (document.sections.length > 0) documents.set(document.id, document);
    } catch (error) {
      problems.push(`${file}: ${error instanceof z.ZodError ? z.prettifyError(error) : reason(error)}`);
    }
  }
  return { documents: [...documents.values()], problems };
}

/** Relative paths of the `.md` files, sorted, without following links. */
function listMarkdown(root: string, problems: string[]): string[] {
  const found: string[] = [];
  const walk = (folder: string, depth: number): void => {
    let names: string[];
    try { names = readdirSync(path.join(root, folder)).sort(); } catch (error) { problems.push(`${folder || 'the folder'}: ${reason(error)}`); return; }
    for (const name of names) {
      if (name.startsWith('.') || name === 'node_modules') continue;
      const file = path.join(folder, name);
      const status = lstatSync(path.join(root, file), { throwIfNoEntry: false });
      if (status?.isSymbolicLink()) problems.push(`${file}: a symbolic link is not followed.`);
      else if (status?.isDirectory() && depth < MAX_DEPTH) walk(file, depth + 1);
      else if (status?.isFile() && /\.md$/i.test(name) && name !== 'README.md') {
        if (status.size > MAX_FILE_BYTES) problems.push(`${file}: larger than ${MAX_FILE_BYTES / 1024} KiB.`);
        else if (found.length >= MAX_FILES) { problems.push(`Only the first ${MAX_FILES} files are read.`); return; }
        else found.push(file);
      }
    }
  };
  walk('', 0);
  return found;
}

function readDocument(file: string, relative: string): LibraryDocument {
  const bytes = readFileSync(file);
  if (bytes.includes(0)) throw new Error('not a text file.');
  const text = cleanText(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  const match = /^---\n([\s\S]*?)\n---\s*(?:\n|$)/.exec(text);
  const head = FrontMatter.parse(match?.[1] ? parseYaml(match[1], { maxAliasCount: 10 }) ?? {} : {});
  const body = match ? text.slice(match[0].length) : text;
  const place = relative.split(path.sep).join('/').replace(/(?:\/SKILL)?\.md$/i, '');
  const id = head.id ?? place.replaceAll(/[^\w./-]+/g, '-');
  const title = head.title ?? head.name ?? /^#\s+(.+)$/m.exec(body)?.[1]?.trim() ?? id;
  return { id, title, category: head.category ?? id.split('/')[0] ?? 'general', tags: head.tags, license: head.license ?? null, sections: splitSections(body, title) };
}

/** Without the machine's path, which belongs in no message. */
const reason = (error: unknown): string => {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return 'does not exist.';
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read.';
  if (code === 'ENOTDIR') return 'is not a folder.';
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return 'not UTF-8 text.';
  return error instanceof Error ? error.message.split('\n')[0] ?? 'cannot be read.' : 'cannot be read.';
};

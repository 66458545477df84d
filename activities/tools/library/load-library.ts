import { lstat, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { cleanText } from '#contracts/material';
import { sha256Hex } from '#platform/ids';
import type { NewSkill, SkillLibrary } from '#platform/repositories/knowledge';
import { splitSections } from './split-sections.ts';

/** The read-only library of Markdown documents: `SKILLS_DIR`, or the set shipped in `skills/`. Files are only read while
 * loading; symbolic links, binary files and broken front matter are passed over and reported, never fatal. */
export type LibraryDocument = NewSkill;
export type Library = SkillLibrary;

const SHIPPED = fileURLToPath(new URL('../../../skills/', import.meta.url));
const MAX_FILES = 2_000;
const MAX_FILE_BYTES = 512 * 1024;
const MAX_DEPTH = 8;
const MAX_TOTAL_BYTES = 64 * 1_048_576;
const MAX_SEEN = 50_000;
/** A long report helps nobody. */
const MAX_PROBLEMS = 200;

const FrontMatter = z.object({
  id: z.string().regex(/^[\w.-]+(?:\/[\w.-]+)*$/).max(100).optional(), title: z.string().max(200).optional(), name: z.string().max(200).optional(), description: z.string().max(2_000).optional(),
  category: z.string().max(100).optional(), tags: z.union([z.array(z.string()), z.string().transform((text) => text.split(',').map((tag) => tag.trim()))]).default([]), license: z.string().max(100).optional(),
});

/** Loads `skillsDir` when it holds a readable document, else the shipped set, and says which.
 * @param shippedDir  for tests */
export async function loadLibrary(skillsDir: string | undefined, shippedDir = SHIPPED): Promise<Library> {
  if (skillsDir === undefined) return { ...(await readFolder(shippedDir)), source: 'shipped', detail: 'The starter library that ships with the platform is used.' };
  const own = await readFolder(path.resolve(skillsDir));
  if (own.documents.length > 0) return { ...own, source: 'SKILLS_DIR', detail: `${own.documents.length} documents of SKILLS_DIR are used.` };
  const shipped = await readFolder(shippedDir);
  return { documents: shipped.documents, source: 'shipped', problems: [...own.problems, ...shipped.problems], detail: 'SKILLS_DIR holds no readable document; the starter library that ships with the platform is used instead.' };
}

async function readFolder(root: string): Promise<Pick<Library, 'documents' | 'problems'>> {
  const problems: string[] = [];
  const documents = new Map<string, LibraryDocument>();
  for (const file of await listMarkdown(root, problems)) {
    try {
      const document = await readDocument(path.join(root, file), file);
      if (documents.has(document.id)) problems.push(`${file}: the id ${document.id} is used twice.`);
      else if (document.sections.length === 0) problems.push(`${file}: holds no text.`);
      else documents.set(document.id, document);
    } catch (error) {
      problems.push(`${file}: ${error instanceof z.ZodError ? z.prettifyError(error) : reason(error)}`);
    }
  }
  const more = problems.length - MAX_PROBLEMS;
  return { documents: [...documents.values()], problems: more > 0 ? [...problems.slice(0, MAX_PROBLEMS), `And ${more} more.`] : problems };
}

/** Relative paths of the `.md` files, sorted, without following links. */
async function listMarkdown(root: string, problems: string[]): Promise<string[]> {
  const found: string[] = [];
  let seen = 0;
  let bytes = 0;
  const full = (): boolean => found.length >= MAX_FILES || seen >= MAX_SEEN || bytes >= MAX_TOTAL_BYTES;
  const walk = async (folder: string, depth: number): Promise<void> => {
    let names: string[];
    try { names = (await readdir(path.join(root, folder))).sort(); } catch (error) { problems.push(`${folder || 'the folder'}: ${reason(error)}`); return; }
    for (const name of names) {
      if (full()) return;
      if (name.startsWith('.') || name === 'node_modules') continue;
      seen += 1;
      const file = path.join(folder, name);
      const status = await lstat(path.join(root, file)).catch(() => null);
      if (status?.isSymbolicLink()) problems.push(`${file}: a symbolic link is not followed.`);
      else if (status?.isDirectory() && depth >= MAX_DEPTH) problems.push(`${file}: deeper than ${MAX_DEPTH} folders.`);
      else if (status?.isDirectory()) await walk(file, depth + 1);
      else if (status?.isFile() && /\.md$/i.test(name) && name !== 'README.md') {
        if (status.size > MAX_FILE_BYTES) problems.push(`${file}: larger than ${MAX_FILE_BYTES / 1024} KiB.`);
        else { found.push(file); bytes += status.size; }
      }
    }
  };
  await walk('', 0);
  if (full()) problems.push(`Only the first ${found.length} files are read: at most ${MAX_FILES} files of ${MAX_TOTAL_BYTES / 1_048_576} MB among ${MAX_SEEN} names.`);
  return found;
}

async function readDocument(file: string, relative: string): Promise<LibraryDocument> {
  const bytes = await readFile(file);
  if (bytes.includes(0)) throw new Error('not a text file.');
  const text = cleanText(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  const match = /^---\n([\s\S]*?)\n---\s*(?:\n|$)/.exec(text);
  const head = FrontMatter.parse(match?.[1] ? parseYaml(match[1], { maxAliasCount: 10 }) ?? {} : {});
  const body = match ? text.slice(match[0].length) : text;
  const place = relative.split(path.sep).join('/');
  const id = head.id ?? place.replace(/(?:\/SKILL)?\.md$/i, '').replaceAll(/[^\w./-]+/g, '-');
  const title = head.title ?? head.name ?? /^#\s+(.+)$/m.exec(body)?.[1]?.trim() ?? id;
  return { id, file: place, title, name: head.name ?? null, description: head.description ?? null, category: head.category ?? id.split('/')[0] ?? 'general', tags: head.tags, license: head.license ?? null, sha256: sha256Hex(bytes), sections: splitSections(body, title) };
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

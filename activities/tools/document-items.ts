import { clip } from '#contracts/material';
import type { Extracted } from './extract/extracted.ts';
import { ToolProblem, type ToolItem } from './tool.ts';
import { sha256, webId } from './web-address.ts';

const MAX_PAGE_GROUPS = 8;
const GROUP_CHARACTERS = 10_000;
const PROBLEMS = { 'not-a-pdf': 'The document says it is a PDF but is not one.', encrypted: 'The PDF is protected by a password.', unreadable: 'The document is damaged and cannot be read.' } as const;

/** A read document as items to cite: a page is one item, a PDF one per group of pages (`web-…#p1-3`).
 * @throws ToolProblem `failed` for a document that cannot be read, `empty` for one without text */
export function documentItems(document: Extracted, from: { url: string; bytes: Buffer; source: string }): ToolItem[] {
  if (document.kind === 'problem') throw new ToolProblem('failed', PROBLEMS[document.problem]);
  const base = { url: from.url, source: from.source, sha256: sha256(from.bytes) };
  const id = webId(from.url);
  if (document.kind === 'page') {
    if (document.text.trim() === '') throw new ToolProblem('empty', 'The page holds no readable text.');
    return [{ ...base, id, title: document.title, snippet: firstLines(document.text), text: document.text }];
  }
  const groups = pageGroups(document.pages);
  if (groups.length === 0) throw new ToolProblem('empty', 'The PDF holds no text: it may be a scan.');
  const title = document.title || decodeURIComponent(new URL(from.url).pathname.split('/').at(-1)?.replace(/%(?![\da-f]{2})/gi, '%25') ?? '') || from.url;
  return groups.map(({ first, last, text }) => {
    const pages = first === last ? `${first}` : `${first}-${last}`;
    return { ...base, id: `${id}#p${pages}`, title: `${title}, ${first === last ? 'page' : 'pages'} ${pages}`, snippet: firstLines(text), text };
  });
}

function pageGroups(pages: readonly string[]): { first: number; last: number; text: string }[] {
  const groups: { first: number; last: number; text: string }[] = [];
  for (const [index, page] of pages.entries()) {
    if (page.trim() === '') continue;
    const current = groups.at(-1);
    if (current && current.text.length + page.length < GROUP_CHARACTERS) { current.text += `\n\n${page}`; current.last = index + 1; }
    else if (groups.length < MAX_PAGE_GROUPS) groups.push({ first: index + 1, last: index + 1, text: page });
    else break;
  }
  return groups;
}

const firstLines = (text: string): string => clip(text.replace(/[#`*_|-]+/g, ' ').replace(/\s+/g, ' ').trim(), 300);

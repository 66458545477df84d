import { Readability } from '@mozilla/readability';
import { parseHTML } from 'linkedom';
import { MAX_EXTRACTED_CHARACTERS, type Extracted } from './extracted.ts';

/** The readable text of a page as plain Markdown (headings, lists, code), without menus, scripts and hidden parts. */
export function extractHtml(bytes: Uint8Array, charset: string, url: string): Extracted {
  // The parser wants a whole document; pages often leave out the outer tags, so all content is put into one body.
  const content = decode(bytes, charset).replace(/<!doctype[^>]*>|<\/?(?:html|head|body)\b[^>]*>/gi, '');
  const { document } = parseHTML(`<!doctype html><html><head><title></title></head><body>${content}</body></html>`);
  const named = document.body.querySelector('title')?.textContent?.trim() ?? '';
  document.title = named;
  for (const hidden of document.body.querySelectorAll('title,script,style,noscript,template,svg,iframe,object,embed,form,[hidden],[aria-hidden="true"],[style*="display:none"],[style*="display: none"],[style*="visibility:hidden"],[style*="visibility: hidden"],[style*="font-size:0"],[style*="font-size: 0"],[style*="opacity:0;"]')) hidden.remove();
  // Readability rewrites the document it reads; the whole body stays the fallback for pages it finds nothing in.
  const whole = toText(document.body);
  const article = depthOf(document.body) > MAX_DEPTH ? null : new Readability(document, { charThreshold: 200, maxElemsToParse: 60_000 }).parse();
  const readable = article?.content ? toText(parseHTML(`<html><body>${article.content}</body></html>`).document.body) : '';
  const text = (readable.length >= 200 || readable.length > whole.length / 2 ? readable : whole).slice(0, MAX_EXTRACTED_CHARACTERS);
  return { kind: 'page', title: article?.title?.trim() || named || url, byline: article?.byline?.trim() || null, text };
}

function decode(bytes: Uint8Array, charset: string): string {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 2_048));
  const declared = /<meta[^>]+charset=["']?([\w-]+)/i.exec(head)?.[1];
  for (const name of [charset, declared, 'utf-8']) {
    if (!name) continue;
    try { return new TextDecoder(name).decode(bytes); } catch { /* not a charset the platform knows: try the next */ }
  }
  return '';
}

/** Readability takes minutes where elements nest thousands deep; real pages stay below a hundred. */
const MAX_DEPTH = 500;

function depthOf(root: DomNode): number {
  let deepest = 0;
  const stack: [DomNode, number][] = [[root, 0]];
  for (let entry = stack.pop(); entry !== undefined; entry = stack.pop()) {
    const [node, depth] = entry;
    deepest = Math.max(deepest, depth);
    for (const child of node.childNodes) stack.push([child, depth + 1]);
  }
  return deepest;
}

const BLOCKS = new Set('P DIV SECTION ARTICLE MAIN BODY TABLE TR UL OL DL DT DD BLOCKQUOTE FIGURE FIGCAPTION HEADER FOOTER NAV ASIDE ADDRESS DETAILS SUMMARY HR'.split(' '));

interface DomNode { nodeType: number; textContent: string | null; tagName?: string; childNodes: Iterable<DomNode> }

/** Walks without recursion: a page may nest deeper than the stack. */
function toText(root: DomNode): string {
  const out: string[] = [];
  const stack: (DomNode | string)[] = [root];
  let preformatted = 0;
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (typeof node === 'string') { if (node === '\u0000') preformatted -= 1; else out.push(node); continue; }
    if (node.nodeType === 3) { out.push(preformatted > 0 ? node.textContent ?? '' : (node.textContent ?? '').replace(/\s+/g, ' ')); continue; }
    if (node.nodeType !== 1) continue;
    const name = (node.tagName ?? '').toUpperCase();
    const heading = /^H([1-6])$/.exec(name)?.[1];
    const [before, after] = heading ? [`\n\n${'#'.repeat(Number(heading))} `, '\n\n'] : name === 'LI' ? ['\n- ', ''] : name === 'PRE' ? ['\n\n```\n', '\n```\n\n'] : name === 'TD' || name === 'TH' ? ['', ' | '] : name === 'BR' ? ['\n', ''] : BLOCKS.has(name) ? ['\n\n', '\n\n'] : ['', ''];
    out.push(before);
    if (after) stack.push(after);
    if (name === 'PRE') { preformatted += 1; stack.push('\u0000'); }
    const children = [...node.childNodes];
    for (let at = children.length - 1; at >= 0; at -= 1) { const child = children[at]; if (child) stack.push(child); }
  }
  return out.join('').replaceAll('\u0000', '').replace(/[^\S\n]+\n/g, '\n').replace(/\n[^\S\n](?=\S)/g, '\n').replace(/\n{3,}/g, '\n\n').trim();
}

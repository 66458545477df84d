import type { ReadUploadData } from '#contracts/data-tools';
import { clip } from '#contracts/material';
import type { ToolResult } from '#contracts/workflow';
import type { StageContext } from '../stages/run-stages.ts';
import type { Step } from '../stages/step.ts';
import { oneLine } from './report.ts';
import type { Source, Sources } from './sources.ts';

/** A document that came with the inputs, as sections under its own headings: an upload, an address or pasted text. */
export interface DocumentInput { upload?: string | undefined; url?: string | undefined; text?: string | undefined }
export interface DocumentSection { title: string; text: string; page: number | null; url: string | null; source: string; sha256?: string }
export interface ReadDocument { title: string; sections: DocumentSection[]; /** one sentence each on what could not be read */ trouble: string[] }

const PAGES_A_CALL = 20;
const MAX_CALLS = 3;
const MAX_SECTION_CHARACTERS = 8_000;
const TITLE_CHARACTERS = 90;
type Item = ToolResult['items'][number];

/** Upload first, then the address (in Full only), then the pasted text: also when what goes before could not be read. Says in the
 * step what was read. @param most  sections that are kept */
export async function readDocument(context: Pick<StageContext<unknown>, 'stage'>, step: Step, input: DocumentInput, most: number): Promise<ReadDocument> {
  const read: ReadDocument = { title: '', sections: [], trouble: [] };
  const items = input.upload ? await fromUpload(step, input.upload, context.stage, read) : input.url ? await fromAddress(step, input.url, context.stage, read) : [];
  const pages = items.map((item) => ({ item, page: pageOf(item.id) }));
  read.sections = sectionsOf(pages.map(({ item, page }) => ({ text: item.text, page, url: item.url, source: item.source, title: item.title, ...(page === null && item.source === 'upload' ? { heading: item.title } : {}), ...(item.sha256 ? { sha256: item.sha256 } : {}) })));
  if (read.sections.length === 0 && input.text?.trim()) read.sections = sectionsOf([{ text: input.text, page: null, url: null, source: 'input', title: '' }]);
  const all = read.sections.length;
  read.sections = read.sections.slice(0, most);
  if (context.stage === 'full' && all > most) read.trouble.push(`Only the first ${most} of ${all} sections were read.`);
  step.summarise([...read.trouble, all === 0 ? 'There is nothing to read.' : `Read ${read.sections.length} ${read.sections.length === 1 ? 'section' : 'sections'} from the ${read.sections[0]?.source === 'input' ? 'pasted text' : items.length > 0 && input.upload ? 'upload' : 'address'}.`].join(' '));
  return read;
}

async function fromUpload(step: Step, upload: string, stage: 'test' | 'full', read: ReadDocument): Promise<Item[]> {
  const items: Item[] = [];
  let from: number | null = 1;
  for (let call = 0; call < (stage === 'test' ? 1 : MAX_CALLS) && from !== null; call += 1) {
    const result: ToolResult = await step.tool('read_upload', { upload, label: 'u1', from, sections: stage === 'test' ? 3 : PAGES_A_CALL });
    if (result.outcome !== 'ok') { read.trouble.push(`The upload could not be read${items.length > 0 ? ' to its end' : ''}: ${result.summary}`); break; }
    const data = result.data as ReadUploadData | undefined;
    const prefix = `${data?.file_name ?? ''}: `;
    items.push(...result.items.map((item) => ({ ...item, title: item.title.startsWith(prefix) ? item.title.slice(prefix.length) : item.title })));
    read.title ||= data?.title ?? '';
    from = data?.next ?? null;
  }
  return items;
}

async function fromAddress(step: Step, url: string, stage: 'test' | 'full', read: ReadDocument): Promise<Item[]> {
  if (stage === 'test') { read.trouble.push('The address is read in Full only; the Test looks at the pasted text.'); return []; }
  const result = await step.tool(/\.pdf$|\/pdf\//i.test(url) ? 'read_pdf' : 'fetch_url', { url });
  if (result.outcome === 'ok') {
    // A heading with nothing below it is no section: the title would be lost with it.
    read.title ||= (result.items[0]?.title ?? '').replace(/, pages? \d+(?:-\d+)?$/, '');
    return result.items;
  }
  read.trouble.push(`The address could not be read: ${result.summary}`);
  return [];
}

const pageOf = (id: string): number | null => { const found = /[#-]p(\d+)/.exec(id)?.[1]; return found === undefined ? null : Number(found); };

interface Part { text: string; page: number | null; url: string | null; source: string; title: string; /** of a part that was read under a heading of its own, which is not in its text */ heading?: string; sha256?: string }

const KNOWN = /^(?:\d+(?:\.\d+)*\.?\s+)?(abstract|summary|introduction|background|related work|preliminaries|methods?|methodology|approach|model|experiments?|experimental setup|evaluation|results|results and discussion|discussion|limitations?|conclusions?|conclusion and future work|references|bibliography|acknowledg\w+|appendix(?: \w)?|requirements?|responsibilities|qualifications|about (?:us|the role|you))\s*:?$/i;
const NUMBERED = /^(\d{1,2}(?:\.\d{1,2}){0,3})\.?\s+(\p{Lu}[^.!?]{2,80})$/u;

/** The heading on a line of a text without marks; null for an ordinary line. A numbered line beside one of the same depth is an
 * item of a list. @param next  the next line with text @param previous  the one before */
export function headingOf(line: string, next: string, previous = ''): string | null {
  const bare = line.trim();
  const marked = /^#{1,4}\s+(.+?)\s*#*$/.exec(bare)?.[1] ?? /^\\(?:sub)*section\*?\{([^{}]{1,200})\}$/.exec(bare)?.[1];
  if (marked !== undefined) return marked;
  if (KNOWN.test(bare)) return bare.replace(/:$/, '');
  const depth = depthOf(bare);
  return NUMBERED.test(bare) && depthOf(next.trim()) !== depth && depthOf(previous.trim()) !== depth ? bare : null;
}

/** 1 for `2 Method` and `2. Do this.`, 2 for `2.1 Data`; 0 for a line without number. */
const depthOf = (line: string): number => /^(\d{1,2}(?:\.\d{1,2})*)[.)]?\s+\p{Lu}/u.exec(line)?.[1]?.split('.').length ?? 0;

/** Text in order, cut at its headings; without any, at paragraphs. Empty sections are left out. */
export function sectionsOf(parts: readonly Part[]): DocumentSection[] {
  const found: DocumentSection[] = [];
  let current: (Omit<DocumentSection, 'text'> & { lines: string[] }) | null = null;
  const open = (title: string, part: Part): void => {
    close();
    current = { title: clip(oneLine(title), TITLE_CHARACTERS), lines: [], page: part.page, url: part.url, source: part.source, ...(part.sha256 ? { sha256: part.sha256 } : {}) };
  };
  const close = (): void => {
    if (current === null) return;
    const { lines, ...section } = current;
    for (const [index, text] of pieces(lines.join('\n')).entries()) found.push({ ...section, title: index === 0 ? section.title : `${section.title} (part ${index + 1})`, text });
    current = null;
  };
  for (const part of parts) {
    if (part.heading) open(part.heading, part);
    const lines = part.text.replace(/\r\n?/g, '\n').split('\n');
    // Neighbours with text, found once: looking for them at each line would take the square of a long document.
    const after: string[] = [];
    for (let index = lines.length - 1, next = ''; index >= 0; index -= 1) { after[index] = next; if (lines[index]?.trim()) next = lines[index] ?? ''; }
    let before = '';
    for (const [index, line] of lines.entries()) {
      // "Abstract. We show that …" on one line is heading and text.
      const inline = /^\s*abstract\s*[.:—–-]+\s+(\S.*)$/i.exec(line)?.[1];
      const heading = inline === undefined ? headingOf(line, after[index] ?? '', before) : 'Abstract';
      if (heading !== null) open(heading, part);
      else if (current === null) open(part.title || 'Beginning', part);
      if (line.trim()) before = line;
      if (inline !== undefined || heading === null) (current as { lines: string[] } | null)?.lines.push(inline ?? line);
    }
  }
  close();
  return found;
}

/** Paragraphs stay whole where they can. */
function pieces(text: string): string[] {
  const found: string[] = [];
  let current = '';
  for (const paragraph of text.trim().split(/\n{2,}/).flatMap((whole) => (whole.length <= MAX_SECTION_CHARACTERS ? [whole] : (whole.match(/[^]{1,8000}/g) ?? [])))) {
    if (current && current.length + paragraph.length > MAX_SECTION_CHARACTERS) { found.push(current); current = ''; }
    current = current ? `${current}\n\n${paragraph}` : paragraph;
  }
  return [...found, current].map((piece) => piece.trim()).filter(Boolean);
}

/** Puts the sections under ids that can be cited. @param name  begins the origin ids: `paper#s1` */
export function addSections(sources: Sources, name: string, sections: readonly DocumentSection[]): Source[] {
  return sources.add(sections.map((section, index) => ({
    id: `${name}#s${index + 1}`, title: section.page === null ? section.title : `${section.title} (page ${section.page})`, url: section.url, source: section.source, snippet: '', text: section.text, ...(section.sha256 ? { sha256: section.sha256 } : {}),
  })));
}

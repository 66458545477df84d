import { getDocumentProxy } from 'unpdf';
import { MAX_EXTRACTED_CHARACTERS, MAX_PDF_PAGES, type Extracted } from './extracted.ts';

/** The text of a PDF page by page, at most 200 pages and 400,000 characters. Scripts and fonts in it are never run. */
export async function extractPdf(bytes: Uint8Array): Promise<Extracted> {
  // The header may stand a little behind the start; readers accept it within the first kilobyte.
  if (!Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 1_024)).includes('%PDF-')) return { kind: 'problem', problem: 'not-a-pdf' };
  let pdf: Awaited<ReturnType<typeof getDocumentProxy>>;
  try {
    pdf = await getDocumentProxy(new Uint8Array(bytes), { disableFontFace: true, useSystemFonts: false, stopAtErrors: false, verbosity: 0 });
  } catch (error) {
    return { kind: 'problem', problem: (error as Error).name === 'PasswordException' ? 'encrypted' : 'unreadable' };
  }
  const { info } = await pdf.getMetadata().catch(() => ({ info: {} }));
  const pages: string[] = [];
  let characters = 0;
  for (let number = 1; number <= Math.min(pdf.numPages, MAX_PDF_PAGES) && characters < MAX_EXTRACTED_CHARACTERS; number += 1) {
    const page = await pdf.getPage(number);
    const { items } = await page.getTextContent();
    const text = items.map((item) => ('str' in item ? `${item.str}${item.hasEOL ? '\n' : ''}` : '')).join('').replace(/(\p{L})-\n(?=\p{Ll})/gu, '$1').trim();
    page.cleanup();
    pages.push(text);
    characters += text.length;
  }
  const title = (info as Record<string, unknown>).Title;
  return { kind: 'pdf', title: typeof title === 'string' ? title.trim() : '', pageCount: pdf.numPages, pages };
}

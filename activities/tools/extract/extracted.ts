/** What the reading process hands back, as one JSON line. */
export type Extracted =
  | { kind: 'page'; title: string; byline: string | null; text: string }
  | { kind: 'pdf'; title: string; pageCount: number; /** the pages read, from the first; at most 200 */ pages: string[] }
  | { kind: 'problem'; problem: 'not-a-pdf' | 'encrypted' | 'unreadable' };

export type ExtractKind = 'html' | 'pdf';
export const MAX_PDF_PAGES = 200;
export const MAX_EXTRACTED_CHARACTERS = 400_000;

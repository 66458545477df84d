/** Splits plain text or Markdown into headings, sentences and code blocks: the units the engine may quote. */
export interface TextUnit {
  kind: 'heading' | 'sentence' | 'code';
  text: string;
  /** heading above it, '' at the top */
  heading: string;
  /** language of a code block, '' otherwise */
  language: string;
  position: number;
}

const ABBREVIATION = /\b(?:e\.g|i\.e|etc|vs|cf|Dr|Mr|Ms|Mrs|Prof|Fig|No|St|al)\.$/;

export function splitSentences(paragraph: string): string[] {
  const sentences: string[] = [];
  let current = '';
  for (const part of paragraph.split(/(?<=[.!?…][)"'”’\]]?)\s+/)) {
    current = current ? `${current} ${part}` : part;
    if (ABBREVIATION.test(current)) continue;
    sentences.push(current);
    current = '';
  }
  if (current) sentences.push(current);
  return sentences.map((sentence) => sentence.trim()).filter((sentence) => /\p{L}/u.test(sentence));
}

/** Headings (`#`), list items, paragraphs and fenced code, in reading order. */
export function splitText(text: string): TextUnit[] {
  const units: TextUnit[] = [];
  let heading = '';
  let paragraph: string[] = [];
  let code: { language: string; lines: string[] } | null = null;
  const add = (kind: TextUnit['kind'], value: string, language = '') => {
    units.push({ kind, text: value, heading: kind === 'heading' ? value : heading, language, position: units.length });
  };
  const endParagraph = () => {
    // A sentence that was cut off ("… and …") says nothing whole.
    for (const sentence of splitSentences(paragraph.join(' ').replace(/\s+/g, ' '))) if (!sentence.endsWith('…')) add('sentence', sentence);
    paragraph = [];
  };
  for (const line of text.replace(/^\s*---\n[\s\S]*?\n---\s*\n/, '').split(/\r?\n/)) {
    const fence = /^\s*(?:```|~~~)\s*([\w+#.-]*)/.exec(line);
    if (code) {
      if (fence) { add('code', code.lines.join('\n'), code.language); code = null; } else code.lines.push(line);
      continue;
    }
    if (fence) { endParagraph(); code = { language: fence[1] ?? '', lines: [] }; continue; }
    const title = /^\s{0,3}#{1,6}\s+(.+?)\s*#*\s*$/.exec(line);
    if (title?.[1]) { endParagraph(); heading = plain(title[1]); add('heading', heading); continue; }
    const item = /^\s*(?:[-*+•]|\d+[.)])\s+(.*)$/.exec(line);
    if (item) { endParagraph(); paragraph.push(plain(item[1] ?? '')); endParagraph(); continue; }
    if (!line.trim() || /^\s*(?:[-*_]\s*){3,}$/.test(line)) { endParagraph(); continue; }
    if (/^\s*\|.*\|\s*$/.test(line)) { endParagraph(); continue; }
    paragraph.push(plain(line));
  }
  if (code) add('code', code.lines.join('\n'), code.language);
  endParagraph();
  return units;
}

/** Markdown's inline marks and earlier citations away, links to their words. */
export function plain(text: string): string {
  return text
    .replace(/\s*\[(?:[a-z]{1,8}\d{1,4}(?:,\s*)?)+\](?!\()/g, '')
    .replace(/!\[[^\]]*\]\([^)]*\)/g, '')
    .replace(/\[([^\]]+)\]\([^)]*\)/g, '$1')
    .replace(/(\*\*|__)(.+?)\1/g, '$2')
    .replace(/^>\s?/, '')
    .trim();
}

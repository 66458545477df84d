const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const HEADING = /^#{1,6} /;

/** Cuts a Markdown text before each heading that stands outside a code block. A heading ends every list, quote and paragraph
 * before it, so that the parts read as the whole does, except for footnotes and link definitions of another part.
 * @returns the parts, in order; joined they are the text */
export function markdownSections(text: string): string[] {
  const parts: string[] = [];
  let fence: string | null = null;
  let part = '';
  for (const line of text.split(/(?<=\n)/)) {
    const mark = FENCE.exec(line)?.[1];
    if (mark && fence === null) fence = mark;
    else if (mark && fence !== null && mark.startsWith(fence) && line.trim() === mark) fence = null;
    if (fence === null && HEADING.test(line) && part !== '') {
      parts.push(part);
      part = '';
    }
    part += line;
  }
  if (part !== '') parts.push(part);
  return parts;
}

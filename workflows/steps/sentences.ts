/** Sentences of a text, line ends inside a paragraph joined, headings and rows of tables left out. Pure. */
const ABBREVIATION = /(?:^|[\s(])(?:e\.g|i\.e|etc|vs|cf|al|Fig|Eq|Sec|No|Dr|Prof|approx)\.$/;

export function sentencesOf(text: string): string[] {
  const paragraphs = text.replace(/\r\n?/g, '\n').split(/\n\s*\n|\n(?=\s*(?:[-*•]|\d{1,2}[.)])\s)/);
  return paragraphs.flatMap((paragraph) => {
    const lines = paragraph.split('\n').filter((line) => !/^\s*(?:#{1,6}\s|\|)/.test(line));
    const found: string[] = [];
    for (const part of lines.join(' ').replace(/(\p{L})-\s+(?=\p{Ll})/gu, '$1-').replace(/\s+/g, ' ').trim().split(/(?<=[.!?])\s+(?=[\p{Lu}\d"“'(])/u)) {
      if (found.length > 0 && ABBREVIATION.test(found.at(-1) ?? '')) found[found.length - 1] += ` ${part}`;
      else found.push(part);
    }
    return found.map((sentence) => sentence.replace(/^(?:[-*•]|\d{1,2}[.)])\s+/, '').trim()).filter((sentence) => /\p{L}{2}/u.test(sentence));
  });
}

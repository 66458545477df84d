const LENGTH = 700;
/** Stands on the page already: stamps say what was simulated and how far the run went. */
const SAID = /^(?:>\s*\*\*(?:DEMO|TEST)\*\*|#\s|---\s*$)/;

/** The beginning of a result in Markdown, whole blocks only: without its title and the remarks that the page's stamps repeat.
 * @returns '' when nothing is left */
export function excerptOf(markdown: string, length = LENGTH): string {
  const blocks = markdown.split(/\n{2,}/).filter((block) => block.trim() !== '');
  const from = blocks.findIndex((block) => !SAID.test(block.trim()));
  if (from === -1) return '';
  let text = '';
  let open = false;
  for (const block of blocks.slice(from)) {
    if (!open && text.length > 0 && text.length + block.length > length) break;
    text += text === '' ? block : `\n\n${block}`;
    // A block of code may have empty lines: it is never cut.
    if ((block.match(/^ {0,3}(?:`{3,}|~{3,})/gm)?.length ?? 0) % 2 === 1) open = !open;
  }
  return text;
}

/** The most that a sample may have, bytes. */
export const MAX_SAMPLE_BYTES = 6_000;

/** The begin of a file that fits: whole lines; Markdown ends between its paragraphs and says that there is more. What cannot be
 * cut without harm (JSON, SVG) is only taken whole. @throws Error when such a file is too long */
export function beginOf(fileName: string, text: string): string {
  if (Buffer.byteLength(text) <= MAX_SAMPLE_BYTES) return text;
  if (/\.(json|svg)$/.test(fileName)) throw new Error(`${fileName} has ${Buffer.byteLength(text)} bytes and cannot be cut; put a file that can be first in the definition`);
  const markdown = fileName.endsWith('.md');
  const note = markdown ? '\n*The sample ends here; the run made more.*\n' : '';
  const pieces = markdown ? text.split(/\n(?=\n)/) : text.split('\n');
  let kept = '';
  for (const piece of pieces) {
    const next = kept === '' ? piece : `${kept}\n${piece}`;
    if (Buffer.byteLength(next) + Buffer.byteLength(note) + 2 > MAX_SAMPLE_BYTES) break;
    kept = next;
  }
  // A fence that was opened and not closed would swallow the note.
  return `${kept}${markdown && (kept.match(/^```/gm) ?? []).length % 2 === 1 ? '\n```' : ''}\n${note}`;
}

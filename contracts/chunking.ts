/** How a text is cut into chunks for retrieval. Pure and without imports: the evaluation and the sandbox cut alike.
 * Pieces have at most `chunk_size` characters; each begins `overlap` before the end of the last. Cut at a blank where one is near. */
export function cut(text: string, { chunk_size: size, overlap }: { chunk_size: number; overlap: number }): string[] {
  const pieces: string[] = [];
  for (let from = 0; from < text.length;) {
    let to = Math.min(text.length, from + size);
    if (to < text.length) { const blank = text.lastIndexOf(' ', to); if (blank > from + size * 0.8) to = blank; }
    const piece = text.slice(from, to).trim();
    if (piece !== '') pieces.push(piece);
    if (to >= text.length) break;
    from = Math.max(from + 1, to - overlap);
  }
  return pieces;
}

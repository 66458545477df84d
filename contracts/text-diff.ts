/** A line diff without a package: longest common subsequence, bounded so that two large files cannot stop a process. Pure. */
export interface DiffLine { op: 'same' | 'added' | 'removed' | 'skip'; /** for `skip`: how many equal lines are left out */ text: string }
export interface TextDiff { same: boolean; added: number; removed: number; lines: DiffLine[]; /** a text was longer than is compared */ truncated: boolean }

const MAX_LINES = 1500;
const MAX_SHOWN = 400;
const CONTEXT = 2;
const MAX_LINE_LENGTH = 2000;

/** @param before the text that `removed` lines are from */
export function diffText(before: string, after: string): TextDiff {
  if (before === after) return { same: true, added: 0, removed: 0, lines: [], truncated: false };
  const [a, cutA] = linesOf(before);
  const [b, cutB] = linesOf(after);
  const lines = diffLines(a, b);
  const shown = withContext(lines);
  return {
    same: false, added: lines.filter((line) => line.op === 'added').length, removed: lines.filter((line) => line.op === 'removed').length,
    lines: shown.slice(0, MAX_SHOWN), truncated: cutA || cutB || shown.length > MAX_SHOWN,
  };
}

function linesOf(text: string): [string[], boolean] {
  const lines = text.split(/\r?\n/);
  const cut = lines.length > MAX_LINES || lines.some((line) => line.length > MAX_LINE_LENGTH);
  return [lines.slice(0, MAX_LINES).map((line) => line.slice(0, MAX_LINE_LENGTH).toWellFormed()), cut];
}

function diffLines(a: readonly string[], b: readonly string[]): DiffLine[] {
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1;
  const same = (text: string): DiffLine => ({ op: 'same', text });
  return [...a.slice(0, head).map(same), ...middle(a.slice(head, a.length - tail), b.slice(head, b.length - tail)), ...a.slice(a.length - tail).map(same)];
}

function middle(a: readonly string[], b: readonly string[]): DiffLine[] {
  const width = b.length + 1;
  // common[i * width + j] = length of the longest common subsequence of a from i and b from j; 1,500 lines each fit 16 bits
  const common = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) common[i * width + j] = a[i] === b[j] ? (common[(i + 1) * width + j + 1] ?? 0) + 1 : Math.max(common[(i + 1) * width + j] ?? 0, common[i * width + j + 1] ?? 0);
  }
  const lines: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) { lines.push({ op: 'same', text: a[i] as string }); i += 1; j += 1; }
    else if (i < a.length && (j >= b.length || (common[(i + 1) * width + j] ?? 0) >= (common[i * width + j + 1] ?? 0))) { lines.push({ op: 'removed', text: a[i] as string }); i += 1; }
    else { lines.push({ op: 'added', text: b[j] as string }); j += 1; }
  }
  return lines;
}

/** Keeps two equal lines around each change; the rest is counted. */
function withContext(lines: readonly DiffLine[]): DiffLine[] {
  const near = lines.map(() => false);
  for (const [index, line] of lines.entries()) {
    if (line.op !== 'same') near.fill(true, Math.max(0, index - CONTEXT), Math.min(lines.length, index + CONTEXT + 1));
  }
  const kept: DiffLine[] = [];
  let skipped = 0;
  for (const [index, line] of lines.entries()) {
    if (!near[index]) { skipped += 1; continue; }
    if (skipped > 0) kept.push({ op: 'skip', text: String(skipped) });
    skipped = 0;
    kept.push(line);
  }
  if (skipped > 0) kept.push({ op: 'skip', text: String(skipped) });
  return kept;
}

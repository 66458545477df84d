import type { Span } from '../../../lib/run-spans';

export type TreeMove = { kind: 'select'; index: number } | { kind: 'toggle' } | { kind: 'zoom'; factor: number } | { kind: 'pan'; direction: 1 | -1 } | { kind: 'fit' } | { kind: 'focus' };

/** What a key means in the tree of spans; null = nothing, the page may have it. @param current -1 while no row is chosen */
export function treeMove(key: string, shift: boolean, rows: readonly Span[], current: number, parents: ReadonlySet<string>, closed: ReadonlySet<string>): TreeMove | null {
  const last = rows.length - 1;
  const to = (index: number): TreeMove | null => (last < 0 ? null : { kind: 'select', index: Math.min(last, Math.max(0, index)) });
  const row = rows[current];
  const parent = row && parents.has(row.id);
  switch (key) {
    case 'ArrowDown': return to(current + 1);
    case 'ArrowUp': return to(current < 0 ? 0 : current - 1);
    case 'Home': return to(0);
    case 'End': return to(last);
    case 'PageDown': return to(current + 12);
    case 'PageUp': return to(current - 12);
    case 'ArrowRight': return shift ? { kind: 'pan', direction: 1 } : !row || !parent ? null : closed.has(row.id) ? { kind: 'toggle' } : to(current + 1);
    case 'ArrowLeft':
      if (shift) return { kind: 'pan', direction: -1 };
      if (!row) return null;
      return parent && !closed.has(row.id) ? { kind: 'toggle' } : row.parent === null ? null : to(rows.findIndex(({ id }) => id === row.parent));
    case 'Enter': case ' ': return to(Math.max(0, current));
    case '.': return to(nextFailed(rows, current));
    case '+': case '=': return { kind: 'zoom', factor: 0.5 };
    case '-': return { kind: 'zoom', factor: 2 };
    case '0': return { kind: 'fit' };
    case 'z': return row ? { kind: 'focus' } : null;
    default: return null;
  }
}

/** The next row that failed itself (not only because one below it did), from the top again after the last. */
export function nextFailed(rows: readonly Span[], current: number): number {
  const parents = new Set(rows.filter(({ state }) => state === 'failed').map(({ parent }) => parent));
  const failed = rows.flatMap((row, index) => (row.state === 'failed' && !parents.has(row.id) ? [index] : []));
  return failed.find((index) => index > current) ?? failed[0] ?? current;
}

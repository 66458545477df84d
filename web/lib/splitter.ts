/** How wide a side pane may be, in CSS pixels. */
export interface PaneRange { least: number; most: number; standard: number }

export const PANES = {
  rail: { least: 192, most: 416, standard: 256 },
  inspector: { least: 288, most: 640, standard: 384 },
  peek: { least: 288, most: 560, standard: 352 },
} as const satisfies Record<string, PaneRange>;
export type PaneName = keyof typeof PANES;

const STEP = 16;

export const withinRange = (width: number, { least, most }: PaneRange): number => Math.round(Math.min(most, Math.max(least, width)));

/** What a key does to the line between two panes (WAI-ARIA's window splitter). @param side  where the pane lies whose width it is
 * @returns the new width; null: the key means nothing here */
export function splitterKey(key: string, width: number, range: PaneRange, side: 'left' | 'right'): number | null {
  const wider = side === 'left' ? 'ArrowRight' : 'ArrowLeft';
  const narrower = side === 'left' ? 'ArrowLeft' : 'ArrowRight';
  switch (key) {
    case wider: return withinRange(width + STEP, range);
    case narrower: return withinRange(width - STEP, range);
    case 'Home': return range.least;
    case 'End': return range.most;
    case 'Enter': return range.standard;
    default: return null;
  }
}

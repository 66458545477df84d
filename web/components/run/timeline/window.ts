/** The part of the axis that is drawn, in its units. */
export interface Window { from: number; to: number }

const NARROWEST = 20;

export const fitted = (length: number): Window => ({ from: 0, to: length });

/** Wider (2) or narrower (0.5) about its middle, inside the axis. */
export function widened({ from, to }: Window, factor: number, length: number): Window {
  const width = Math.min(length, Math.max(NARROWEST, (to - from) * factor));
  const start = Math.min(Math.max(0, (from + to - width) / 2), length - width);
  return { from: start, to: start + width };
}

/** A third of what is seen earlier (-1) or later (1). */
export function moved({ from, to }: Window, direction: 1 | -1, length: number): Window {
  const width = to - from;
  const start = Math.min(Math.max(0, from + (direction * width) / 3), length - width);
  return { from: start, to: start + width };
}

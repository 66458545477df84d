/** A time axis on which long stretches without any work take little room. `at` turns ms since the epoch into units of the
 * drawn axis (1 unit = 1 ms of work), `ms` turns them back; a fold keeps a narrow strip of its own, so that nothing jumps. */
export interface Stretch { from: number; to: number }
export interface Fold extends Stretch { at: number; width: number }
export interface TimeAxis { from: number; to: number; length: number; folds: Fold[]; at(ms: number): number; ms(unit: number): number }

interface Piece { from: number; to: number; at: number; width: number }

/** Stretches as they overlap, joined and in order. */
export function joined(stretches: readonly Stretch[]): Stretch[] {
  const out: Stretch[] = [];
  for (const { from, to } of stretches.toSorted((a, b) => a.from - b.from)) {
    const last = out.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else out.push({ from, to });
  }
  return out;
}

const SHORTEST_FOLD_MS = 2_000;
const FOLDS_AT_MOST = 0.3;
const FOLD_SHARE = 0.04;

/** @param busy when something was done; what lies between is idle
 * @param fold false draws every second alike */
export function timeAxis(whole: Stretch, busy: readonly Stretch[], fold = true): TimeAxis {
  const { from } = whole;
  const to = Math.max(whole.to, from + 1);
  const pieces: Piece[] = [];
  const folds: Fold[] = [];
  const gaps = fold ? gapsOf({ from, to }, joined(busy)) : [];
  const work = to - from - gaps.reduce((sum, gap) => sum + gap.to - gap.from, 0);
  const width = gaps.length === 0 ? 0 : Math.max(1, Math.min(FOLD_SHARE, FOLDS_AT_MOST / gaps.length) * Math.max(work, 1));
  let ms = from;
  let unit = 0;
  const go = (until: number, wide: number): void => {
    if (until > ms) pieces.push({ from: ms, to: until, at: unit, width: wide });
    unit += wide;
    ms = until;
  };
  for (const gap of gaps) {
    go(gap.from, gap.from - ms);
    folds.push({ ...gap, at: unit, width });
    go(gap.to, width);
  }
  go(to, to - ms);
  const length = Math.max(unit, 1);
  return { from, to, length, folds, at: (when) => atOf(pieces, when, from, length), ms: (place) => msOf(pieces, place, from, to) };
}

function gapsOf({ from, to }: Stretch, busy: readonly Stretch[]): Stretch[] {
  const worked = busy.reduce((sum, stretch) => sum + stretch.to - stretch.from, 0);
  const shortest = Math.max(SHORTEST_FOLD_MS, worked * 0.1);
  const edges = [{ from, to: from }, ...busy, { from: to, to }];
  return edges.slice(1).flatMap((next, index) => {
    const before = edges[index]!;
    return next.from - before.to > shortest ? [{ from: before.to, to: next.from }] : [];
  });
}

function pieceAt<T extends Piece>(pieces: readonly T[], fits: (piece: T) => boolean): T | undefined {
  let low = 0;
  let high = pieces.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (fits(pieces[middle]!)) high = middle;
    else low = middle + 1;
  }
  return pieces[low];
}

function atOf(pieces: readonly Piece[], when: number, from: number, length: number): number {
  if (when <= from) return 0;
  const piece = pieceAt(pieces, ({ to }) => when <= to);
  if (!piece) return 0;
  return Math.min(length, piece.at + (piece.width * (Math.min(when, piece.to) - piece.from)) / (piece.to - piece.from));
}

function msOf(pieces: readonly Piece[], place: number, from: number, to: number): number {
  if (place <= 0) return from;
  const piece = pieceAt(pieces, ({ at, width }) => place <= at + width);
  if (!piece || piece.width === 0) return to;
  return Math.min(to, piece.from + ((piece.to - piece.from) * (Math.min(place, piece.at + piece.width) - piece.at)) / piece.width);
}

const NICE_MS = [10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 15e3, 3e4, 6e4, 12e4, 3e5, 6e5, 18e5, 36e5, 72e5, 216e5, 864e5];

/** Round times since the start inside a window of the axis, at most `most` and never inside a fold. In units. */
export function ticksOf(axis: TimeAxis, window: { from: number; to: number }, most: number): { at: number; ms: number }[] {
  const wanted = (window.to - window.from) / Math.max(1, most);
  const step = NICE_MS.find((nice) => nice >= wanted) ?? 864e5;
  const ticks: { at: number; ms: number }[] = [];
  const gap = wanted * 0.6;
  const edges = [{ to: axis.from, at: 0, width: 0 }, ...axis.folds];
  edges.forEach((edge, index) => {
    const end = axis.folds[index]?.from ?? axis.to;
    for (let since = Math.ceil((edge.to - axis.from) / step) * step; axis.from + since <= end; since += step) {
      const at = axis.at(axis.from + since);
      if (at > window.to || ticks.length > most * 2) return;
      if (at >= window.from && (ticks.length === 0 || at - ticks.at(-1)!.at >= gap)) ticks.push({ at, ms: since });
    }
  });
  return ticks;
}

/** Of a letter of the ruler, and what stands between two labels. */
const LETTER_PX = 7.3;
const ROOM_PX = 10;
/** From here on a label stands before its line: behind it the edge would cut it. */
const LAST_PART = 0.88;

/** Ticks whose labels have room in `pixels`: none is written over another one or over a fold. */
export function labelled<T extends { at: number; text: string }>(ticks: readonly T[], axis: TimeAxis, window: { from: number; to: number }, pixels: number): (T & { before: boolean })[] {
  const place = (unit: number): number => ((unit - window.from) / (window.to - window.from)) * pixels;
  const taken = axis.folds.map(({ at, width }) => ({ from: place(at), to: place(at + width) }));
  const out: (T & { before: boolean })[] = [];
  for (const tick of ticks) {
    const x = place(tick.at);
    const size = tick.text.length * LETTER_PX + ROOM_PX;
    const before = x > pixels * LAST_PART;
    const room = before ? { from: x - size, to: x } : { from: x, to: x + size };
    // A label at the end of a fold touches it and is read all the same.
    if (taken.some(({ from, to }) => room.from < to - 1 && room.to > from + 1)) continue;
    taken.push(room);
    out.push({ ...tick, before });
  }
  return out;
}

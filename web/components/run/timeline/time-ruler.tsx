import { cn } from '../../../lib/class-names';
import { formatDuration } from '../../../lib/format';
import { labelled, ticksOf, type TimeAxis } from '../../../lib/time-fold';
import { useWidth } from '../../../lib/use-width';
import type { Window } from './window';

const MOST_TICKS = 6;

/** The clock above the bars, from the run's beginning; folded stretches say how long they are. */
export function TimeRuler({ axis, window }: { axis: TimeAxis; window: Window }) {
  const [box, pixels] = useWidth<HTMLDivElement>(600);
  const width = window.to - window.from;
  const percent = (unit: number): number => ((unit - window.from) / width) * 100;
  const ticks = ticksOf(axis, window, MOST_TICKS).map(({ at, ms }) => ({ at, ms, text: ms === 0 ? '0' : formatDuration(ms) }));
  return (
    <div ref={box} aria-hidden className="relative h-7 overflow-hidden font-mono text-xs text-faint">
      {/* The last label stands before its line: behind it the edge would cut it. */}
      {labelled(ticks, axis, window, pixels).map(({ at, ms, text, before }) => <span key={ms} className={cn('absolute top-0 h-full border-rule pt-1.5 whitespace-nowrap', before ? '-translate-x-full border-r pr-1' : 'border-l pl-1')} style={{ left: `${percent(at)}%` }}>{text}</span>)}
      {axis.folds.filter((fold) => fold.at < window.to && fold.at + fold.width > window.from).map((fold) => <span key={fold.from} title={`${formatDuration(fold.to - fold.from)} without work, folded`} className="absolute top-0 grid h-full place-items-center overflow-hidden border-x border-control bg-sunken" style={{ left: `${percent(fold.at)}%`, width: `${(fold.width / width) * 100}%` }}>⋯</span>)}
    </div>
  );
}

/** The folded stretches through all rows. */
export function FoldBands({ axis, window }: { axis: TimeAxis; window: Window }) {
  const width = window.to - window.from;
  return axis.folds.map((fold) => <span key={fold.from} aria-hidden className="absolute inset-y-0 border-x border-rule bg-sunken" style={{ left: `${((fold.at - window.from) / width) * 100}%`, width: `${(fold.width / width) * 100}%` }} />);
}

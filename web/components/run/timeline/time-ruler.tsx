import { cn } from '../../../lib/class-names';
import { formatDuration } from '../../../lib/format';
import { ticksOf, type TimeAxis } from '../../../lib/time-fold';
import type { Window } from './window';

/** The clock above the bars, from the run's beginning; folded stretches say how long they are. */
export function TimeRuler({ axis, window }: { axis: TimeAxis; window: Window }) {
  const width = window.to - window.from;
  const percent = (unit: number): number => ((unit - window.from) / width) * 100;
  return (
    <div aria-hidden className="relative h-7 overflow-hidden font-mono text-xs text-faint">
      {/* The last label stands before its line: behind it the edge would cut it. */}
      {ticksOf(axis, window, 6).map(({ at, ms }) => <span key={ms} className={cn('absolute top-0 h-full border-rule pt-1.5 whitespace-nowrap', percent(at) > 88 ? '-translate-x-full border-r pr-1' : 'border-l pl-1')} style={{ left: `${percent(at)}%` }}>{ms === 0 ? '0' : formatDuration(ms)}</span>)}
      {axis.folds.filter((fold) => fold.at < window.to && fold.at + fold.width > window.from).map((fold) => <span key={fold.from} title={`${formatDuration(fold.to - fold.from)} without work, folded`} className="absolute top-0 grid h-full place-items-center overflow-hidden border-x border-control bg-sunken" style={{ left: `${percent(fold.at)}%`, width: `${(fold.width / width) * 100}%` }}>⋯</span>)}
    </div>
  );
}

/** The folded stretches through all rows. */
export function FoldBands({ axis, window }: { axis: TimeAxis; window: Window }) {
  const width = window.to - window.from;
  return axis.folds.map((fold) => <span key={fold.from} aria-hidden className="absolute inset-y-0 border-x border-rule bg-sunken" style={{ left: `${((fold.at - window.from) / width) * 100}%`, width: `${(fold.width / width) * 100}%` }} />);
}

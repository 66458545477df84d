import { ChevronRight } from 'lucide-react';
import { memo } from 'react';
import { cn } from '../../../lib/class-names';
import { formatDuration } from '../../../lib/format';
import { spanTook, type Span } from '../../../lib/run-spans';
import type { TimeAxis } from '../../../lib/time-fold';
import { Bar, STATE_INK } from './bar';
import { STATE_MARK, STATE_WORDS } from './state-mark';
import type { Window } from './window';

interface SpanRowProps { id: string; className: string; span: Span; axis: TimeAxis; window: Window; top: number; height: number; selected: boolean; /** null: nothing below it */ open: boolean | null; place: number; count: number; onSelect: (id: string) => void; onToggle: (id: string) => void }

/** The label is the target, not the bar: a bar of three pixels cannot be hit. */
export const SpanRow = memo(function SpanRow({ id, className, span, axis, window, top, height, selected, open, place, count, onSelect, onToggle }: SpanRowProps) {
  const took = spanTook(span);
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus -- the tree has the focus and the keys (aria-activedescendant)
    <div
      id={id} role="treeitem" aria-level={span.depth} aria-posinset={place} aria-setsize={count} aria-selected={selected} {...(open === null ? {} : { 'aria-expanded': open })}
      onClick={(event) => ((event.target as Element).closest('[data-slot="toggle"]') ? onToggle : onSelect)(span.id)} style={{ transform: `translateY(${top}px)`, height }}
      className={cn(className, 'absolute inset-x-0 top-0 cursor-pointer items-center max-sm:content-center max-sm:border-b max-sm:border-rule hover:bg-[color-mix(in_srgb,var(--ink)_5%,transparent)]', selected && 'bg-[color-mix(in_srgb,var(--accent)_12%,transparent)] shadow-[inset_3px_0_0_var(--accent)]')}
    >
      <span className="flex min-w-0 items-center gap-1.5 pr-2" style={{ paddingLeft: `${0.5 + (span.depth - 1) * 0.8}rem` }}>
        {open === null ? <span className="w-4 shrink-0" /> : <span data-slot="toggle" className="grid size-6 shrink-0 place-items-center -mx-1"><ChevronRight aria-hidden className={cn('size-3.5 text-muted', open && 'rotate-90')} /></span>}
        <span aria-hidden className={cn('w-3 shrink-0 text-center font-mono text-xs', STATE_INK[span.state])}>{STATE_MARK[span.state]}</span>
        <span title={span.label} className={cn('min-w-0 flex-1 truncate text-sm', span.kind === 'stage' && 'font-semibold', (span.kind === 'attempt' || span.kind === 'queue') && 'text-muted')}>{span.label}<span className="sr-only">, {STATE_WORDS[span.state]},</span></span>
        <span className="shrink-0 font-mono text-xs text-muted">{took}<span className="sr-only">, after {formatDuration(span.from - axis.from)}</span></span>
      </span>
      <span aria-hidden className="relative mr-2 h-full max-sm:ml-1 max-sm:h-4"><Bar span={span} axis={axis} window={window} /></span>
    </div>
  );
});

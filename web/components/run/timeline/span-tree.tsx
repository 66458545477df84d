'use client';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, type KeyboardEvent } from 'react';
import { ROW_PX } from '../../../lib/density';
import { usePreferences } from '../../../lib/preferences';
import type { Span } from '../../../lib/run-spans';
import type { TimeAxis } from '../../../lib/time-fold';
import { useMedia } from '../../../lib/use-media';
import { SpanRow } from './span-row';
import { treeMove } from './tree-keys';
import { FoldBands, TimeRuler } from './time-ruler';
import type { Window } from './window';

/** On a phone the bar stands below its label. */
const NARROW_ROW_PX = 50;
/** Beside open details there is little room: a name that can be read comes before a long bar. */
const COLUMNS = 'grid @max-2xl:sm:grid-cols-[minmax(10rem,50%)_1fr] @2xl:grid-cols-[minmax(15rem,32%)_1fr]';

interface SpanTreeProps {
  rows: readonly Span[]; parents: ReadonlySet<string>; closed: ReadonlySet<string>; axis: TimeAxis; window: Window; selected: string | null;
  onSelect: (id: string) => void; onToggle: (id: string) => void; onZoom: (factor: number) => void; onPan: (direction: 1 | -1) => void; onFit: () => void; onFocusOn: (id: string) => void;
}

/** A tree with bars of which only the rows in sight are drawn, so that ten thousand cost no more than thirty. One stop of the
 * Tab key; the arrows walk in it. */
export function SpanTree({ rows, parents, closed, axis, window, selected, onSelect, onToggle, onZoom, onPan, onFit, onFocusOn }: SpanTreeProps) {
  const box = useRef<HTMLDivElement>(null);
  const { density } = usePreferences();
  const height = useMedia('(max-width: 39.99rem)') ? NARROW_ROW_PX : ROW_PX[density];
  // oxlint-disable-next-line react/incompatible-library -- only used in this component; without React Compiler nothing is memoized
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => box.current, estimateSize: () => height, overscan: 12, getItemKey: (index) => rows[index]?.id ?? index });
  const current = rows.findIndex(({ id }) => id === selected);
  // A row chosen by an address or by the keyboard is brought into sight; a row that merely moves is not followed.
  useEffect(() => { if (current >= 0) virtual.scrollToIndex(current, { align: 'auto' }); }, [selected]); // oxlint-disable-line react-hooks/exhaustive-deps
  useEffect(() => { virtual.measure(); }, [virtual, height]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const move = treeMove(event.key, event.shiftKey, rows, current, parents, closed);
    if (!move) return;
    event.preventDefault();
    event.stopPropagation();
    if (move.kind === 'select') onSelect(rows[move.index]!.id);
    else if (move.kind === 'toggle') onToggle(rows[current]!.id);
    else if (move.kind === 'zoom') onZoom(move.factor);
    else if (move.kind === 'pan') onPan(move.direction);
    else if (move.kind === 'fit') onFit();
    else onFocusOn(rows[current]!.id);
  };
  const items = virtual.getVirtualItems();
  return (
    <div className="@container mt-3 border bg-surface">
      <div className={`${COLUMNS} border-b`}><span className="px-3 py-1.5 text-xs text-faint max-sm:hidden">What</span><TimeRuler axis={axis} window={window} /></div>
      <div
        ref={box} role="tree" tabIndex={0} aria-label="Timeline" aria-describedby="timeline-keys" onKeyDown={onKeyDown}
        {...(current >= 0 && items.some(({ index }) => index === current) ? { 'aria-activedescendant': rowId(rows[current]!.id) } : {})}
        className="relative max-h-[min(65dvh,40rem)] overflow-y-auto overscroll-contain outline-offset-[-2px]"
      >
        <div role="presentation" className="relative" style={{ height: virtual.getTotalSize() }}>
          <div aria-hidden className={`${COLUMNS} absolute inset-0`}><span className="max-sm:hidden" /><span className="relative overflow-hidden"><FoldBands axis={axis} window={window} /></span></div>
          {items.map(({ index, start, key }) => {
            const span = rows[index]!;
            return <SpanRow key={key} id={rowId(span.id)} className={COLUMNS} span={span} axis={axis} window={window} top={start} height={height} selected={span.id === selected} open={parents.has(span.id) ? !closed.has(span.id) : null} place={index + 1} count={rows.length} onSelect={onSelect} onToggle={onToggle} />;
          })}
        </div>
      </div>
      <p id="timeline-keys" className="border-t px-3 py-1.5 text-xs text-faint max-sm:sr-only">↑ ↓ walk · ← → close and open · Enter details · . next error · + − zoom · z zoom to the row · 0 whole run · Shift ← → earlier, later</p>
    </div>
  );
}

const rowId = (id: string): string => `span-${id}`;

'use client';
import { useRef, type KeyboardEvent, type PointerEvent } from 'react';
import { cn } from '../../lib/class-names';
import { changePreferences, usePreferences } from '../../lib/preferences';
import { PANES, splitterKey, withinRange, type PaneName } from '../../lib/splitter';

/** The width of a side pane as a custom property of the grid that holds it: `style={usePane("rail")}`. */
export function usePane(name: PaneName): Record<string, string> {
  const { panes } = usePreferences();
  return { [`--${name}`]: `${panes[name] ?? PANES[name].standard}px` };
}

/** The line between a side pane and what stands beside it: dragged, moved by keyboard, put back by a double click or Enter. The width is
 * remembered. It stands in a column of its own of the grid whose style is `usePane(name)`. @param controls  id of the pane */
export function Splitter({ name, side, label, controls, className }: { name: PaneName; side: 'left' | 'right'; label: string; controls: string; className?: string }) {
  const range = PANES[name];
  const { panes } = usePreferences();
  const width = panes[name] ?? range.standard;
  const line = useRef<HTMLDivElement>(null);
  const drag = useRef<{ x: number; from: number; to: number } | null>(null);
  const keep = (next: number): void => changePreferences({ panes: { ...panes, [name]: next } });
  // While it is dragged only the grid is drawn anew, not the page.
  const show = (next: number): void => {
    line.current?.parentElement?.style.setProperty(`--${name}`, `${next}px`);
    line.current?.setAttribute('aria-valuenow', String(next));
  };
  const onPointerDown = (event: PointerEvent<HTMLDivElement>): void => {
    if (event.button !== 0) return;
    event.preventDefault();
    event.currentTarget.setPointerCapture(event.pointerId);
    event.currentTarget.focus({ preventScroll: true });
    drag.current = { x: event.clientX, from: width, to: width };
  };
  const onPointerMove = (event: PointerEvent): void => {
    if (!drag.current) return;
    const moved = (event.clientX - drag.current.x) * (side === 'left' ? 1 : -1);
    drag.current.to = withinRange(drag.current.from + moved, range);
    show(drag.current.to);
  };
  const drop = (): void => {
    if (drag.current && drag.current.to !== drag.current.from) keep(drag.current.to);
    drag.current = null;
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = event.ctrlKey || event.metaKey || event.altKey ? null : splitterKey(event.key, width, range, side);
    if (next === null) return;
    event.preventDefault();
    keep(next);
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- a separator that can be focused is a control (ARIA 1.2)
    <div
      ref={line} role="separator" tabIndex={0} aria-orientation="vertical" aria-label={label} aria-controls={controls} aria-valuenow={width} aria-valuemin={range.least} aria-valuemax={range.most}
      title={`${label}: drag, or ← →; Enter puts it back`} data-print="hide" data-slot="splitter" onPointerDown={onPointerDown} onPointerMove={onPointerMove} onPointerUp={drop} onPointerCancel={drop} onDoubleClick={() => keep(range.standard)} onKeyDown={onKeyDown}
      className={cn('group relative cursor-col-resize touch-none outline-offset-[-4px] select-none', className)}
    ><span aria-hidden className="absolute inset-y-0 left-1/2 w-px bg-transparent group-hover:bg-control group-focus-visible:bg-focus" /><span aria-hidden className="sticky top-[55dvh] mx-auto block h-8 w-1 rounded-sm bg-rule group-hover:bg-control group-focus-visible:bg-focus" /></div>
  );
}

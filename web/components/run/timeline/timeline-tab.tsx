'use client';
import { parseAsBoolean, parseAsString, useQueryState, useQueryStates } from 'nuqs';
import { useMemo, useState } from 'react';
import { formatCount, formatDuration } from '../../../lib/format';
import { busyOf, keptSpans, visibleSpans, type Span } from '../../../lib/run-spans';
import { timeAxis } from '../../../lib/time-fold';
import { useSettled } from '../../../lib/use-settled';
import { EmptyState } from '../../feedback/empty-state';
import { Button } from '../../ui/button';
import { Input } from '../../ui/input';
import { SpanPanel, type Moment } from '../span-panel';
import { Legend } from './legend';
import { SpanTree } from './span-tree';
import { fitted, moved, widened, type Window } from './window';

/** All that happened as bars over one clock: what waited, what worked, what was tried again. */
export function TimelineTab({ moment }: { moment: Moment }) {
  return <SpanPanel moment={moment}>{(spans, { selected, select }) => (spans.length === 0 ? <EmptyState title="Nothing has happened yet">The first bar is the time in the queue.</EmptyState> : <Timeline spans={spans} selected={selected} onSelect={select} />)}</SpanPanel>;
}

function Timeline({ spans, selected, onSelect }: { spans: readonly Span[]; selected: string | null; onSelect: (id: string) => void }) {
  const [{ fold, errors }, setOptions] = useQueryStates({ fold: parseAsBoolean.withDefault(true), errors: parseAsBoolean.withDefault(false) });
  const [search, setSearch] = useQueryState('find', parseAsString.withDefault(''));
  const wanted = useSettled(search, 150).trim().toLowerCase();
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [zoomed, setZoomed] = useState<Window | null>(null);
  const axis = useMemo(() => timeAxis({ from: spans.reduce((first, { from }) => Math.min(first, from), Infinity), to: spans.reduce((latest, { to }) => Math.max(latest, to), 0) }, busyOf(spans), fold), [spans, fold]);
  const filtered = useMemo(() => (errors || wanted ? keptSpans(spans, (span) => (!errors || span.state === 'failed') && (!wanted || span.label.toLowerCase().includes(wanted) || span.id.toLowerCase().includes(wanted))) : spans), [spans, errors, wanted]);
  const rows = useMemo(() => visibleSpans(filtered, closed), [filtered, closed]);
  const parents = useMemo(() => new Set(filtered.flatMap(({ parent }) => (parent === null ? [] : [parent]))), [filtered]);
  const shown = zoomed ?? fitted(axis.length);
  const change = (next: Window): void => setZoomed(next.from <= 0 && next.to >= axis.length ? null : next);
  const toggle = (id: string): void => setClosed((before) => { const next = new Set(before); if (!next.delete(id)) next.add(id); return next; });
  const focusOn = (id: string): void => {
    const span = spans.find((candidate) => candidate.id === id);
    if (!span) return;
    const [from, to] = [axis.at(span.from), axis.at(span.to)];
    const room = Math.max((to - from) * 0.1, axis.length / 400);
    change({ from: Math.max(0, from - room), to: Math.min(axis.length, to + room) });
  };
  const folded = axis.folds.reduce((sum, gap) => sum + gap.to - gap.from, 0);
  return (
    <div>
      <div className="flex flex-wrap items-center gap-2">
        <label className="min-w-36 flex-1 sm:max-w-56"><span className="sr-only">Find a row</span><Input type="search" placeholder="Find a row" value={search} onChange={(event) => void setSearch(event.target.value || null)} className="h-8" /></label>
        <Button size="sm" aria-pressed={errors} className="aria-pressed:border-accent aria-pressed:bg-sunken" onClick={() => void setOptions({ errors: !errors || null })}>Errors only</Button>
        <Button size="sm" aria-pressed={fold} className="aria-pressed:border-accent aria-pressed:bg-sunken" onClick={() => { setZoomed(null); void setOptions({ fold: fold ? false : null }); }}>Fold idle time</Button>
        <Button size="sm" data-key={closed.size > 0 ? 'e' : 'w'} onClick={() => setClosed(closed.size > 0 ? new Set() : parents)}>{closed.size > 0 ? 'Open all' : 'Close all'}</Button>
        <span role="group" aria-label="Zoom" className="flex gap-1 sm:ml-auto">
          <Button size="sm" aria-label="Earlier" disabled={shown.from <= 0} onClick={() => change(moved(shown, -1, axis.length))}>←</Button>
          <Button size="sm" aria-label="Later" disabled={shown.to >= axis.length} onClick={() => change(moved(shown, 1, axis.length))}>→</Button>
          <Button size="sm" aria-label="Zoom out" disabled={zoomed === null} onClick={() => change(widened(shown, 2, axis.length))}>−</Button>
          <Button size="sm" aria-label="Zoom in" disabled={shown.to - shown.from <= 20} onClick={() => change(widened(shown, 0.5, axis.length))}>+</Button>
          <Button size="sm" disabled={zoomed === null} onClick={() => setZoomed(null)}>Whole run</Button>
        </span>
      </div>
      <p className="mt-2 text-sm text-muted">{formatDuration(axis.to - axis.from)} in all{folded > 0 ? `, of which ${formatDuration(folded)} without work ${axis.folds.length === 1 ? 'is' : `(in ${axis.folds.length} stretches) are`} folded` : ''}. {rows.length === spans.length ? formatCount(rows.length, 'row') : `${formatCount(rows.length, 'row')} of ${spans.length}`}.</p>
      <SpanTree
        rows={rows} parents={parents} closed={closed} axis={axis} window={shown} selected={selected}
        onSelect={onSelect} onToggle={toggle} onZoom={(factor) => change(widened(shown, factor, axis.length))} onPan={(direction) => change(moved(shown, direction, axis.length))} onFit={() => setZoomed(null)} onFocusOn={focusOn}
      />
      <Legend />
    </div>
  );
}

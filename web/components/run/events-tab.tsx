'use client';
import { ChevronRight, Download } from 'lucide-react';
import { parseAsString, useQueryStates } from 'nuqs';
import { memo, useMemo, useState } from 'react';
import type { RunEvent } from '#contracts/run-events';
import { runEventToWire } from '#contracts/wire';
import { cn } from '../../lib/class-names';
import { formatTimeOfDay } from '../../lib/format';
import { saveText } from '../../lib/save-text';
import { useSettled } from '../../lib/use-settled';
import { Button } from '../ui/button';
import { Input } from '../ui/input';
import { Select } from '../ui/select';
import { JsonView } from './json-view';

const WINDOW = 200;
const placeOf = (event: RunEvent): string => [event.stage, event.step, event.ordinal].filter((part) => part !== null && part !== undefined).join('/');

/** The event log as it is stored: the source of everything else on this page. */
export function EventsTab({ runId, events }: { runId: string; events: readonly RunEvent[] }) {
  const [{ type, find }, setFilters] = useQueryStates({ type: parseAsString.withDefault('all'), find: parseAsString.withDefault('') }, { history: 'replace' });
  const wanted = useSettled(find, 200).trim().toLowerCase();
  const [windows, setWindows] = useState(1);
  const types = useMemo(() => [...new Set(events.map((event) => event.type))].sort(), [events]);
  const matching = useMemo(() => events.filter((event) => (type === 'all' || event.type === type) && (wanted === '' || `${placeOf(event)} ${JSON.stringify(event.data)}`.toLowerCase().includes(wanted))), [events, type, wanted]);
  const shown = matching.slice(-WINDOW * windows);
  return (
    <div>
      <div className="grid grid-cols-[1fr_auto] items-center gap-3 sm:flex">
        <Select aria-label="Type of event" className="max-sm:col-span-2 sm:w-56" value={type} onValueChange={(value) => void setFilters({ type: value === 'all' ? null : value })} options={[{ value: 'all', label: 'All types' }, ...types.map((value) => ({ value, label: value }))]} />
        <label className="flex-1"><span className="sr-only">Search the events</span><Input type="search" placeholder="Search the events" value={find} onChange={(event) => void setFilters({ find: event.target.value || null })} /></label>
        <Button disabled={matching.length === 0} onClick={() => saveText(`run-${runId}-events.jsonl`, matching.map((event) => `${JSON.stringify(runEventToWire(event))}\n`).join(''), 'application/jsonl')}><Download aria-hidden className="size-4" />Download</Button>
      </div>
      <p className="mt-2 text-sm text-muted">{matching.length} of {events.length} events. Streamed text is pruned once a call has ended.</p>
      {shown.length < matching.length ? <Button size="sm" className="mt-3" onClick={() => setWindows(windows + 1)}>Show {Math.min(WINDOW, matching.length - shown.length)} earlier</Button> : null}
      <ol className="mt-3 divide-y divide-rule border bg-surface font-mono text-sm">{shown.map((event) => <Row key={event.sequence} event={event} />)}</ol>
    </div>
  );
}

/** The data of an event is drawn when it is opened, not before. */
const Row = memo(function Row({ event }: { event: RunEvent }) {
  const [open, setOpen] = useState(false);
  return (
    <li>
      <button type="button" aria-expanded={open} onClick={() => setOpen(!open)} className="grid min-h-(--row) w-full grid-cols-[1rem_3rem_auto_1fr] items-center gap-x-3 px-3 py-1 text-left hover:bg-sunken max-sm:grid-cols-[1rem_2.5rem_1fr]">
        <ChevronRight aria-hidden className={cn('size-3.5 text-faint transition-transform', open && 'rotate-90')} />
        <span className="text-faint">{event.sequence}</span>
        <span>{event.type}</span>
        <span className="truncate text-faint max-sm:col-start-3">{placeOf(event)} <time dateTime={event.at}>{formatTimeOfDay(event.at)}</time></span>
      </button>
      {open ? <JsonView text={JSON.stringify(event.data, null, 2)} label={`Data of event ${event.sequence}`} className="border-x-0 border-b-0 bg-sunken" /> : null}
    </li>
  );
});

'use client';
import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import type { RunEvent } from '#contracts/run-events';
import { formatTimeOfDay } from '../../lib/format';
import { Button } from '../ui/button';
import { Select } from '../ui/select';

const WINDOW = 200;

/** The event log as it is stored: the source of everything else on this page. */
export function EventsTab({ events }: { events: readonly RunEvent[] }) {
  const [type, setType] = useState('all');
  const [windows, setWindows] = useState(1);
  const types = [...new Set(events.map((event) => event.type))].sort();
  const matching = type === 'all' ? events : events.filter((event) => event.type === type);
  const shown = matching.slice(-WINDOW * windows);
  return (
    <div>
      <div className="flex flex-wrap items-center gap-3">
        <Select aria-label="Type of event" className="w-60" value={type} onValueChange={setType} options={[{ value: 'all', label: 'All types' }, ...types.map((value) => ({ value, label: value }))]} />
        <span className="text-sm text-muted">{matching.length} of {events.length} events. Streamed text is pruned once a call has ended.</span>
      </div>
      {shown.length < matching.length ? <Button size="sm" className="mt-4" onClick={() => setWindows(windows + 1)}>Show {Math.min(WINDOW, matching.length - shown.length)} earlier</Button> : null}
      <ol className="mt-4 divide-y divide-rule border bg-surface font-mono text-sm">
        {shown.map((event) => (
          <li key={event.sequence}>
            <details className="group">
              <summary className="grid min-h-8 grid-cols-[1rem_3rem_auto_1fr] items-center gap-x-3 px-3 py-1 hover:bg-sunken max-sm:grid-cols-[1rem_2.5rem_1fr]">
                <ChevronRight aria-hidden className="size-3.5 text-faint transition-transform group-open:rotate-90" />
                <span className="text-faint">{event.sequence}</span>
                <span>{event.type}</span>
                <span className="truncate text-faint max-sm:col-start-3">{[event.stage, event.step, event.ordinal].filter((part) => part !== null && part !== undefined).join('/')} <time dateTime={event.at}>{formatTimeOfDay(event.at)}</time></span>
              </summary>
              <pre tabIndex={0} className="overflow-x-auto border-t bg-sunken px-4 py-3">{JSON.stringify(event.data, null, 2)}</pre>
            </details>
          </li>
        ))}
      </ol>
    </div>
  );
}

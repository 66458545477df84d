'use client';
import { useVirtualizer } from '@tanstack/react-virtual';
import { Download } from 'lucide-react';
import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { useEffect, useMemo, useRef } from 'react';
import type { RunEvent } from '#contracts/run-events';
import { cn } from '../../lib/class-names';
import { formatTimeOfDay } from '../../lib/format';
import { logText, matchingLines } from '../../lib/log-lines';
import { linesOf, type LogLine } from '../../lib/log-of-events';
import { saveText } from '../../lib/save-text';
import { Button } from '../ui/button';
import { Input } from '../ui/input';
import { Select } from '../ui/select';

const LEVELS = [{ value: 'all', label: 'All levels' }, { value: 'warn', label: 'Warnings and errors' }, { value: 'error', label: 'Errors only' }];
const LOOK = { info: 'text-muted', warn: 'text-waiting', error: 'text-failed' } as const;

/** What happened, a line each, in words; filters stand in the address, only lines in sight are drawn. */
export function LogsTab({ runId, events, ended }: { runId: string; events: readonly RunEvent[]; ended: boolean }) {
  const [{ level, q }, setFilters] = useQueryStates({ level: parseAsStringLiteral(['all', 'warn', 'error'] as const).withDefault('all'), q: parseAsString.withDefault('') }, { history: 'replace' });
  const logs = useMemo(() => linesOf(events), [events]);
  const shown = useMemo(() => matchingLines(logs, level, q), [logs, level, q]);
  return (
    <div>
      <div className="grid grid-cols-[1fr_auto] items-center gap-3 sm:flex">
        <Select aria-label="Level" className="max-sm:col-span-2 sm:w-52" value={level} onValueChange={(value) => void setFilters({ level: value as typeof level })} options={LEVELS} />
        <label className="flex-1 max-sm:col-span-2"><span className="sr-only">Search the log</span><Input type="search" placeholder="Search the log" value={q} onChange={(event) => void setFilters({ q: event.target.value || null })} /></label>
        <span className="text-sm text-muted">{shown.length} of {logs.length} lines</span>
        <Button disabled={shown.length === 0} onClick={() => saveText(`run-${runId}-log.txt`, logText(shown))}><Download aria-hidden className="size-4" />Download</Button>
      </div>
      {shown.length > 0 ? <Lines lines={shown} live={!ended} /> : <p className="mt-6 text-muted">{logs.length > 0 ? 'No line matches.' : 'No log lines yet.'}</p>}
    </div>
  );
}

function Lines({ lines, live }: { lines: readonly LogLine[]; live: boolean }) {
  const box = useRef<HTMLDivElement>(null);
  // oxlint-disable-next-line react/incompatible-library -- only used in this component; without React Compiler nothing is memoized
  const virtual = useVirtualizer({ count: lines.length, getScrollElement: () => box.current, estimateSize: () => 22, overscan: 20 });
  // New lines are followed by a reader who stands at the end, and by nobody else.
  const atEnd = useRef(true);
  useEffect(() => { if (live && atEnd.current) virtual.scrollToIndex(lines.length - 1, { align: 'end' }); }, [live, lines.length, virtual]);
  return (
    <div
      ref={box} role="log" aria-label="Log lines" aria-live="off" tabIndex={0} onScroll={({ currentTarget: at }) => { atEnd.current = at.scrollHeight - at.scrollTop - at.clientHeight < 30; }}
      className="mt-4 max-h-[min(65dvh,40rem)] overflow-auto border bg-surface font-mono text-sm"
    >
      <div className="relative" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const line = lines[index]!;
          return (
            <div key={index} ref={virtual.measureElement} data-index={index} style={{ transform: `translateY(${start}px)` }} className="absolute inset-x-0 top-0 grid grid-cols-[auto_auto_1fr] gap-x-3 px-3 py-0.5 max-sm:grid-cols-[auto_1fr]">
              <time dateTime={line.at} title={line.at} className="text-faint">{formatTimeOfDay(line.at)}</time>
              <span className={cn('w-11', LOOK[line.level])}>{line.level}</span>
              <span className="min-w-0 break-words max-sm:col-span-2">{line.step ? <span className="text-faint">{line.stage}/{line.step} </span> : null}{line.message}</span>
            </div>
          );
        })}
      </div>
    </div>
  );
}

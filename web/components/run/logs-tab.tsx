'use client';
import { useState } from 'react';
import type { RunView } from '#contracts/run-reducer';
import { cn } from '../../lib/class-names';
import { formatTimeOfDay } from '../../lib/format';
import { Input } from '../ui/input';
import { Select } from '../ui/select';

const LEVELS = [{ value: 'all', label: 'All levels' }, { value: 'warn', label: 'Warnings and errors' }, { value: 'error', label: 'Errors only' }];
const LOOK = { info: 'text-muted', warn: 'text-waiting', error: 'text-failed' } as const;

export function LogsTab({ logs, ended }: { logs: RunView['logs']; ended: boolean }) {
  const [level, setLevel] = useState('all');
  const [search, setSearch] = useState('');
  const shown = logs.filter((line) => (level === 'all' || line.level === 'error' || line.level === level) && (search === '' || line.message.toLowerCase().includes(search.toLowerCase())));
  return (
    <div>
      <div className="flex flex-wrap items-center gap-3">
        <Select aria-label="Level" className="w-52" value={level} onValueChange={setLevel} options={LEVELS} />
        <label className="min-w-40 flex-1"><span className="sr-only">Search the log</span><Input type="search" placeholder="Search the log" value={search} onChange={(event) => setSearch(event.target.value)} /></label>
        <span className="text-sm text-muted">{shown.length} of {logs.length} lines</span>
      </div>
      {shown.length > 0 ? (
        <ol className="mt-4 border bg-surface py-2 font-mono text-sm">
          {shown.map((line, index) => (
            <li key={index} className="grid grid-cols-[auto_auto_1fr] gap-x-3 px-3 py-0.5 max-sm:grid-cols-[auto_1fr]">
              <time dateTime={line.at} title={line.at} className="text-faint">{formatTimeOfDay(line.at)}</time>
              <span className={cn('w-11', LOOK[line.level])}>{line.level}</span>
              <span className="min-w-0 break-words max-sm:col-span-2">{line.step ? <span className="text-faint">{line.stage}/{line.step} </span> : null}{line.message}</span>
            </li>
          ))}
        </ol>
      ) : <p className="mt-6 text-muted">{logs.length > 0 ? 'No line matches.' : ended ? 'This run wrote no log lines of its own; Raw events has everything that happened.' : 'No log lines yet.'}</p>}
    </div>
  );
}

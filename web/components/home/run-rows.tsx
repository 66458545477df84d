'use client';
import type { RunWire } from '../../lib/queries';
import { RunName, RunState } from '../history/run-row-parts';
import { DemoStamp, ModeStamp } from '../run/stamp';
import { RelativeTime } from '../ui/relative-time';

/** Entries of the log, one line each. */
export function RunRows({ runs }: { runs: readonly RunWire[] }) {
  return (
    <ul className="divide-y divide-rule border-y">
      {runs.map((run) => (
        <li key={run.id} data-run={run.id} className="relative grid gap-x-4 gap-y-1.5 py-2.5 hover:bg-sunken md:min-h-(--row) md:grid-cols-[auto_minmax(0,1fr)_auto_5.5rem] md:items-center md:px-2 md:py-0">
          <RunState run={run} />
          <RunName run={run} />
          <span className="flex items-center justify-between gap-2 md:contents"><span className="flex gap-2"><ModeStamp mode={run.run_mode} />{run.simulated ? <DemoStamp /> : null}</span>
            <RelativeTime iso={run.created_at} className="text-sm text-muted md:text-right" /></span>
        </li>
      ))}
    </ul>
  );
}

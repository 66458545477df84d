'use client';
import Link from 'next/link';
import type { RunWire } from '../../lib/queries';
import { keyInputs, RunState } from '../history/run-row-parts';
import { DemoStamp, ModeStamp } from '../run/stamp';
import { RelativeTime } from '../ui/relative-time';

/** Entries of the log, one line each. */
export function RunRows({ runs }: { runs: readonly RunWire[] }) {
  return (
    <ul className="divide-y divide-rule border-y">
      {runs.map((run) => (
        <li key={run.id} data-run={run.id} className="relative grid gap-x-4 gap-y-1.5 py-2.5 hover:bg-sunken md:grid-cols-[13rem_minmax(0,1fr)_auto_6rem] md:items-center md:px-2">
          <RunState run={run} />
          <span className="min-w-0"><Link href={`/runs/${run.id}`} className="font-medium after:absolute after:inset-0">{run.workflow_title}</Link><span className="block truncate text-sm text-muted">{keyInputs(run)}</span></span>
          <span className="flex items-center justify-between gap-2 md:contents"><span className="flex gap-2"><ModeStamp mode={run.run_mode} />{run.simulated ? <DemoStamp /> : null}</span>
            <RelativeTime iso={run.created_at} className="text-sm text-muted md:text-right" /></span>
        </li>
      ))}
    </ul>
  );
}

'use client';
import Link from 'next/link';
import type { RunWire } from '../../lib/queries';
import { keyInputs, RunState } from '../history/run-row-parts';
import { DemoStamp, ModeStamp } from '../run/stamp';
import { RelativeTime } from '../ui/relative-time';

/** The last entries of the log, to go on where you left. */
export function RecentRuns({ runs }: { runs: readonly RunWire[] }) {
  return (
    <section aria-labelledby="recent-runs">
      <div className="flex items-baseline justify-between gap-4"><h2 id="recent-runs" className="font-semibold">Your last runs</h2><Link href="/runs" className="prose-link text-sm">All runs</Link></div>
      <ul className="mt-2 divide-y divide-rule border-y">
        {runs.map((run) => (
          <li key={run.id} className="relative grid gap-x-4 gap-y-1.5 py-2.5 hover:bg-sunken md:grid-cols-[15rem_minmax(0,1fr)_auto_7rem] md:items-center md:px-2">
            <RunState run={run} />
            <span className="min-w-0"><Link href={`/runs/${run.id}`} className="font-medium after:absolute after:inset-0">{run.workflow_title}</Link><span className="block truncate text-sm text-muted">{keyInputs(run)}</span></span>
            <span className="flex gap-2"><ModeStamp mode={run.run_mode} />{run.simulated ? <DemoStamp /> : null}</span>
            <RelativeTime iso={run.created_at} className="text-sm text-muted md:text-right" />
          </li>
        ))}
      </ul>
    </section>
  );
}

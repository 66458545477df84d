'use client';
import Link from 'next/link';
import { isTerminal } from '#contracts/runs';
import { formatDuration } from '../../lib/format';
import type { RunWire } from '../../lib/queries';
import { useNow } from '../../lib/use-now';
import { DemoStamp, ModeStamp } from '../run/stamp';
import { Checkbox } from '../ui/checkbox';
import { RelativeTime } from '../ui/relative-time';
import { keyInputs, RunCost, RunState } from './run-row-parts';

function Took({ run, now }: { run: RunWire; now: number }) {
  if (run.started_at === null) return <span className="text-faint">–</span>;
  return <>{formatDuration((run.completed_at ? Date.parse(run.completed_at) : now) - Date.parse(run.started_at))}</>;
}

const MOST = 4;
interface Choosing { /** ids of the runs to set side by side */ chosen: readonly string[]; onChoose: (chosen: string[]) => void }

/** Above the row's link, so that it can be pressed. */
function Choose({ run, chosen, onChoose }: { run: RunWire } & Choosing) {
  const here = chosen.includes(run.id);
  return <Checkbox className="relative z-10 max-md:size-6" checked={here} disabled={!here && (chosen.length >= MOST || !isTerminal(run.status))} aria-label={`Compare ${run.workflow_title}, ${keyInputs(run)}`} onCheckedChange={(checked) => onChoose(checked ? [...chosen, run.id] : chosen.filter((id) => id !== run.id))} />;
}

/** A table on a wide screen, cards with the same facts on a phone. The name of the run is the link. */
export function RunList({ runs, chosen, onChoose }: { runs: readonly RunWire[] } & Choosing) {
  const now = useNow(runs.some((run) => !isTerminal(run.status)) ? 1000 : 0);
  return (
    <>
      <table className="hidden w-full border-y text-left md:table">
        <caption className="sr-only">Runs, newest first</caption>
        <thead className="text-sm text-muted"><tr className="border-b [&>th]:px-3 [&>th]:py-2 [&>th]:font-medium"><th scope="col"><span className="sr-only">Compare</span></th><th scope="col">Status</th><th scope="col">Workflow and inputs</th><th scope="col">Mode</th><th scope="col">Provider</th><th scope="col" className="text-right">Took</th><th scope="col" className="text-right">Used</th><th scope="col" className="text-right">Started</th></tr></thead>
        <tbody className="divide-y divide-rule">
          {runs.map((run) => (
            <tr key={run.id} data-run={run.id} className="relative hover:bg-sunken [&>td]:px-3 [&>td]:py-2.5">
              <td><Choose run={run} chosen={chosen} onChoose={onChoose} /></td>
              <td><RunState run={run} /></td>
              <td className="w-full max-w-0"><Link href={`/runs/${run.id}`} className="font-medium after:absolute after:inset-0">{run.workflow_title}</Link><span className="block truncate text-sm text-muted">{keyInputs(run)}</span></td>
              <td><ModeStamp mode={run.run_mode} /></td>
              <td className="whitespace-nowrap">{run.simulated ? <DemoStamp /> : run.provider}</td>
              <td className="text-right font-mono text-sm whitespace-nowrap"><Took run={run} now={now} /></td>
              <td className="text-right font-mono text-sm"><RunCost run={run} /></td>
              <td className="text-right text-sm whitespace-nowrap text-muted"><RelativeTime iso={run.created_at} /></td>
            </tr>
          ))}
        </tbody>
      </table>
      <ul className="divide-y divide-rule border-y md:hidden">
        {runs.map((run) => (
          <li key={run.id} data-run={run.id} className="relative grid gap-2 py-3">
            <span className="flex flex-wrap items-center justify-between gap-2"><span className="flex items-center gap-2.5"><Choose run={run} chosen={chosen} onChoose={onChoose} /><RunState run={run} /></span><RelativeTime iso={run.created_at} className="text-sm text-muted" /></span>
            <span><Link href={`/runs/${run.id}`} className="font-medium after:absolute after:inset-0">{run.workflow_title}</Link><span className="line-clamp-2 text-sm text-muted">{keyInputs(run)}</span></span>
            <span className="flex flex-wrap items-center gap-2"><ModeStamp mode={run.run_mode} />{run.simulated ? <DemoStamp /> : <span className="text-sm">{run.provider}</span>}<span className="ml-auto font-mono text-sm text-muted"><RunCost run={run} /></span></span>
          </li>
        ))}
      </ul>
    </>
  );
}

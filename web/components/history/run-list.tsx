'use client';
import { PanelRight } from 'lucide-react';
import { isTerminal } from '#contracts/runs';
import { cn } from '../../lib/class-names';
import { usePreferences } from '../../lib/preferences';
import type { RunWire } from '../../lib/queries';
import { useNow } from '../../lib/use-now';
import { DemoStamp, ModeStamp } from '../run/stamp';
import { Checkbox } from '../ui/checkbox';
import { RelativeTime } from '../ui/relative-time';
import { COLUMNS } from './columns';
import { keyInputs, RunCost, RunName, RunState } from './run-row-parts';

const MOST = 50;
interface Choosing { /** ids of the runs to do something with */ chosen: readonly string[]; onChoose: (chosen: string[]) => void }

/** Above the row's link, so that it can be pressed. */
function Choose({ run, chosen, onChoose }: { run: RunWire } & Choosing) {
  const here = chosen.includes(run.id);
  return <Checkbox className="relative z-10 max-md:size-6" checked={here} disabled={!here && chosen.length >= MOST} aria-label={`Choose ${run.workflow_title}, ${keyInputs(run)}`} onCheckedChange={(checked) => onChoose(checked ? [...chosen, run.id] : chosen.filter((id) => id !== run.id))} />;
}

/** The run that is shown beside the list. */
interface Peeking { peek: string | null; onPeek: (id: string | null) => void }

/** A table on a wide screen, cards with the same facts on a phone. The name of the run is the link. */
export function RunList({ runs, chosen, onChoose, peek, onPeek }: { runs: readonly RunWire[] } & Choosing & Peeking) {
  const now = useNow(runs.some((run) => !isTerminal(run.status)) ? 1000 : 0);
  const { columns } = usePreferences();
  const shown = columns.map((key) => ({ key, ...COLUMNS[key] }));
  return (
    <>
      <table className="hidden w-full border-y text-left md:table">
        <caption className="sr-only">Runs, newest first</caption>
        <thead className="text-sm text-muted"><tr className="border-b [&>th]:px-3 [&>th]:py-2 [&>th]:font-medium"><th scope="col"><span className="sr-only">Choose</span></th><th scope="col">Status</th><th scope="col">Workflow and inputs</th>{shown.map(({ key, label, figures }) => <th key={key} scope="col" className={cn(peek && 'lg:max-2xl:hidden', figures && 'text-right')}>{label}</th>)}<th scope="col" className="max-lg:hidden"><span className="sr-only">Peek</span></th></tr></thead>
        <tbody className="divide-y divide-rule">
          {runs.map((run) => (
            <tr key={run.id} data-run={run.id} aria-current={peek === run.id ? 'true' : undefined} onFocus={peek === null || peek === run.id ? undefined : () => onPeek(run.id)} className={cn('relative hover:bg-sunken [&>td]:h-(--row) [&>td]:px-3', peek === run.id && 'bg-sunken')}>
              <td><Choose run={run} chosen={chosen} onChoose={onChoose} /></td>
              <td><RunState run={run} /></td>
              <td className="w-full max-w-0"><RunName run={run} /></td>
              {shown.map(({ key, figures, show }) => <td key={key} className={cn('whitespace-nowrap', peek && 'lg:max-2xl:hidden', figures && 'text-right font-mono text-sm')}>{show(run, now)}</td>)}
              <td className="max-lg:hidden"><button type="button" aria-label={`Peek at ${run.workflow_title}, ${keyInputs(run)}`} aria-pressed={peek === run.id} title="Peek beside the list" onClick={() => onPeek(peek === run.id ? null : run.id)} className="relative z-10 grid size-7 place-items-center rounded-md text-muted hover:bg-surface hover:text-ink"><PanelRight aria-hidden className="size-4" /></button></td>
            </tr>
          ))}
        </tbody>
      </table>
      <ul className="divide-y divide-rule border-y md:hidden">
        {runs.map((run) => (
          <li key={run.id} data-run={run.id} className="relative grid gap-2 py-3">
            <span className="flex flex-wrap items-center justify-between gap-2"><span className="flex items-center gap-2.5"><Choose run={run} chosen={chosen} onChoose={onChoose} /><RunState run={run} /></span><RelativeTime iso={run.created_at} className="text-sm text-muted" /></span>
            <RunName run={run} />
            <span className="flex flex-wrap items-center gap-2"><ModeStamp mode={run.run_mode} />{run.simulated ? <DemoStamp /> : <span className="text-sm">{run.provider}</span>}<span className="ml-auto font-mono text-sm text-muted"><RunCost run={run} /></span></span>
          </li>
        ))}
      </ul>
    </>
  );
}

'use client';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import type { ReactNode } from 'react';
import type { DrillReportWire } from '#contracts/api/drill.schema';
import { formatCount, formatTimeOfDay, middleTruncate } from '../../lib/format';
import { drillReportQuery } from '../../lib/queries';
import { railOf } from '../../lib/rail';
import { useDrill } from '../../lib/use-drill';
import { useNow } from '../../lib/use-now';
import { ProblemPanel } from '../feedback/problem-panel';
import { LinkBar } from '../run/link-bar';
import { RailNodeMark, StageRail } from '../run/stage-rail';
import { StatusBadge } from '../run/status-badge';
import { Panel } from '../ui/panel';

/** The run on its rail, the moment of the kill, and the account at its end. */
export function DrillRun({ runId }: { runId: string }) {
  const { view, link, killed, ended, error } = useDrill(runId);
  const now = useNow(ended ? 0 : 1000);
  const kill = view.kills[0];
  const answers = view.totals.completions;
  return (
    <div className="mt-6 grid gap-6 lg:grid-cols-[20rem_minmax(0,1fr)]">
      <Panel title={<Link href={`/runs/${runId}`} className="prose-link font-mono text-sm">{middleTruncate(runId)}</Link>} aside={<StatusBadge status={view.status} retries={view.totals.retries} />}>
        <StageRail stages={railOf(view)} now={now} ended={ended} />
        <LinkBar link={link} ended={ended} />
      </Panel>
      <div className="grid content-start gap-4">
        <Panel title="What happens">
          <ol aria-live="polite" className="grid gap-2.5">
            <Line state={answers >= 2 || killed ? 'done' : 'running'}>{answers >= 2 || killed ? 'Two answers are recorded, a third is being written' : `Waiting until two answers are recorded: ${answers} so far`}</Line>
            <Line state={killed ? 'done' : error || ended ? 'failed' : 'pending'}>{kill ? <>The worker was killed at <span className="font-mono text-sm">{formatTimeOfDay(kill.at)}</span></> : ended ? 'The run ended before a call was caught in flight: drill again' : 'Kill the worker in the middle of that call'}</Line>
            <Line state={!killed ? 'pending' : ended ? 'done' : 'running'}>{ended && killed ? 'Another worker took over and brought the run to its end' : killed ? 'Temporal notices, the launcher starts another worker, the run goes on' : 'Another worker takes over'}</Line>
          </ol>
        </Panel>
        {error ? <ProblemPanel error={error} kept="The run itself goes on." /> : null}
        {killed && ended ? <Account runId={runId} /> : null}
      </div>
    </div>
  );
}

function Line({ state, children }: { state: 'pending' | 'running' | 'done' | 'failed'; children: ReactNode }) {
  return <li className="grid grid-cols-[1.5rem_1fr] gap-x-3"><RailNodeMark state={state} /><span className={state === 'pending' ? 'pt-0.5 text-muted' : 'pt-0.5'}>{children}</span></li>;
}

function Account({ runId }: { runId: string }) {
  const { data, error, refetch } = useQuery(drillReportQuery(runId));
  if (error && !data) return <ProblemPanel error={error} onRetry={() => void refetch()} />;
  if (!data) return null;
  return (
    <Panel title="What it cost" aside="from ledger and event log alone">
      <ul data-slot="drill-report" className="grid gap-2.5">{linesOf(data).map(({ good, text }) => <li key={text} className="grid grid-cols-[1.5rem_1fr] gap-x-3"><RailNodeMark state={good ? 'done' : 'failed'} /><span className="pt-0.5">{text}<span className="sr-only">{good ? '' : ' (not as promised)'}</span></span></li>)}</ul>
    </Panel>
  );
}

function linesOf(report: DrillReportWire): { good: boolean; text: string }[] {
  return [
    { good: !report.lost, text: report.lost ? `Lost: the run ended as ${report.status}` : 'Nothing was lost: the run completed' },
    { good: report.called_again === 0, text: `Finished calls asked again: ${report.called_again} of ${report.finished_before}` },
    { good: report.bought_twice === 0, text: `Answers bought twice: ${report.bought_twice}` },
    { good: true, text: report.possibly_billed > 0 ? `In flight when the worker died: ${formatCount(report.possibly_billed, 'call')}, shown as possibly billed` : 'No call was in flight at that moment' },
    ...(report.seconds_to_recover === null ? [] : [{ good: true, text: `At work again after ${report.seconds_to_recover} s` }]),
  ];
}

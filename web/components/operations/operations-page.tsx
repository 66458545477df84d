'use client';
import { useQuery } from '@tanstack/react-query';
import type { OperationsWire } from '#contracts/api/system.schema';
import { cn } from '../../lib/class-names';
import { formatCount, formatDuration, middleTruncate } from '../../lib/format';
import { operationsQuery } from '../../lib/queries';
import { statusWord } from '../../lib/status';
import { ProblemPanel } from '../feedback/problem-panel';
import { StatusBadge } from '../run/status-badge';
import { ButtonAnchor } from '../ui/button';
import { Panel } from '../ui/panel';
import { RelativeTime } from '../ui/relative-time';
import { Loading, Skeleton } from '../ui/skeleton';
import { Term } from '../ui/term';
import { PausePanel } from './pause-panel';

/** Whether the installation works, at this moment: what answers, who works, what waits. */
export function OperationsPage() {
  const { data, error, isPending, refetch } = useQuery(operationsQuery);
  return (
    <div>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h1 className="page-title">Operations</h1>
        {data?.temporal_web_url ? <ButtonAnchor href={data.temporal_web_url} target="_blank" rel="noopener noreferrer">Temporal Web<span className="sr-only"> (new window)</span></ButtonAnchor> : null}
      </div>
      <p className="mt-1 max-w-prose text-md text-muted">Asked every ten seconds. Figures over time, alerts and runbooks are in Grafana; this page says what is so now.</p>
      {isPending ? <Loading label="Asking" className="mt-6 grid gap-6"><Skeleton className="h-24" /><Skeleton className="h-48" /></Loading> : null}
      {error && !data ? <div className="mt-6"><ProblemPanel error={error} onRetry={() => void refetch()} kept="Runs go on as long as a worker and Temporal do." /></div> : null}
      {data ? <State data={data} /> : null}
      <div className="mt-6"><PausePanel /></div>
    </div>
  );
}

function State({ data }: { data: OperationsWire }) {
  const idle = data.queues?.filter(({ workers }) => workers.length === 0) ?? [];
  return (
    <div className="mt-6 grid gap-6">
      {idle.length > 0 ? <p role="status" className="border border-l-4 border-l-failed bg-surface p-4"><span className="font-medium">Nobody works on {idle.map(({ name, kind }) => `${name} (${kind})`).join(', ')}.</span> Runs wait there until a worker starts. <span className="text-muted">Start one with <span className="font-mono text-sm">npm start</span>, or look at the runbook “no workers”.</span></p> : null}
      <div className="grid gap-6 md:grid-cols-2">
        <Panel title="Services">
          <ul className="grid gap-2">
            <Service name="API" ok detail={`version ${data.version}, ${data.environment}`} />
            <Service name="Database" ok={data.database.ok} detail={data.database.detail ?? `answers in ${data.database.latency_ms ?? 0} ms`} />
            <Service name="Temporal" ok={data.temporal.ok} detail={data.temporal.detail ?? `answers in ${data.temporal.latency_ms ?? 0} ms, namespace ${data.namespace}`} />
          </ul>
        </Panel>
        <Panel title="Runs under way" aside="of everybody">
          {data.live_runs.length === 0 ? <p className="text-muted">None at this moment.</p> : (
            <ul className="grid gap-2">{data.live_runs.map(({ status, runs, oldest_seconds: oldest }) => <li key={status} className="flex flex-wrap items-center gap-x-4"><StatusBadge status={status} /><span>{formatCount(runs, 'run')}</span><span className="ml-auto text-sm text-muted">the oldest {statusWord(status).toLowerCase()} since {formatDuration(oldest * 1000)}</span></li>)}</ul>
          )}
        </Panel>
      </div>
      <Panel title={<Term name="task-queue">Task queues</Term>} aside={data.queues ? formatCount(data.queues.length, 'queue') : undefined}>
        {data.queues === null ? <p className="text-muted">Temporal does not answer, so nobody can say what waits. Runs that are stored begin as soon as it is back.</p> : <Queues queues={data.queues} />}
      </Panel>
    </div>
  );
}

function Service({ name, ok, detail }: { name: string; ok: boolean; detail: string }) {
  return <li className="grid grid-cols-[auto_5rem_1fr] items-baseline gap-x-3"><span aria-hidden className={cn('size-2.5 rounded-full border', ok ? 'border-completed bg-completed' : 'border-failed bg-failed')} /><span className="font-medium">{name}</span><span className={ok ? 'text-muted' : 'font-medium text-failed'}>{ok ? 'works' : 'away'}: {detail}</span></li>;
}

function Queues({ queues }: { queues: NonNullable<OperationsWire['queues']> }) {
  return (
    <div tabIndex={0} role="group" aria-label="Task queues" className="overflow-x-auto">
      {/* On a phone each queue is a card, its figures by name. */}
      <table className="w-full text-left max-sm:block max-sm:[&_tbody]:block max-sm:[&_td]:block max-sm:[&_th]:block max-sm:[&_tr]:block">
        <thead className="text-sm text-muted max-sm:sr-only"><tr className="border-b [&>th]:py-1.5 [&>th]:pr-4 [&>th]:font-medium"><th scope="col">Queue</th><th scope="col">Tasks</th><th scope="col" className="text-right">Waiting</th><th scope="col">Workers</th></tr></thead>
        <tbody className="divide-y divide-rule">
          {queues.map(({ name, kind, backlog, workers }) => (
            <tr key={`${name}/${kind}`} className="align-top max-sm:py-2.5 sm:h-(--row) sm:[&>*]:py-1 sm:[&>*]:pr-4 sm:[&>*]:align-middle">
              <th scope="row" className="font-mono text-sm font-normal">{name}</th><td>{kind}</td><td className="font-mono text-sm sm:text-right">{backlog}<span aria-hidden className="sm:hidden"> waiting</span></td>
              <td>{workers.length === 0 ? <span className="font-medium text-failed">none</span> : <ul>{workers.map((worker) => <li key={worker.identity} className="text-sm break-words"><span className="font-mono">{worker.identity}</span>{worker.build ? <span className="text-muted"> build {middleTruncate(worker.build, 24, 6)}</span> : null}{worker.seen_at ? <span className="text-muted">, asked <RelativeTime iso={worker.seen_at} /></span> : null}</li>)}</ul>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

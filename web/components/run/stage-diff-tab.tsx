'use client';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import type { StageDiffWire } from '#contracts/api/compare.schema';
import { formatCost, formatDuration, formatTokens, middleTruncate } from '../../lib/format';
import { stageDiffQuery, type RunDetailWire } from '../../lib/queries';
import { StepRows } from '../compare/step-rows';
import { ProblemPanel } from '../feedback/problem-panel';
import { Panel } from '../ui/panel';
import { Loading, Skeleton } from '../ui/skeleton';

const COLUMNS = ['Test', 'Full'] as const;
const times = (ratio: number | null): string => (ratio === null ? '–' : `× ${ratio}`);

/** What the Test promised beside what Full did: the same steps, what each made, used and took. */
export function StageDiffTab({ run }: { run: RunDetailWire }) {
  const { data, error, refetch } = useQuery(stageDiffQuery(run.id));
  if (error && !data) return <ProblemPanel error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading label="Comparing Test and Full" className="grid gap-4"><Skeleton className="h-32" /><Skeleton className="h-64" /></Loading>;
  return (
    <div className="grid gap-6">
      <Figures data={data} />
      {data.flags.length > 0 ? (
        <section aria-labelledby="diff-flags">
          <h2 id="diff-flags" className="font-semibold">Where Full did otherwise</h2>
          <ul className="mt-2 grid gap-1.5">{data.flags.map((flag) => <li key={flag} className="border-l-2 border-waiting pl-3">{flag}</li>)}</ul>
        </section>
      ) : null}
      <Panel title="Steps" aside="Test → Full" bodyClassName="p-0"><StepRows rows={data.steps} columns={COLUMNS} /></Panel>
      <Panel title="Sources that Full added" aside={data.sources_added.length > 0 ? String(data.sources_added.length) : 'none'}>
        {data.sources_added.length > 0 ? <ul className="grid gap-1">{data.sources_added.map((source) => <li key={source} className="font-mono text-sm break-all">{source}</li>)}</ul> : <p className="text-muted">Full read what the Test had read.</p>}
      </Panel>
    </div>
  );
}

function Figures({ data }: { data: StageDiffWire }) {
  const rows: [string, (stage: StageDiffWire['test']) => string, string][] = [
    ['Took', (stage) => (stage.seconds === null ? '–' : formatDuration(stage.seconds * 1000)), times(data.ratio.seconds)], ['Output tokens', (stage) => formatTokens(stage.output_tokens), times(data.ratio.output_tokens)],
    ['Cost', (stage) => formatCost(stage.cost_usd_micros), times(data.ratio.cost)], ['Answered by', (stage) => stage.models_served.join(', ') || '–', ''], ['Sources read', (stage) => String(stage.sources.length), ''],
  ];
  return (
    <div className="relative border border-rule bg-surface">
      <table className="w-full text-left">
        <caption className="sr-only">Test and Full in figures</caption>
        <thead><tr className="border-b [&>th]:px-4 [&>th]:py-2.5 [&>th]:font-medium max-sm:[&>th]:px-2">
          <th scope="col"><span className="sr-only">Figure</span></th>
          <th scope="col">Test{data.test_run_id === data.run_id ? null : <span className="block text-sm font-normal text-muted">of run <Link href={`/runs/${data.test_run_id}`} className="prose-link font-mono">{middleTruncate(data.test_run_id)}</Link></span>}</th>
          <th scope="col">Full</th><th scope="col" className="text-right">Full is</th>
        </tr></thead>
        <tbody className="divide-y divide-rule">
          {rows.map(([name, show, ratio]) => <tr key={name} className="align-top [&>*]:px-4 [&>*]:py-2 max-sm:[&>*]:px-2"><th scope="row" className="font-normal text-muted">{name}</th><td className="font-mono text-sm break-all">{show(data.test)}</td><td className="font-mono text-sm break-all">{show(data.full)}</td><td className="text-right font-mono text-sm whitespace-nowrap">{ratio}</td></tr>)}
        </tbody>
      </table>
    </div>
  );
}

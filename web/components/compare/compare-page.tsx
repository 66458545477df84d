'use client';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { parseAsString, useQueryState } from 'nuqs';
import type { RunComparisonWire } from '#contracts/api/compare.schema';
import { cn } from '../../lib/class-names';
import { formatCost, formatDuration, formatTokens, humanize, inputText, middleTruncate } from '../../lib/format';
import { compareQuery } from '../../lib/queries';
import { STAGE_WORDS } from '../../lib/status';
import { EmptyState } from '../feedback/empty-state';
import { ProblemPanel } from '../feedback/problem-panel';
import { ButtonLink } from '../ui/button';
import { DemoStamp, ModeStamp } from '../run/stamp';
import { StatusBadge } from '../run/status-badge';
import { Panel } from '../ui/panel';
import { RelativeTime } from '../ui/relative-time';
import { Loading, Skeleton } from '../ui/skeleton';
import { DiffView } from './diff-view';
import { StepRows } from './step-rows';

/** Two to four runs side by side: `/compare?ids=a,b`. */
export function ComparePage() {
  const [ids] = useQueryState('ids', parseAsString);
  const { data, error, refetch } = useQuery({ ...compareQuery(ids ?? ''), enabled: Boolean(ids) });
  if (!ids) return <><h1 className="page-title mb-5">Compare runs</h1><EmptyState title="Nothing to compare yet" action={<ButtonLink variant="primary" href="/runs">All runs</ButtonLink>}>Tick two to four runs in the list and press Compare; a run that was made again has a link as well.</EmptyState></>;
  if (error && !data) return <ProblemPanel error={error} onRetry={() => void refetch()}><ButtonLink href="/runs" variant="quiet">All runs</ButtonLink></ProblemPanel>;
  if (!data) return <Loading label="Comparing" className="grid gap-4"><Skeleton className="h-8 w-80 max-w-full" /><Skeleton className="h-96" /></Loading>;
  const parted = data.first_divergence;
  return (
    <div className="grid gap-6">
      <div>
        <p className="text-sm text-muted"><Link href="/runs" className="hover:text-ink">Runs</Link> <span aria-hidden className="text-faint">/</span> compare</p>
        <h1 className="page-title mt-1">{data.runs.length} runs side by side</h1>
        <p className="mt-1 max-w-prose text-md text-muted">{parted ? <>They part in <a href={`#${parted.stage}-${parted.step}`} className="prose-link">{data.steps.find((row) => row.stage === parted.stage && row.step === parted.step)?.title ?? parted.step}</a> ({STAGE_WORDS[parted.stage]}) of run <span className="font-mono text-sm">{middleTruncate(parted.run_id)}</span>: {parted.detail}</> : 'Every step made the same.'}</p>
      </div>
      <Facts data={data} />
      <Panel title="Steps" aside="against the first run" bodyClassName="p-0"><StepRows rows={data.steps} columns={data.runs.map((run) => middleTruncate(run.run_id))} /></Panel>
      {data.documents.map((document) => document.diffs.map((diff, index) => (diff ? (
        <Panel key={`${document.file_name}/${index}`} title={<span className="font-mono text-sm">{document.file_name}</span>} aside={`first run → ${middleTruncate(data.runs[index]?.run_id ?? '')}`}><DiffView diff={diff} label={`Difference of ${document.file_name}`} /></Panel>
      ) : null)))}
    </div>
  );
}

/** Facts that stand as stamps in the head of the table. */
const ABOVE: ReadonlySet<string> = new Set(['Mode', 'Status']);

/** What the runs are, and every fact and input in which they differ. */
function Facts({ data }: { data: RunComparisonWire }) {
  const differing = [...data.facts.map((fact) => ({ name: humanize(fact.name), values: fact.values as unknown[], same: fact.same })), ...data.inputs.map((input) => ({ name: humanize(input.field), values: input.values, same: input.same }))].filter((fact) => !fact.same && !ABOVE.has(fact.name));
  const figures: [string, (run: RunComparisonWire['runs'][number]) => string][] = [
    ['Took', (run) => (run.duration_seconds === null ? '–' : formatDuration(run.duration_seconds * 1000))], ['Tokens', (run) => formatTokens(run.input_tokens + run.output_tokens)], ['Cost', (run) => formatCost(run.cost_usd_micros)], ['Answers reused', (run) => String(run.reused)],
  ];
  return (
    <div tabIndex={0} role="group" aria-label="What the runs are" className="relative overflow-x-auto border border-rule bg-surface">
      <table className={cn('w-full text-left', data.runs.length > 2 && 'max-sm:min-w-[34rem]')}>
        <caption className="sr-only">The runs and what differs between them</caption>
        <thead><tr className="border-b align-top [&>th]:px-4 [&>th]:py-2.5 max-sm:[&>th]:px-2">
          <th scope="col" className="w-44 font-medium text-muted max-sm:w-20">Run</th>
          {data.runs.map((run) => <th key={run.run_id} scope="col" className="font-medium"><Link href={`/runs/${run.run_id}`} className="prose-link font-mono text-sm">{middleTruncate(run.run_id)}</Link><span className="mt-1 flex flex-wrap items-center gap-2 font-normal"><StatusBadge status={run.status} /><ModeStamp mode={run.run_mode} />{run.simulated ? <DemoStamp /> : null}</span><span className="mt-1 block text-sm font-normal text-muted">{run.workflow_title}, <RelativeTime iso={run.created_at} /></span></th>)}
        </tr></thead>
        <tbody className="divide-y divide-rule">
          {figures.map(([name, show]) => <tr key={name} className="[&>*]:px-4 [&>*]:py-2 max-sm:[&>*]:px-2"><th scope="row" className="font-normal text-muted">{name}</th>{data.runs.map((run) => <td key={run.run_id} className="font-mono text-sm">{show(run)}</td>)}</tr>)}
          {differing.map((fact) => <tr key={fact.name} className="align-top [&>*]:px-4 [&>*]:py-2 max-sm:[&>*]:px-2"><th scope="row" className="font-normal text-muted">{fact.name}</th>{fact.values.map((value, index) => <td key={index} className="break-words">{inputText(value)}</td>)}</tr>)}
          {differing.length === 0 ? <tr><td colSpan={data.runs.length + 1} className="px-4 py-2 text-muted">Same workflow, same version, same inputs, same model.</td></tr> : null}
        </tbody>
      </table>
    </div>
  );
}

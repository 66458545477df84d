'use client';
import { useQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import Link from 'next/link';
import { parseAsIsoDate, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { USAGE_GROUPS, type UsageGroup, type UsageWire } from '#contracts/api/usage.schema';
import { cn } from '../../lib/class-names';
import { formatCost, formatDay, humanize } from '../../lib/format';
import { useWorkflows, type WorkflowSummaryWire } from '../../lib/queries';
import { runsHref } from '../../lib/run-filters';
import { usageQuery } from '../../lib/usage-queries';
import { ProblemPanel } from '../feedback/problem-panel';
import { DemoStamp } from '../run/stamp';
import { Button } from '../ui/button';
import { DayInput } from '../ui/day-input';
import { Panel } from '../ui/panel';
import { Select } from '../ui/select';
import { Loading, Skeleton } from '../ui/skeleton';

const UsageChart = dynamic(async () => (await import('./usage-chart')).UsageChart, { ssr: false, loading: () => <Skeleton className="mb-4 h-52" /> });

const GROUP_WORDS: Record<UsageGroup, string> = { day: 'By day', workflow: 'By workflow', provider: 'By provider', model: 'By model', user: 'By person' };
const number = new Intl.NumberFormat('en-GB');
const dayOf = (date: Date | null): string | null => date?.toISOString().slice(0, 10) ?? null;
const WISH = { by: parseAsStringLiteral(USAGE_GROUPS).withDefault('day'), whose: parseAsStringLiteral(['mine', 'all']).withDefault('mine'), from: parseAsIsoDate, to: parseAsIsoDate, of: parseAsStringLiteral(['bought', 'demo']).withDefault('bought') };

/** The runs behind a row of one's own usage. */
function behind(usage: UsageWire, demo: boolean, key: string): string {
  const span = { from: usage.from, to: usage.to, demo: String(demo) };
  switch (usage.group_by) {
    case 'day': return runsHref({ ...span, from: key, to: key });
    case 'workflow': return runsHref({ workflow: key, ...span });
    case 'provider': return runsHref({ provider: key, ...span });
    case 'model': return runsHref({ provider: key.split('/')[0], model: key.split('/').slice(1).join('/'), ...span });
    default: return runsHref(span);
  }
}

/** Workflows under their titles, as everywhere else. */
function named(usage: UsageWire, workflows: readonly WorkflowSummaryWire[]): UsageWire {
  if (usage.group_by !== 'workflow') return usage;
  const titles = new Map(workflows.map((workflow) => [workflow.workflow_id, workflow.title]));
  return { ...usage, rows: usage.rows.map((row) => ({ ...row, label: titles.get(row.key) ?? row.label })) };
}

/** What was used in a span of days, as bars and as a table; everything chosen is in the address. */
export function UsageTable({ everybodyAllowed }: { everybodyAllowed: boolean }) {
  const [{ by, whose, from, to, of }, setUrl] = useQueryStates(WISH);
  const everybody = whose === 'all' && everybodyAllowed;
  const usage = useQuery(usageQuery(by === 'user' && !everybody ? 'day' : by, everybody, { from: dayOf(from), to: dayOf(to) }, of === 'demo'));
  const workflows = useWorkflows();
  const day = (label: string, value: Date | null, key: 'from' | 'to') => <label className="gap-2 sm:flex sm:items-center">{label}<DayInput className="w-full sm:w-40" value={dayOf(value) ?? usage.data?.[key] ?? ''} onChange={(event) => void setUrl({ [key]: event.target.value ? new Date(event.target.value) : null })} /></label>;
  return (
    <Panel title="What was used" aside={(
      <span className="grid grid-cols-2 gap-2 sm:flex sm:flex-wrap">
        {day('From', from, 'from')}{day('To', to, 'to')}
        {everybodyAllowed ? <Select className="w-full sm:w-36" aria-label="Whose" value={whose} onValueChange={(value) => void setUrl({ whose: value as 'mine' | 'all' })} options={[{ value: 'mine', label: 'Only mine' }, { value: 'all', label: 'Of everybody' }]} /> : null}
        <Select className="w-full sm:w-36" aria-label="Grouped" value={by} onValueChange={(value) => void setUrl({ by: value as UsageGroup })} options={USAGE_GROUPS.filter((key) => key !== 'user' || everybody).map((key) => ({ value: key, label: GROUP_WORDS[key] }))} />
      </span>
    )}>
      {usage.error && !usage.data ? <ProblemPanel error={usage.error} onRetry={() => void usage.refetch()} /> : null}
      {usage.isPending ? <Loading label="Loading usage"><Skeleton className="h-24" /></Loading> : null}
      {usage.data ? <><DemoShare everybody={everybody} usage={usage.data} shown={of === 'demo'} onShow={(demo) => void setUrl({ of: demo ? 'demo' : 'bought' })} /><Rows usage={named(usage.data, workflows.data ?? [])} demo={of === 'demo'} /></> : null}
    </Panel>
  );
}

/** Nothing was bought with the demo, so it stands apart: said in a line, and shown alone when asked. */
function DemoShare({ everybody, usage, shown, onShow }: { everybody: boolean; usage: UsageWire; shown: boolean; onShow: (demo: boolean) => void }) {
  const { data } = useQuery(usageQuery('provider', everybody, { from: usage.from, to: usage.to }, true));
  const calls = data?.total.calls ?? 0;
  if (calls === 0 && !shown) return null;
  return (
    <p className="mb-3 flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-muted">
      <DemoStamp />{shown ? 'The demo provider alone: tokens that nobody paid for.' : `${number.format(calls)} ${calls === 1 ? 'call' : 'calls'} of the demo provider are not in it: nobody paid for them.`}
      <Button size="sm" onClick={() => onShow(!shown)}>{shown ? 'Show what was bought' : 'Show the demo'}</Button>
    </p>
  );
}

function Rows({ usage, demo }: { usage: UsageWire; demo: boolean }) {
  if (usage.rows.length === 0) return <p className="text-muted">Nothing was bought from {formatDay(usage.from, 'UTC')} to {formatDay(usage.to, 'UTC')}.</p>;
  const cells = (row: UsageWire['total']) => [row.calls, row.input_tokens, row.output_tokens].map((value) => number.format(value));
  const runs = (row: UsageWire['total'], href: string) => (usage.everybody ? number.format(row.runs) : <Link href={href} className="prose-link">{number.format(row.runs)}<span className="sr-only"> runs, {row.label}</span></Link>);
  return (
    <>
      <UsageChart usage={usage} group={usage.group_by} />
      <div tabIndex={0} role="group" aria-label="Usage" className="overflow-x-auto">
        <table className="w-full text-right text-sm tabular-nums">
          <thead><tr className="border-b text-muted"><th scope="col" className="py-1.5 pr-4 text-left font-medium">{usage.group_by === 'user' ? 'Person' : humanize(usage.group_by)}</th>{['Runs', 'Cost', 'Calls', 'Input tokens', 'Output tokens'].map((head) => <th key={head} scope="col" className="px-3 py-1.5 max-sm:px-1.5 font-medium">{head}</th>)}</tr></thead>
          <tbody className="divide-y [&>tr]:h-(--row)">
            {usage.rows.map((row) => <tr key={row.key}><th scope="row" className={cn('pr-4 text-left font-normal', usage.group_by === 'day' && 'whitespace-nowrap')}>{usage.group_by === 'day' ? formatDay(row.key, 'UTC') : row.label}</th><td className="px-3 max-sm:px-1.5">{runs(row, behind(usage, demo, row.key))}</td><td className="px-3 max-sm:px-1.5">{formatCost(row.cost_usd_micros)}{row.unpriced_calls > 0 ? ' + unpriced' : ''}</td>{cells(row).map((cell, index) => <td key={index} className="px-3 max-sm:px-1.5">{cell}</td>)}</tr>)}
          </tbody>
          <tfoot><tr className="border-t font-medium"><th scope="row" className="py-1.5 pr-4 text-left">Total</th><td className="px-3 py-1.5 max-sm:px-1.5">{runs(usage.total, runsHref({ from: usage.from, to: usage.to, demo: String(demo) }))}</td><td className="px-3 py-1.5 max-sm:px-1.5">{formatCost(usage.total.cost_usd_micros)}</td>{cells(usage.total).map((cell, index) => <td key={index} className="px-3 py-1.5 max-sm:px-1.5">{cell}</td>)}</tr></tfoot>
        </table>
        {usage.total.possibly_billed_usd_micros > 0 ? <p className="mt-2 text-sm text-muted">Besides, tries whose outcome is unknown may have cost up to {formatCost(usage.total.possibly_billed_usd_micros)}.</p> : null}
      </div>
      {usage.everybody ? null : <p className="mt-2 text-sm text-muted">A number of runs leads to them. Runs are found by the day they were started, calls are counted on the day they were made; a run over midnight may stand on two days here.</p>}
    </>
  );
}

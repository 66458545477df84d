'use client';
import { useQuery } from '@tanstack/react-query';
import { parseAsArrayOf, parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { RUN_MODES, RUN_STATUSES, MODE_WORDS } from '#contracts/runs';
import { PROVIDER_IDS } from '#contracts/providers';
import { PROVIDER_DATA } from '#contracts/provider-data';
import { formatCount } from '../../lib/format';
import { runsQuery, useWorkflows } from '../../lib/queries';
import { STATUS_LOOK } from '../../lib/status';
import { EmptyState } from '../feedback/empty-state';
import { ProblemPanel } from '../feedback/problem-panel';
import { Button, ButtonLink } from '../ui/button';
import { Loading, Skeleton } from '../ui/skeleton';
import { FilterSelect, SearchField } from './filters';
import { RunList } from './run-list';

const PAGE = 25;

const FILTERS = {
  status: parseAsStringLiteral(RUN_STATUSES), workflow: parseAsString, mode: parseAsStringLiteral(RUN_MODES), provider: parseAsStringLiteral(PROVIDER_IDS),
  q: parseAsString.withDefault(''), page: parseAsInteger.withDefault(1), compare: parseAsArrayOf(parseAsString).withDefault([]),
};

/** Every run, newest first. All filters live in the address, so a filtered list can be kept and shared. */
export function History() {
  const [filters, setFilters] = useQueryStates(FILTERS, { history: 'push' });
  const workflows = useWorkflows();
  const page = Math.max(1, filters.page);
  const runs = useQuery(runsQuery({ status: filters.status, workflow_id: filters.workflow, run_mode: filters.mode, provider: filters.provider, search: filters.q || null, limit: PAGE, skip: (page - 1) * PAGE }));
  const filtered = Boolean(filters.status ?? filters.workflow ?? filters.mode ?? filters.provider) || filters.q !== '';
  const set = (change: Partial<Record<'status' | 'workflow' | 'mode' | 'provider', string | null>>): void => void setFilters({ ...change, page: null } as never);
  const clear = (): void => void setFilters({ status: null, workflow: null, mode: null, provider: null, q: null, page: null });
  const total = runs.data?.total ?? 0;
  const pages = Math.max(1, Math.ceil(total / PAGE));

  return (
    <div>
      <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1"><h1 className="page-title">Runs</h1><p role="status" className="text-muted">{runs.data ? `${formatCount(total, 'run')}${filtered ? ' match' + (total === 1 ? 'es' : '') : ''}` : ''}</p></div>
      <div role="search" aria-label="Filter runs" className="mt-5 grid grid-cols-2 gap-3 lg:flex lg:[&>*]:w-44 lg:[&>:first-child]:flex-1">
        <SearchField value={filters.q} onChange={(q) => void setFilters({ q: q || null, page: null }, { history: 'replace' })} />
        <FilterSelect label="Status" value={filters.status} onChange={(status) => set({ status })} options={RUN_STATUSES.map((value) => ({ value, label: STATUS_LOOK[value].word }))} />
        <FilterSelect label="Workflow" value={filters.workflow} onChange={(workflow) => set({ workflow })} options={(workflows.data ?? []).map((workflow) => ({ value: workflow.workflow_id, label: workflow.title }))} />
        <FilterSelect label="Mode" value={filters.mode} onChange={(mode) => set({ mode })} options={RUN_MODES.map((value) => ({ value, label: MODE_WORDS[value].label }))} />
        <FilterSelect label="Provider" value={filters.provider} onChange={(provider) => set({ provider })} options={PROVIDER_IDS.map((value) => ({ value, label: PROVIDER_DATA[value].displayName }))} />
        {filtered ? <Button variant="quiet" className="lg:w-auto" onClick={clear}>Clear</Button> : null}
      </div>
      <div className="mt-5">
        {runs.isPending ? <Loading label="Loading runs" className="grid gap-px"><Skeleton className="h-14" /><Skeleton className="h-14" /><Skeleton className="h-14" /><Skeleton className="h-14" /></Loading> : null}
        {runs.error && !runs.data ? <ProblemPanel error={runs.error} onRetry={() => void runs.refetch()} /> : null}
        {runs.data && runs.data.runs.length > 0 ? <RunList runs={runs.data.runs} chosen={filters.compare} onChoose={(compare) => void setFilters({ compare: compare.length > 0 ? compare : null }, { history: 'replace' })} /> : null}
        {runs.data && runs.data.runs.length === 0 ? (
          filtered
            ? <EmptyState title="No run matches" action={<Button onClick={clear}>Clear the filters</Button>}>The count above is over all your runs, not over a page.</EmptyState>
            : <EmptyState title="No runs yet" action={<ButtonLink variant="primary" href="/">Pick a workflow</ButtonLink>}>Each run you start is kept here with its inputs, its story and its files.</EmptyState>
        ) : null}
      </div>
      {pages > 1 ? (
        <nav aria-label="Pages" className="mt-5 flex items-center justify-between gap-4">
          <Button disabled={page <= 1} onClick={() => void setFilters({ page: page - 1 <= 1 ? null : page - 1 })}>Newer</Button>
          <span className="font-mono text-sm text-muted">page {page} of {pages}</span>
          <Button disabled={page >= pages} onClick={() => void setFilters({ page: page + 1 })}>Older</Button>
        </nav>
      ) : null}
      {filters.compare.length > 0 ? (
        <div className="sticky bottom-0 z-20 -mx-4 mt-5 flex flex-wrap items-center justify-end gap-x-3 gap-y-2 border-t bg-canvas px-4 py-3 sm:-mx-6 sm:px-6">
          <p role="status" className="mr-auto text-muted">{filters.compare.length === 1 ? 'One run chosen; choose another, up to four' : `${filters.compare.length} runs chosen`}</p>
          <Button variant="quiet" onClick={() => void setFilters({ compare: null }, { history: 'replace' })}>Choose none</Button>
          {filters.compare.length > 1 ? <ButtonLink variant="primary" href={`/compare?ids=${filters.compare.join(',')}`}>Compare</ButtonLink> : null}
        </div>
      ) : null}
    </div>
  );
}

'use client';
import { useQuery } from '@tanstack/react-query';
import { useQueryStates } from 'nuqs';
import { useState } from 'react';
import { PROVIDER_DATA } from '#contracts/provider-data';
import { PROVIDER_IDS, type ProviderId } from '#contracts/providers';
import { MODE_WORDS, RUN_MODES, RUN_STATUSES, type RunMode, type RunStatus } from '#contracts/runs';
import { cn } from '../../lib/class-names';
import { formatCount } from '../../lib/format';
import { usePreferences } from '../../lib/preferences';
import { runsQuery, useWorkflows } from '../../lib/queries';
import { isNarrowed, LIST_STATE, newerThan, NO_FILTERS, toQuery, type RunFilterState } from '../../lib/run-filters';
import { STATUS_LOOK } from '../../lib/status';
import { Examples } from '../catalog/examples';
import { EmptyState } from '../feedback/empty-state';
import { ProblemPanel } from '../feedback/problem-panel';
import { Button, ButtonLink } from '../ui/button';
import { Loading, Skeleton } from '../ui/skeleton';
import { Splitter, usePane } from '../ui/splitter';
import { ChosenBar } from './chosen-bar';
import { ColumnsMenu } from './columns-menu';
import { ExportButton } from './export-button';
import { FilterSelect, SearchField } from './filters';
import { MoreFilters } from './more-filters';
import { PeekPanel } from './peek-panel';
import { RunList } from './run-list';
import { ViewsMenu } from './views-menu';

const PAGE = 25;

/** Every run, newest first. All filters live in the address, so a filtered list can be kept and shared. */
export function History() {
  const [{ page: wanted, compare, peek, ...filters }, setUrl] = useQueryStates(LIST_STATE, { history: 'push' });
  const workflows = useWorkflows();
  const page = Math.max(1, wanted);
  const query = toQuery(filters);
  const runs = useQuery(runsQuery({ ...query, limit: PAGE, skip: (page - 1) * PAGE }));
  const filtered = isNarrowed(filters);
  const set = (change: Partial<RunFilterState>): void => void setUrl({ ...change, page: null });
  const clear = (): void => void setUrl({ ...NO_FILTERS, page: null });
  const choose = (ids: string[]): void => void setUrl({ compare: ids.length > 0 ? ids : null }, { history: 'replace' });
  const peekWidth = usePane('peek');
  const { examples } = usePreferences();
  const total = runs.data?.total ?? 0;
  const pages = Math.max(1, Math.ceil(total / PAGE));
  // Runs that begin while somebody reads wait behind a button: rows never jump away from under a pointer.
  const [seen, setSeen] = useState<{ key: string; since: string | null } | null>(null);
  const key = `${JSON.stringify(query)}/${page}`;
  if (runs.data && !runs.isPlaceholderData && seen?.key !== key) setSeen({ key, since: runs.data.runs[0]?.created_at ?? null });
  const since = page === 1 && seen?.key === key ? seen.since : null;
  const fresh = newerThan(runs.data?.runs ?? [], since);
  const shown = (runs.data?.runs ?? []).slice(fresh);

  return (
    <div>
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-1"><h1 className="page-title">Runs</h1><span className="flex items-center gap-1"><span role="status" className="mr-3 text-muted">{runs.data ? `${formatCount(total, 'run')}${filtered ? ' match' + (total === 1 ? 'es' : '') : ''}` : ''}</span><ColumnsMenu /><ViewsMenu narrowed={filtered} /><ExportButton filters={query} total={total} /></span></div>
      <div role="search" aria-label="Filter runs" className="mt-5">
        <div className="grid grid-cols-2 gap-3 lg:flex lg:[&>*]:w-44 lg:[&>:first-child]:flex-1">
          <SearchField value={filters.q} onChange={(q) => void setUrl({ q: q || null, page: null }, { history: 'replace' })} />
          <FilterSelect label="Status" value={filters.status} onChange={(status) => set({ status: status as RunStatus | null })} options={RUN_STATUSES.map((value) => ({ value, label: STATUS_LOOK[value].word }))} />
          <FilterSelect label="Workflow" value={filters.workflow} onChange={(workflow) => set({ workflow })} options={(workflows.data ?? []).map((workflow) => ({ value: workflow.workflow_id, label: workflow.title }))} />
          <FilterSelect label="Mode" value={filters.mode} onChange={(mode) => set({ mode: mode as RunMode | null })} options={RUN_MODES.map((value) => ({ value, label: MODE_WORDS[value].label }))} />
          <FilterSelect label="Provider" value={filters.provider} onChange={(provider) => set({ provider: provider as ProviderId | null })} options={PROVIDER_IDS.map((value) => ({ value, label: PROVIDER_DATA[value].displayName }))} />
          {filtered ? <Button variant="quiet" className="lg:w-auto" onClick={clear}>Clear</Button> : null}
        </div>
        <MoreFilters filters={filters} onChange={set} />
      </div>
      <div style={peekWidth} className={cn('mt-5', peek && 'lg:grid lg:grid-cols-[minmax(0,1fr)_1.5rem_min(var(--peek),60%)]')}>
        <div className="min-w-0">
          {fresh > 0 ? <div role="status" className="mb-3 text-center"><Button size="sm" onClick={() => setSeen(null)}>Show {formatCount(fresh, 'new run')}</Button></div> : null}
          {runs.isPending ? <Loading label="Loading runs" className="grid gap-px"><Skeleton className="h-14" /><Skeleton className="h-14" /><Skeleton className="h-14" /><Skeleton className="h-14" /></Loading> : null}
          {runs.error && !runs.data ? <ProblemPanel error={runs.error} onRetry={() => void runs.refetch()} /> : null}
          {shown.length > 0 ? <RunList runs={shown} chosen={compare} onChoose={choose} peek={peek} onPeek={(id) => void setUrl({ peek: id }, { history: 'replace' })} /> : null}
          {runs.data && runs.data.runs.length === 0 ? (
            filtered
              ? <EmptyState title="No run matches" action={<Button onClick={clear}>Clear the filters</Button>}>The count above is over all your runs, not over a page.</EmptyState>
              : <EmptyState title="No runs yet" action={<><ButtonLink variant="primary" href="/workflows">Pick a workflow</ButtonLink><Examples /></>}>Each run you start is kept here with its inputs, its story and its files.</EmptyState>
          ) : null}
        </div>
        {peek ? <Splitter name="peek" side="right" label="Width of the peek" controls="peek" className="max-lg:hidden" /> : null}
        {peek ? <PeekPanel key={peek} id={peek} onClose={() => void setUrl({ peek: null }, { history: 'replace' })} /> : null}
      </div>
      {examples.length > 0 && !filtered ? <div className="mt-3 flex justify-end"><Examples size="sm" /></div> : null}
      {pages > 1 ? (
        <nav aria-label="Pages" className="mt-5 flex items-center justify-between gap-4">
          <Button disabled={page <= 1} onClick={() => void setUrl({ page: page - 1 <= 1 ? null : page - 1 })}>Newer</Button>
          <span className="font-mono text-sm text-muted">page {page} of {pages}</span>
          <Button disabled={page >= pages} onClick={() => void setUrl({ page: page + 1 })}>Older</Button>
        </nav>
      ) : null}
      {compare.length > 0 ? <ChosenBar chosen={compare} runs={shown} onChoose={choose} /> : null}
    </div>
  );
}

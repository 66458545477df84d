'use client';
import { Search } from 'lucide-react';
import { parseAsBoolean, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { cn } from '../../lib/class-names';
import { filterWorkflows, SORTS, sortWorkflows } from '../../lib/catalog-filter';
import { formatCount, humanize } from '../../lib/format';
import { PERSONA_KEYS, PERSONA_WORDS } from '../../lib/personas';
import { usePreferences } from '../../lib/preferences';
import { useSession, useWorkflows } from '../../lib/queries';
import { EmptyState } from '../feedback/empty-state';
import { ProblemPanel } from '../feedback/problem-panel';
import { FilterSelect } from '../history/filters';
import { Button, ButtonLink } from '../ui/button';
import { Checkbox } from '../ui/checkbox';
import { Input } from '../ui/input';
import { Select } from '../ui/select';
import { Loading, Skeleton } from '../ui/skeleton';
import { Tab, TabPanel, Tabs, TabsList } from '../ui/tabs';
import { WorkflowCard } from './workflow-card';

const EVERYONE = 'all';
const DIFFICULTIES = ['beginner', 'intermediate', 'advanced'] as const;
const SORT_WORDS = { catalog: 'Order: catalog', title: 'Order: title', time: 'Order: shortest first' } as const;
const FILTERS = {
  persona: parseAsStringLiteral(PERSONA_KEYS), q: parseAsString.withDefault(''), difficulty: parseAsStringLiteral(DIFFICULTIES), tool: parseAsString,
  nofile: parseAsBoolean.withDefault(false), fav: parseAsBoolean.withDefault(false), sort: parseAsStringLiteral(SORTS).withDefault('catalog'),
};

/** Everything that can be done, by who you are. All filters live in the address. */
export function Catalog() {
  const [filters, setUrl] = useQueryStates(FILTERS);
  const { favourites } = usePreferences();
  const { data: session } = useSession();
  const workflows = useWorkflows();
  const all = workflows.data ?? [];
  const shown = sortWorkflows(filterWorkflows(all, filters, favourites), filters.sort, favourites);
  const narrowed = filters.q !== '' || filters.difficulty !== null || filters.tool !== null || filters.nofile || filters.fav;
  const clear = (): void => void setUrl({ q: null, difficulty: null, tool: null, nofile: null, fav: null, persona: null });
  const tools = [...new Set(all.flatMap((workflow) => workflow.tools))].toSorted();
  const tabs = [{ key: EVERYONE, label: 'Everyone' }, ...PERSONA_KEYS.map((key) => ({ key, label: PERSONA_WORDS[key].label }))];
  return (
    <div>
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2"><h1 className="page-title">Catalog</h1>{session?.permissions.includes('workflow:write') ? <ButtonLink href="/my-workflows" className="max-sm:h-11">Write your own</ButtonLink> : null}</div>
      <p className="mt-1 max-w-prose text-md text-muted">Pick a playbook, check it, try it small, then run it fully. Every run is logged step by step, and what it made stays yours.</p>
      <div role="search" aria-label="Narrow the catalog" className="mt-5 grid grid-cols-2 gap-3 lg:flex lg:items-center lg:[&>[data-slot=select]]:w-44">
        <label className="relative max-lg:col-span-2 lg:flex-1"><span className="sr-only">Search workflows</span><Search aria-hidden className="absolute top-1/2 left-3 size-4 -translate-y-1/2 text-muted" /><Input type="search" placeholder="Search title, outcome, tags" className="pl-9" value={filters.q} onChange={(event) => void setUrl({ q: event.target.value || null })} /></label>
        <FilterSelect label="Difficulty" value={filters.difficulty} onChange={(difficulty) => void setUrl({ difficulty: difficulty as (typeof DIFFICULTIES)[number] | null })} options={DIFFICULTIES.map((value) => ({ value, label: humanize(value) }))} />
        <FilterSelect label="Tool" value={filters.tool} onChange={(tool) => void setUrl({ tool })} options={tools.map((value) => ({ value, label: humanize(value) }))} />
        <Select aria-label="Order" value={filters.sort} onValueChange={(sort) => void setUrl({ sort: sort as (typeof SORTS)[number] })} options={SORTS.map((value) => ({ value, label: SORT_WORDS[value] }))} />
        <label className="flex min-h-9 items-center gap-2"><Checkbox checked={filters.nofile} onCheckedChange={(nofile) => void setUrl({ nofile: nofile || null })} />Needs no file</label>
        <label className="flex min-h-9 items-center gap-2"><Checkbox checked={filters.fav} onCheckedChange={(fav) => void setUrl({ fav: fav || null })} />Favourites</label>
      </div>
      <Tabs value={filters.persona ?? EVERYONE} onValueChange={(key) => void setUrl({ persona: key === EVERYONE ? null : (key as (typeof PERSONA_KEYS)[number]) })} className="mt-4">
        <TabsList aria-label="Who you are">
          {tabs.map(({ key, label }) => <Tab key={key} value={key}>{label}<span className="font-mono text-xs text-faint">{filterWorkflows(all, { ...filters, persona: key === EVERYONE ? null : key }, favourites).length}</span></Tab>)}
        </TabsList>
        {tabs.map(({ key }) => (
          <TabPanel key={key} value={key} className="pt-5">
            <p className="mb-4 text-muted"><span role="status">{workflows.data ? formatCount(shown.length, 'workflow') : ''}</span>{filters.persona ? `. ${PERSONA_WORDS[filters.persona].sentence}` : ''}{narrowed ? <> <button type="button" className="prose-link" onClick={clear}>Clear the filters</button></> : null}</p>
            {workflows.isPending ? <Loading label="Loading the catalog" className="grid gap-4 md:grid-cols-2"><Skeleton className="h-64" /><Skeleton className="h-64" /></Loading> : null}
            {workflows.error && !workflows.data ? <ProblemPanel error={workflows.error} onRetry={() => void workflows.refetch()} /> : null}
            {shown.length > 0 ? <ul className={cn('grid gap-4', shown.length > 1 && 'md:grid-cols-2 2xl:grid-cols-3')}>{shown.map((workflow) => <WorkflowCard key={workflow.id} workflow={workflow} number={all.indexOf(workflow) + 1} fullAllowed={session?.permissions.includes('workflow:run:full') ?? true} />)}</ul> : null}
            {workflows.data && shown.length === 0 ? (
              <EmptyState title={filters.fav && favourites.length === 0 ? 'No favourites yet' : filters.q ? `Nothing matches “${filters.q}”` : narrowed ? 'Nothing fits these filters' : 'No workflow for this role yet'} action={<Button onClick={clear}>Show all {all.length}</Button>}>
                {filters.fav && favourites.length === 0 ? 'Press the star of a workflow to find it here and at the head of the list.' : filters.q ? 'Search looks at title, outcome, description and tags.' : narrowed ? 'Take one of them away, or clear them all.' : 'Workflows for this role appear here as they are added to the catalog. The others are open to you as well.'}
              </EmptyState>
            ) : null}
          </TabPanel>
        ))}
      </Tabs>
    </div>
  );
}

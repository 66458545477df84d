'use client';
import { useQuery } from '@tanstack/react-query';
import { Search } from 'lucide-react';
import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { cn } from '../../lib/class-names';
import { filterWorkflows } from '../../lib/catalog-filter';
import { PERSONA_KEYS, PERSONA_WORDS } from '../../lib/personas';
import { runsQuery, useWorkflows } from '../../lib/queries';
import { EmptyState } from '../feedback/empty-state';
import { ProblemPanel } from '../feedback/problem-panel';
import { Button } from '../ui/button';
import { Input } from '../ui/input';
import { Loading, Skeleton } from '../ui/skeleton';
import { Tab, TabPanel, Tabs, TabsList } from '../ui/tabs';
import { FirstRun } from './first-run';
import { RecentRuns } from './recent-runs';
import { WorkflowCard } from './workflow-card';

const EVERYONE = 'all';

/** Home: what can be done, by who you are; and where you left. */
export function Catalog() {
  const [{ persona, q }, setUrl] = useQueryStates({ persona: parseAsStringLiteral(PERSONA_KEYS), q: parseAsString.withDefault('') });
  const workflows = useWorkflows();
  const recent = useQuery(runsQuery({ limit: 4 }));
  const all = workflows.data ?? [];
  const shown = filterWorkflows(all, persona, q);
  const tabs = [{ key: EVERYONE, label: 'Everyone' }, ...PERSONA_KEYS.map((key) => ({ key, label: PERSONA_WORDS[key].label }))];
  return (
    <div className="grid gap-8">
      <div>
        <h1 className="page-title">What would you like to make?</h1>
        <p className="mt-1 max-w-prose text-md text-muted">Pick a playbook, check it, try it small, then run it fully. Every run is logged step by step, and what it made stays yours.</p>
      </div>
      {recent.data?.runs.length === 0 && all[0] ? <FirstRun workflow={all[0]} /> : null}
      {recent.data && recent.data.runs.length > 0 ? <RecentRuns runs={recent.data.runs} /> : null}
      <section aria-labelledby="catalog">
        <div className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
          <h2 id="catalog" className="font-semibold">Workflows</h2>
          <label className="relative w-full sm:w-72"><span className="sr-only">Search workflows</span><Search aria-hidden className="absolute top-1/2 left-3 size-4 -translate-y-1/2 text-muted" /><Input type="search" placeholder="Search" className="pl-9" value={q} onChange={(event) => void setUrl({ q: event.target.value || null })} /></label>
        </div>
        <Tabs value={persona ?? EVERYONE} onValueChange={(key) => void setUrl({ persona: key === EVERYONE ? null : (key as (typeof PERSONA_KEYS)[number]) })} className="mt-3">
          <TabsList aria-label="Who you are">
            {tabs.map(({ key, label }) => <Tab key={key} value={key}>{label}<span className="font-mono text-xs text-faint">{key === EVERYONE ? all.length : all.filter((workflow) => workflow.personas.includes(key)).length}</span></Tab>)}
          </TabsList>
          {tabs.map(({ key }) => (
            <TabPanel key={key} value={key} className="pt-5">
              {persona ? <p className="mb-4 text-muted">{PERSONA_WORDS[persona].sentence}</p> : null}
              {workflows.isPending ? <Loading label="Loading the catalog" className="grid gap-4 md:grid-cols-2"><Skeleton className="h-44" /><Skeleton className="h-44" /></Loading> : null}
              {workflows.error && !workflows.data ? <ProblemPanel error={workflows.error} onRetry={() => void workflows.refetch()} /> : null}
              {shown.length > 0 ? <ul className={cn('grid gap-4', shown.length > 1 && 'md:grid-cols-2 2xl:grid-cols-3')}>{shown.map((workflow) => <WorkflowCard key={workflow.id} workflow={workflow} number={all.indexOf(workflow) + 1} />)}</ul> : null}
              {workflows.data && shown.length === 0 ? (
                <EmptyState title={q ? `Nothing matches “${q}”` : 'No workflow for this role yet'} action={<Button onClick={() => void setUrl({ q: null, persona: null })}>Show all {all.length}</Button>}>
                  {q ? 'Search looks at title, outcome, description and tags.' : 'Workflows for this role appear here as they are added to the catalog. The others are open to you as well.'}
                </EmptyState>
              ) : null}
            </TabPanel>
          ))}
        </Tabs>
      </section>
    </div>
  );
}

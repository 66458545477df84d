'use client';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { tryNext } from '../../lib/catalog-filter';
import { formatCount } from '../../lib/format';
import { PERSONA_KEYS, PERSONA_WORDS } from '../../lib/personas';
import { changePreferences, usePreferences } from '../../lib/preferences';
import { runsQuery, useSession, useWorkflows } from '../../lib/queries';
import { Examples } from '../catalog/examples';
import { FirstRun } from '../catalog/first-run';
import { ProblemPanel } from '../feedback/problem-panel';
import { Button, ButtonLink } from '../ui/button';
import { Loading, Skeleton } from '../ui/skeleton';
import { Drafts } from './drafts';
import { HomeSection } from './section';
import { RecentFiles } from './recent-files';
import { RunRows } from './run-rows';
import { SpendPanel } from './spend-panel';
import { Waiting } from './waiting';

const SHOWN = 4;
/** Enough to name the runs of the newest files as well. */
const ENDED = { live: 'false', limit: 12 } as const;

/** Where you left off, what waits for you, and what to try next. */
export function Home() {
  const { persona, examples } = usePreferences();
  const { data: session } = useSession();
  const workflows = useWorkflows();
  const live = useQuery(runsQuery({ live: 'true', limit: SHOWN }));
  const ended = useQuery(runsQuery(ENDED));
  const all = workflows.data ?? [];
  const first = all.find(({ is_active: active }) => active);
  const known = live.data !== undefined && ended.data !== undefined;
  const fresh = live.data?.total === 0 && ended.data?.total === 0;
  return (
    <div className="grid gap-8">
      <div>
        <h1 className="page-title">What would you like to make?</h1>
        {fresh || !known ? <p className="mt-1 min-h-6 text-md text-muted">{fresh ? 'Nothing is made yet. A first result takes one press and needs no key.' : null}</p> : (
          <div role="group" aria-label="I am a" className="mt-3 flex flex-wrap items-center gap-2">
            <span className="text-muted">I am a</span>
            {PERSONA_KEYS.map((key) => <Button key={key} size="sm" aria-pressed={persona === key} className={persona === key ? 'border-accent text-accent' : undefined} onClick={() => changePreferences({ persona: persona === key ? null : key })}>{PERSONA_WORDS[key].label}</Button>)}
            <ButtonLink size="sm" variant="quiet" href={persona ? `/workflows?persona=${persona}` : '/workflows'}>Whole catalog</ButtonLink>
            {session?.permissions.includes('workflow:write') ? <ButtonLink size="sm" variant="quiet" href="/my-workflows">Write your own</ButtonLink> : null}
          </div>
        )}
      </div>
      {fresh && first ? <FirstRun workflow={first} workflows={all} /> : null}
      <div className="grid items-start gap-8 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="grid gap-8">
          <Waiting />
          <Drafts />
          {live.data && live.data.runs.length > 0 ? <HomeSection id="running" title="Under way" all={{ href: '/runs?live=true', label: formatCount(live.data.total, 'run') }}><RunRows runs={live.data.runs} /></HomeSection> : null}
          {ended.isPending ? <Loading label="Loading your runs" className="grid gap-px"><Skeleton className="h-12" /><Skeleton className="h-12" /></Loading> : null}
          {ended.error && !ended.data ? <ProblemPanel error={ended.error} onRetry={() => void ended.refetch()} /> : null}
          {ended.data && ended.data.runs.length > 0 ? <HomeSection id="recent-runs" title="Your last runs" all={{ href: '/runs', label: `All ${formatCount(ended.data.total, 'run')}` }}><RunRows runs={ended.data.runs.slice(0, SHOWN)} /></HomeSection> : null}
          {examples.length > 0 && !fresh ? <div className="-mt-6 flex justify-end"><Examples size="sm" /></div> : null}
          {fresh ? null : <HomeSection id="try-next" title={persona ? `Next for you as ${PERSONA_WORDS[persona as keyof typeof PERSONA_WORDS]?.label.toLowerCase() ?? persona}` : 'Try this next'}>
            {workflows.isPending ? <Loading label="Loading workflows" className="grid gap-3 sm:grid-cols-3"><Skeleton className="h-28" /><Skeleton className="h-28" /><Skeleton className="h-28" /></Loading> : null}
            <ul className="grid gap-3 sm:grid-cols-3">
              {tryNext(all, persona, 3).map((workflow) => (
                <li key={workflow.id} className="relative border border-rule bg-surface p-4 hover:border-accent">
                  <Link href={`/workflows/${workflow.workflow_id}`} className="font-serif text-md font-semibold after:absolute after:inset-0">{workflow.title}</Link>
                  <span className="mt-1 block text-sm text-muted">{workflow.outcome}</span>
                </li>
              ))}
            </ul>
          </HomeSection>}
        </div>
        <div className="grid gap-6"><SpendPanel /><RecentFiles titles={new Map(ended.data?.runs.map((run) => [run.id, run.workflow_title]))} /></div>
      </div>
    </div>
  );
}

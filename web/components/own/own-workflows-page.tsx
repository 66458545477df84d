'use client';
import { useQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { parseAsString, useQueryState } from 'nuqs';
import { cn } from '../../lib/class-names';
import { definitionQuery } from '../../lib/own-workflows';
import { useWorkflows } from '../../lib/queries';
import { ProblemPanel } from '../feedback/problem-panel';
import { Button, ButtonLink } from '../ui/button';
import { Panel } from '../ui/panel';
import { RelativeTime } from '../ui/relative-time';
import { Loading, Skeleton } from '../ui/skeleton';
import { NewWorkflow } from './new-workflow';
import { useVersionPair } from './version-diff';
import { VersionsPanel } from './versions-panel';

// The form engine, the schemas and the text format come with the first workflow that is opened.
const Builder = dynamic(() => import('./builder/builder').then((module) => module.Builder), { loading: () => <Loading label="Loading the builder"><Skeleton className="h-96" /></Loading> });
const TextView = dynamic(() => import('./builder/text-view').then((module) => module.TextView));

/** Workflows that people write: the list on the left, the builder of one on the right, its versions below. */
export function OwnWorkflowsPage() {
  const { data: all, error, isPending, refetch } = useWorkflows();
  const [chosen, setChosen] = useQueryState('workflow', parseAsString.withOptions({ history: 'push' }));
  const own = (all ?? []).filter(({ kind }) => kind === 'own');
  const [, setPair] = useVersionPair();
  const open = (slug: string): void => { void setChosen(slug); void setPair({ from: null, to: null }); };
  return (
    <div>
      <h1 className="page-title">My workflows</h1>
      <p className="mt-1 max-w-prose text-md text-muted">A playbook as steps. It is checked as you write, your draft is kept, every version you save stays as it is, and it runs like the workflows of the catalog. What is live is seen by everybody.</p>
      <div className={cn('mt-6 grid items-start gap-6', chosen && 'xl:grid-cols-[15rem_minmax(0,1fr)]')}>
        <Panel title="Written workflows" aside={<NewWorkflow templates={own.filter(({ channels }) => channels?.live)} onMade={open} />} bodyClassName={chosen ? 'max-xl:max-h-60 max-xl:overflow-y-auto' : undefined}>
          {isPending ? <Loading label="Loading the workflows"><Skeleton className="h-24" /></Loading> : null}
          {error && !all ? <ProblemPanel error={error} onRetry={() => void refetch()} /> : null}
          {all && own.length === 0 ? <p className="text-muted">Nothing is written yet. “New workflow” begins with an empty page, a starter, an export or a SKILL.md.</p> : null}
          <ul className="grid gap-1">
            {own.map((workflow) => (
              <li key={workflow.workflow_id} data-workflow={workflow.workflow_id} className={cn('grid gap-2 border-b py-2.5 last:border-b-0', !chosen && 'sm:grid-cols-[minmax(0,1fr)_auto] sm:items-center')}>
                <div className="min-w-0">
                  <button type="button" aria-pressed={chosen === workflow.workflow_id} onClick={() => open(workflow.workflow_id)} className={cn('prose-link min-h-6 text-left font-medium', chosen === workflow.workflow_id && 'text-accent')}>{workflow.title}</button>
                  <p className="text-sm text-muted">changed <RelativeTime iso={workflow.updated_at} /> · draft {workflow.channels?.draft} · test {workflow.channels?.test ?? '—'} · live {workflow.channels?.live ?? '—'}</p>
                </div>
                <span className="flex gap-2">
                  <Button size="sm" className="max-sm:h-11" onClick={() => open(workflow.workflow_id)}>Edit<span className="sr-only"> {workflow.title}</span></Button>
                  <ButtonLink size="sm" className="max-sm:h-11" href={`/workflows/${workflow.workflow_id}`}>Run<span className="sr-only"> {workflow.title}</span></ButtonLink>
                </span>
              </li>
            ))}
          </ul>
        </Panel>
        {chosen ? <div className="grid min-w-0 gap-6"><Chosen key={chosen} slug={chosen} onGone={() => void setChosen(null)} /></div> : null}
      </div>
    </div>
  );
}

function Chosen({ slug, onGone }: { slug: string; onGone: () => void }) {
  const { data, error, refetch } = useQuery(definitionQuery(slug));
  if (error) return <ProblemPanel error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading label="Loading the definition"><Skeleton className="h-64" /></Loading>;
  return (
    <>
      {data.wire.is_mine ? <Builder slug={slug} /> : <Panel title={data.wire.name} aside="of somebody else: begin a new one with it to change it"><TextView document={data.wire.definition} problems={[]} readOnly onEdit={() => {}} /></Panel>}
      <VersionsPanel wire={data.wire} onGone={onGone} />
    </>
  );
}

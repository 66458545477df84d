'use client';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useState } from 'react';
import { definitionQuery, SKELETON } from '../../lib/own-workflows';
import { useWorkflows } from '../../lib/queries';
import { ProblemPanel } from '../feedback/problem-panel';
import { Button } from '../ui/button';
import { Panel } from '../ui/panel';
import { Loading, Skeleton } from '../ui/skeleton';
import { DefinitionEditor } from './definition-editor';
import { VersionsPanel } from './versions-panel';

/** Workflows that people write: which there are, the text of one with its problems, its versions and channels. */
export function OwnWorkflowsPage() {
  const { data: all, error, isPending, refetch } = useWorkflows();
  const [chosen, setChosen] = useState<string | null>(null);
  const own = (all ?? []).filter(({ kind }) => kind === 'own');
  return (
    <div>
      <h1 className="page-title">My workflows</h1>
      <p className="mt-1 max-w-prose text-md text-muted">A playbook as steps. It is checked whole before anything is saved, every save is a version, and it runs like the workflows of the catalog. What is live is seen by everybody.</p>
      <div className="mt-6 grid gap-6">
        <Panel title="Written workflows" aside={<Button size="sm" onClick={() => setChosen('')}>Write a new one</Button>}>
          {isPending ? <Loading label="Loading the workflows"><Skeleton className="h-24" /></Loading> : null}
          {error && !all ? <ProblemPanel error={error} onRetry={() => void refetch()} /> : null}
          <ul className="grid gap-1">
            {own.map((workflow) => (
              <li key={workflow.workflow_id} className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b py-2 last:border-b-0">
                <span className="min-w-0 flex-1"><span className="font-medium">{workflow.title}</span> <span className="font-mono text-sm text-muted">{workflow.workflow_id}</span></span>
                <span className="text-sm text-muted">draft {workflow.channels?.draft} · test {workflow.channels?.test ?? '—'} · live {workflow.channels?.live ?? '—'}</span>
                <Button size="sm" variant="quiet" aria-pressed={chosen === workflow.workflow_id} onClick={() => setChosen(workflow.workflow_id)}>Open<span className="sr-only"> {workflow.title}</span></Button>
                <Link className="underline" href={`/workflows/${workflow.workflow_id}`}>Run<span className="sr-only"> {workflow.title}</span></Link>
              </li>
            ))}
          </ul>
        </Panel>
        {chosen === '' ? <DefinitionEditor key="new" slug={null} text={SKELETON} etag="" isMine onSaved={setChosen} /> : null}
        {chosen ? <Chosen key={chosen} slug={chosen} onSaved={setChosen} /> : null}
      </div>
    </div>
  );
}

function Chosen({ slug, onSaved }: { slug: string; onSaved: (slug: string) => void }) {
  const { data, error, refetch } = useQuery(definitionQuery(slug));
  if (error) return <ProblemPanel error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading label="Loading the definition"><Skeleton className="h-64" /></Loading>;
  return (
    <>
      <DefinitionEditor key={data.etag} slug={slug} text={data.yaml} etag={data.etag} isMine={data.wire.is_mine} onSaved={onSaved} />
      <VersionsPanel wire={data.wire} />
    </>
  );
}

'use client';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { parseAsString, useQueryState } from 'nuqs';
import { useState } from 'react';
import { createKeyring } from '../../lib/idempotency';
import { mayDrill } from '../../lib/may-drill';
import { useSession, useStartRun, workflowSchemaQuery, workflowsQuery } from '../../lib/queries';
import { EmptyState } from '../feedback/empty-state';
import { ProblemPanel } from '../feedback/problem-panel';
import { DemoStamp } from '../run/stamp';
import { Button } from '../ui/button';
import { DrillRun } from './drill-run';

/** A real run, a real kill -9 of the worker under it, and an account of what was lost. */
export function CrashDrill() {
  const { data: session } = useSession();
  const [runId, setRunId] = useQueryState('run', parseAsString);
  const { data: workflows } = useQuery(workflowsQuery);
  const slug = workflows?.[0]?.workflow_id ?? '';
  const { data: schema } = useQuery({ ...workflowSchemaQuery(slug), enabled: slug !== '' });
  const [keyring, setKeyring] = useState(() => createKeyring());
  const start = useStartRun();
  const preset = schema?.presets[0];
  const go = async (): Promise<void> => {
    if (!preset) return;
    const body = { workflow_id: slug, inputs: preset.inputs, run_mode: 'test_run' as const, provider: 'demo' as const };
    const run = await start.mutateAsync({ body, idempotencyKey: keyring(body) });
    setKeyring(() => createKeyring());
    await setRunId(run.id);
  };
  return (
    <div>
      <h1 className="page-title">Crash drill</h1>
      <p className="mt-1 max-w-prose text-md text-muted">Starts a demo run, kills the worker in the middle of a model call, and reports what was lost and what was bought twice. The launcher starts another worker by itself; runs of others on this machine go on as well.</p>
      {session && !mayDrill(session) ? <div className="mt-6"><EmptyState title="Not offered here">The drill kills a process of this installation. It is there in local mode, for administrators.</EmptyState></div> : (
        <>
          <div className="mt-5 flex flex-wrap items-center gap-3">
            <Button variant={runId ? 'secondary' : 'danger'} size="lg" disabled={!preset || start.isPending} onClick={() => void go().catch(() => undefined)}>{start.isPending ? 'Starting…' : runId ? 'Drill again' : 'Start a run and kill the worker'}</Button>
            <DemoStamp /><span className="text-muted">no key, no cost, half a minute</span>
          </div>
          {start.error ? <div className="mt-4"><ProblemPanel error={start.error} /></div> : null}
          {runId ? <DrillRun key={runId} runId={runId} /> : null}
          <p className="mt-8 text-sm text-muted">The same from a terminal: <code className="font-mono">awp drill</code>. What is promised, and where it ends: a call that was in flight is asked again, and the ledger shows it as possibly billed. <Link href="/help" className="prose-link">Help</Link></p>
        </>
      )}
    </div>
  );
}

'use client';
import { useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { createKeyring } from '../../lib/idempotency';
import { providersQuery, useStartRun, workflowSchemaQuery, type WorkflowSummaryWire } from '../../lib/queries';
import { ProblemPanel } from '../feedback/problem-panel';
import { Button, ButtonLink } from '../ui/button';
import { DemoStamp } from '../run/stamp';
import { Examples } from './examples';
import { PersonaCards } from './persona-cards';

/** For somebody without runs: one press makes a real one with the demo provider. */
export function FirstRun({ workflow, workflows }: { /** of the one press */ workflow: WorkflowSummaryWire; workflows: readonly WorkflowSummaryWire[] }) {
  const { data: schema } = useQuery(workflowSchemaQuery(workflow.workflow_id));
  const { data: providers } = useQuery(providersQuery);
  const [keyFor] = useState(() => createKeyring());
  const start = useStartRun();
  const router = useRouter();
  const preset = schema?.presets[0];
  const demo = providers?.find((provider) => provider.simulated);
  if (!preset || !demo) return null;
  const go = async (): Promise<void> => {
    const body = { workflow_id: workflow.workflow_id, inputs: preset.inputs, run_mode: 'test_run' as const, provider: demo.provider };
    const run = await start.mutateAsync({ body, idempotencyKey: keyFor(body) });
    router.push(`/runs/${run.id}`);
  };
  return (
    <section aria-labelledby="first-run" className="border border-control bg-surface">
      <div className="grid gap-6 p-5 sm:p-6 md:grid-cols-[1fr_auto] md:items-center">
        <div>
          <h2 id="first-run" className="flex flex-wrap items-center gap-3 font-serif text-lg font-semibold">Make your first run <DemoStamp /></h2>
          <p className="mt-2 max-w-prose text-muted">“{preset.title}”, tried small with the demo provider: no key, no cost, a few seconds. The demo composes its answers from the material given, it is not a language model; you see every stage, step and call as it happens, and keep the notes.</p>
        </div>
        <div className="flex flex-wrap gap-3">
          <Button variant="primary" size="lg" disabled={start.isPending} onClick={() => void go().catch(() => {})}>{start.isPending ? 'Starting…' : 'Run the demo'}</Button>
          <ButtonLink size="lg" href={`/workflows/${workflow.workflow_id}?preset=${preset.key}`}>Look at the form first</ButtonLink>
        </div>
      </div>
      <div className="border-t p-5 sm:p-6">
        <h3 className="font-semibold">Or say who you are, and start from a form that is filled in</h3>
        <div className="mt-3"><PersonaCards workflows={workflows} /></div>
        <div className="mt-4 -ml-3.5 flex flex-wrap items-center gap-x-3"><Examples /></div>
      </div>
      {start.error ? <div className="border-t p-5"><ProblemPanel error={start.error} /></div> : null}
    </section>
  );
}

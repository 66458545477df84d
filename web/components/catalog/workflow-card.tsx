'use client';
import Link from 'next/link';
import { formatCount, inWords } from '../../lib/format';
import type { WorkflowSummaryWire } from '../../lib/queries';
import { needsWords, ratingWords, readsWords, typicalWords } from '../../lib/workflow-words';
import { FavouriteButton } from './favourite-button';
import { SampleOutput } from './sample-output';
import { SwitchWorkflow } from './switch-workflow';

/** An entry of the catalog: what you hold afterwards comes first. The whole card leads to the form, unless it is switched off.
 * @param fullAllowed  whether the person may run fully; said here so that nobody fills in a form to learn it */
export function WorkflowCard({ workflow, number, fullAllowed }: { workflow: WorkflowSummaryWire; number: number; fullAllowed: boolean }) {
  const rated = ratingWords(workflow);
  const needs = needsWords(workflow);
  const reads = readsWords(workflow);
  return (
    <li className="group relative grid grid-cols-[2rem_1fr] border border-rule bg-surface p-5 hover:border-accent has-[:focus-visible]:border-accent" data-workflow={workflow.workflow_id}>
      <span aria-hidden className="pt-1 font-mono text-sm text-faint">{String(number).padStart(2, '0')}</span>
      <div className="flex min-w-0 flex-col">
        <div className="flex items-start gap-2">
          <h3 className="flex-1 font-serif text-lg font-semibold">{workflow.is_active ? <Link href={`/workflows/${workflow.workflow_id}`} className="after:absolute after:inset-0 group-hover:text-accent">{workflow.title}</Link> : workflow.title}</h3>
          <FavouriteButton slug={workflow.workflow_id} title={workflow.title} className="relative z-10 -mt-1 -mr-2" />
        </div>
        <p className="mt-1.5 text-md leading-6">{workflow.outcome}</p>
        <dl className="mt-4 mb-4 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 border-t pt-3 text-sm">
          <dt className="text-faint">Takes</dt><dd>about {formatCount(workflow.estimated_minutes, 'minute')} · {workflow.difficulty}</dd>
          {workflow.tools.length > 0 ? <><dt className="text-faint">May use</dt><dd>{workflow.tools.map(inWords).join(', ')}</dd></> : null}
          <dt className="text-faint">Needs</dt><dd>{[...(needs.length > 0 ? needs : ['only the form']), ...(reads ? [reads] : [])].map((need) => <span key={need} className="block">{need}</span>)}</dd>
          <dt className="text-faint">Typical</dt><dd data-slot="typical">{typicalWords(workflow)}</dd>
          {rated ? <><dt className="text-faint">Rated</dt><dd><Link href={`/runs?workflow=${workflow.workflow_id}&rating=good`} className="prose-link relative z-10">{rated}</Link></dd></> : null}
          {workflow.is_active && !fullAllowed ? <><dt className="text-faint">Full</dt><dd>not with your role: Validate and Test are open to you, an administrator can change it</dd></> : null}
        </dl>
        {workflow.is_active ? <SampleOutput workflow={workflow} className="relative z-10 mt-auto self-start" /> : <p className="mt-auto border-l-2 border-l-waiting pl-3 text-sm">Switched off by an administrator: it cannot be started now. Runs you made with it are kept under <Link href={`/runs?workflow=${workflow.workflow_id}`} className="prose-link relative z-10">Runs</Link>. <SwitchWorkflow workflow={workflow} className="relative z-10" /></p>}
      </div>
    </li>
  );
}

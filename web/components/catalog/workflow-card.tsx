import Link from 'next/link';
import { formatCount, humanize } from '../../lib/format';
import type { WorkflowSummaryWire } from '../../lib/queries';
import { needsWords, typicalWords } from '../../lib/workflow-words';
import { SampleOutput } from './sample-output';

/** An entry of the catalog: what you hold afterwards comes first. The whole card leads to the form. */
export function WorkflowCard({ workflow, number }: { workflow: WorkflowSummaryWire; number: number }) {
  return (
    <li className="group relative grid grid-cols-[2rem_1fr] border border-rule bg-surface p-5 hover:border-accent has-[:focus-visible]:border-accent">
      <span aria-hidden className="pt-1 font-mono text-sm text-faint">{String(number).padStart(2, '0')}</span>
      <div className="flex min-w-0 flex-col">
        <h3 className="font-serif text-lg font-semibold"><Link href={`/workflows/${workflow.workflow_id}`} className="after:absolute after:inset-0 group-hover:text-accent">{workflow.title}</Link></h3>
        <p className="mt-1.5 text-md leading-6">{workflow.outcome}</p>
        <dl className="mt-4 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 border-t pt-3 text-sm">
          <dt className="text-faint">Takes</dt><dd>about {formatCount(workflow.estimated_minutes, 'minute')} · {workflow.difficulty}</dd>
          {workflow.tools.length > 0 ? <><dt className="text-faint">May use</dt><dd>{workflow.tools.map((tool) => humanize(tool).toLowerCase()).join(', ')}</dd></> : null}
          <dt className="text-faint">Needs</dt><dd>{needsWords(workflow).map((need) => <span key={need} className="block">{need}</span>)}</dd>
          <dt className="text-faint">Typical</dt><dd data-slot="typical">{typicalWords(workflow)}</dd>
        </dl>
        <SampleOutput workflow={workflow} className="relative z-10 mt-4 self-start" />
      </div>
    </li>
  );
}

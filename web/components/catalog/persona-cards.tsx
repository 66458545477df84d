import Link from 'next/link';
import { startsOf } from '../../lib/first-run';
import { PERSONA_WORDS } from '../../lib/personas';
import { changePreferences } from '../../lib/preferences';
import type { WorkflowSummaryWire } from '../../lib/queries';

/** Who somebody is, and with it a form that is filled in: one press from there to a checked, then a finished run. */
export function PersonaCards({ workflows }: { workflows: readonly WorkflowSummaryWire[] }) {
  return (
    <ul aria-label="I am a" className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
      {startsOf(workflows).map(({ persona, workflow }) => (
        <li key={persona} className="relative flex flex-col border border-rule bg-surface p-4 hover:border-accent has-[:focus-visible]:border-accent">
          {/* Any preset that has no such name is the first one. */}
          <Link href={`/workflows/${workflow.workflow_id}?preset=first`} onClick={() => changePreferences({ persona })} className="font-serif text-md font-semibold after:absolute after:inset-0">{PERSONA_WORDS[persona].label}</Link>
          <span className="mt-0.5 text-muted">{PERSONA_WORDS[persona].sentence}</span>
          <span className="mt-auto pt-2 text-sm text-accent">{workflow.title}, filled in <span aria-hidden>→</span></span>
        </li>
      ))}
    </ul>
  );
}

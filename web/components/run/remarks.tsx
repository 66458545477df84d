import type { RunView } from '#contracts/run-reducer';
import { formatBudget, formatTimeOfDay } from '../../lib/format';
import { limitWords } from '../../lib/lower-limits';

const DECISION = { approve: 'approved', reject: 'rejected', answer: 'answered' } as const;

/** What people and circumstances did to this run, in the order of time: the margin of the logbook. */
export function remarksOf(view: RunView): { at: string; text: string }[] {
  return [
    ...view.switches.map((change) => ({ at: change.at, text: `${change.reason === 'try_again' ? 'Tried again with' : 'Goes on with'} ${change.to.provider} ${change.to.model}${change.step ? ` in ${change.step}` : ''}, instead of ${change.from.provider}: ${change.detail}` })),
    ...view.kills.map((kill) => ({ at: kill.at, text: `Crash drill: ${kill.by} killed the worker here. Another one took over.` })),
    ...view.gates.flatMap((gate) => [
      ...gate.decisions.map((decision) => ({ at: decision.at, text: `${decision.by} ${DECISION[decision.decision]} “${gate.title}”${decision.limits ? ` with less, ${limitWords(decision.limits)}` : ''}${decision.reason ? `: ${decision.reason}` : ''}.` })),
      ...(gate.outcome === 'expired' && gate.closedAt ? [{ at: gate.closedAt, text: `Nobody decided “${gate.title}” in time, which means no.` }] : []),
    ]),
    ...view.budgetRaises.map((raise) => ({ at: raise.at, text: `${raise.by} raised the budget from ${formatBudget(raise.fromUsdMicros)} to ${formatBudget(raise.toUsdMicros)}.` })),
  ].toSorted((a, b) => a.at.localeCompare(b.at));
}

export function Remarks({ view }: { view: RunView }) {
  const remarks = remarksOf(view);
  if (remarks.length === 0) return null;
  return (
    <section aria-labelledby="remarks" className="mt-8">
      <h2 id="remarks" className="border-b pb-1.5 font-serif text-lg font-semibold">Remarks</h2>
      <ul className="mt-3 grid gap-2">{remarks.map((remark) => <li key={`${remark.at}${remark.text}`} className="grid max-w-prose grid-cols-[4.5rem_1fr] gap-x-3 border-l-2 border-waiting pl-3"><time dateTime={remark.at} className="pt-px font-mono text-sm text-faint">{formatTimeOfDay(remark.at)}</time><span className="min-w-0 break-words">{remark.text}</span></li>)}</ul>
    </section>
  );
}

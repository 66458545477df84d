import type { StageView, StepView } from '#contracts/run-reducer';
import { formatCost, formatDuration, formatTokens, humanize } from '../../../lib/format';
import type { Span } from '../../../lib/run-spans';
import { STATE_INK } from '../timeline/bar';
import { STATE_MARK, STATE_WORDS } from '../timeline/state-mark';
import { Facts, Part } from './facts';

export function StageDetails({ stage }: { stage: StageView }) {
  const ends = stage.steps.flatMap((step) => step.completions.flatMap(({ end }) => (end ? [end] : [])));
  const cost = ends.some(({ cost_usd_micros: micros }) => micros === null) ? null : ends.reduce((sum, end) => sum + (end.reused ? 0 : (end.cost_usd_micros ?? 0)), 0);
  return (
    <Facts rows={[
      ['Remark', stage.remark], ['Cap that ended it', stage.cap ? humanize(stage.cap) : null], ['Checks', stage.checks.length || null], ['Steps', stage.steps.length || null], ['Model calls', ends.length || null],
      ['Output tokens', ends.length > 0 ? formatTokens(ends.reduce((sum, end) => sum + end.usage.outputTokens, 0)) : null], ['Cost', ends.length > 0 ? formatCost(cost) : null], ['Spent waiting', stage.waitedMs > 0 ? formatDuration(stage.waitedMs) : null],
    ]} />
  );
}

/** What the step did, with a way to each of its parts. */
export function StepDetails({ step, below, onSelect }: { step: StepView; below: readonly Span[]; onSelect: (id: string) => void }) {
  const ends = step.completions.flatMap(({ end }) => (end ? [end] : []));
  return (
    <>
      {step.summary ? <p className="mb-3">{step.summary}</p> : null}
      <Facts rows={[
        ['Place', `step ${step.index} of ${step.total}`], ['Input tokens', ends.length > 0 ? formatTokens(ends.reduce((sum, end) => sum + end.usage.inputTokens, 0)) : null],
        ['Output tokens', ends.length > 0 ? formatTokens(ends.reduce((sum, end) => sum + end.usage.outputTokens, 0)) : null],
        ['Cost', ends.length > 0 ? formatCost(ends.some((end) => end.cost_usd_micros === null) ? null : ends.reduce((sum, end) => sum + (end.reused ? 0 : (end.cost_usd_micros ?? 0)), 0)) : null],
      ]} />
      {below.length > 0 ? <Part title="Made of"><ul className="divide-y divide-rule border-y">{below.map((span) => <li key={span.id}><button type="button" onClick={() => onSelect(span.id)} className="flex min-h-8 w-full items-center gap-2 text-left hover:text-link"><span aria-hidden className={`w-4 shrink-0 text-center font-mono text-xs ${STATE_INK[span.state]}`}>{STATE_MARK[span.state]}</span><span className="min-w-0 flex-1 truncate">{span.label}<span className="sr-only">, {STATE_WORDS[span.state]}</span></span><span className="font-mono text-xs text-muted">{formatDuration(span.to - span.from)}</span></button></li>)}</ul></Part> : null}
    </>
  );
}

'use client';
import { X } from 'lucide-react';
import { useEffect } from 'react';
import type { RunView } from '#contracts/run-reducer';
import { formatAbsolute, formatDuration } from '../../../lib/format';
import { spanTook, type LogFacts, type Span } from '../../../lib/run-spans';
import { detailsOf } from '../../../lib/span-details';
import { STATE_INK } from '../timeline/bar';
import { STATE_MARK, STATE_WORDS } from '../timeline/state-mark';
import { CallDetails } from './call-details';
import type { CallSource } from './prompt-part';
import { StageDetails, StepDetails } from './step-details';
import { Facts } from './facts';
import { ToolDetails } from './tool-details';

const KIND: Record<Span['kind'], string> = { queue: 'Queue', stage: 'Stage', check: 'Check', step: 'Step', call: 'Model call', attempt: 'Attempt', tool: 'Tool call', wait: 'Wait' };

interface InspectorProps { runId: string; span: Span; spans: readonly Span[]; view: RunView; facts: LogFacts; source: CallSource; onSelect: (id: string) => void; onClose: () => void }

/** Everything that is known of one span: beside the picture on a wide screen, a sheet at the bottom on a phone. */
export function Inspector({ runId, span, spans, view, facts, source, onSelect, onClose }: InspectorProps) {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => { if (event.key === 'Escape' && !event.defaultPrevented && !document.querySelector('[role="dialog"], [role="listbox"]')) onClose(); };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [onClose]);
  return (
    <section
      key={span.id} id="details" aria-label={`Details: ${span.label}`} data-slot="inspector"
      className="border bg-surface max-xl:fixed max-xl:inset-x-0 max-xl:bottom-[var(--replay-room,0px)] max-xl:z-30 max-xl:max-h-[55dvh] max-xl:overflow-y-auto max-xl:border-x-0 xl:sticky xl:top-44 xl:max-h-[calc(100dvh-12rem)] xl:self-start xl:overflow-y-auto"
    >
      <div className="sticky top-0 z-10 flex items-start justify-between gap-3 border-b bg-surface px-4 py-2">
        <div className="min-w-0"><p className="text-xs text-muted">{KIND[span.kind]}{span.step && span.kind !== 'step' ? ` in ${span.step}` : ''}</p><h2 className="break-words font-semibold"><span aria-hidden className={`mr-1.5 font-mono ${STATE_INK[span.state]}`}>{STATE_MARK[span.state]}</span>{span.label}</h2></div>
        <button type="button" aria-label="Close the details" onClick={onClose} className="-mr-2 grid size-8 shrink-0 place-items-center rounded-md text-muted hover:bg-sunken hover:text-ink"><X aria-hidden className="size-4" /></button>
      </div>
      <div className="px-4 py-3">
        <p className="mb-3 text-sm text-muted">{STATE_WORDS[span.state]}; <time dateTime={new Date(span.from).toISOString()} title={formatAbsolute(new Date(span.from).toISOString())}>began {formatDuration(Math.max(0, span.from - (spans[0]?.from ?? span.from)))} after the start</time>{spanTook(span) === 'skipped' ? ' and was skipped' : `, ${span.running ? 'so far' : 'took'} ${spanTook(span)}`}{queueOf(span)}</p>
        <Body runId={runId} span={span} spans={spans} view={view} facts={facts} source={source} onSelect={onSelect} />
      </div>
    </section>
  );
}

function queueOf(span: Span): string {
  const queued = span.kind === 'queue' ? 0 : span.parts.reduce((sum, part) => sum + (part.kind === 'queue' || part.kind === 'pause' ? part.to - part.from : 0), 0);
  return queued > 20 ? `, of which ${formatDuration(queued)} in a line or between attempts` : '';
}

function Body({ runId, span, spans, view, facts, source, onSelect }: Omit<InspectorProps, 'onClose'>) {
  const details = detailsOf(view, facts, span);
  switch (details?.kind) {
    case 'queue': return <p>{span.running ? 'Accepted; no worker has taken it up yet.' : 'Between the press of the button and the first worker that took it up. Nobody worked and nothing was spent.'}</p>;
    case 'stage': return <StageDetails stage={details.stage} />;
    case 'check': return <><Facts rows={[['Result', details.check.outcome], ['What was found', details.check.detail], ['What helps', details.check.remedy]]} /></>;
    case 'step': return <StepDetails step={details.step} below={spans.filter(({ parent }) => parent === span.id)} onSelect={onSelect} />;
    case 'call': {
      const place = `${details.stage.stage}/${details.step.step}/${details.completion.ordinal}`;
      return <CallDetails key={span.id} runId={runId} place={place} completion={details.completion} attempt={details.attempt} possiblyBilled={view.possiblyBilled[place] ?? 0} source={source} />;
    }
    case 'tool': return <ToolDetails tool={details.tool} />;
    case 'wait': return <Facts rows={[['For', details.wait.detail], ['Until at most', details.wait.until ? formatAbsolute(details.wait.until) : null], ['How it ended', details.wait.closing ?? (details.wait.endedAt ? null : 'still waiting')], ['Counted', 'no: time spent waiting is not active time']]} />;
    default: return <p className="text-muted">This part of the run is not in the log.</p>;
  }
}

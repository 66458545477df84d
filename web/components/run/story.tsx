'use client';
import { memo, useState } from 'react';
import type { RunView, StageView, StepView } from '#contracts/run-reducer';
import { ChevronRight } from 'lucide-react';
import { cn } from '../../lib/class-names';
import { settledLine } from '../../lib/run-words';
import { formatCost, formatCount, formatDuration, formatTokens } from '../../lib/format';
import { STAGE_WORDS } from '../../lib/status';
import { useFollowTail } from '../../lib/use-follow-tail';
import { Button } from '../ui/button';
import { Loading, Skeleton } from '../ui/skeleton';
import { CheckList } from './check-list';
import { EstimateLine } from './estimate-line';
import { CompletionBlock } from './completion-block';
import { Remarks } from './remarks';
import { RailNodeMark, NODE_WORDS } from './stage-rail';
import { ToolLine } from './tool-line';
import { WithRunLinks } from './with-run-links';

const STEP_STATE = { running: 'running', done: 'done', failed: 'failed', skipped: 'skipped' } as const;

function stepFigures(step: StepView, now: number): string {
  const ends = step.completions.flatMap((completion) => (completion.end ? [completion.end] : []));
  const tokens = ends.reduce((sum, end) => sum + end.usage.outputTokens, 0);
  const cost = ends.some((end) => end.cost_usd_micros === null) ? null : ends.reduce((sum, end) => sum + (end.reused ? 0 : (end.cost_usd_micros ?? 0)), 0);
  if (step.status === 'skipped' && ends.length === 0) return 'skipped';
  const took = formatDuration((step.endedAt ? Date.parse(step.endedAt) : now) - Date.parse(step.startedAt));
  return ends.length === 0 ? took : `${took} · ${formatTokens(tokens)} tokens · ${formatCost(cost)}`;
}

/** Steps that are drawn at first, the last ones; more come at a press. */
const WINDOW = 40;

/** Drawn again only when the step itself has changed, not with every word of another one. @param now 0 for a step that is over */
const Step = memo(function Step({ step, stage, now, live, onInspect }: { step: StepView; stage: StageView['stage']; now: number; live: boolean; onInspect?: (span: string) => void }) {
  const state = live || step.status !== 'running' ? STEP_STATE[step.status] : 'failed';
  return (
    <li id={`${stage}-${step.step}`} data-step={step.step} className="relative scroll-mt-14 max-lg:scroll-mt-0 border-l border-rule pb-6 pl-6 last:pb-1">
      <RailNodeMark state={state} number={step.index} className="absolute top-0 -left-3" />
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <h3 className="font-semibold">{step.title}<span className="sr-only">, {NODE_WORDS[state]}</span></h3>
        <span className="flex items-baseline gap-2"><span className="font-mono text-xs text-faint">{stepFigures(step, now)}</span>{onInspect ? <Button data-print="hide" variant="quiet" size="sm" className="-my-1" aria-label={`Details of ${step.title}`} onClick={() => onInspect(`${stage}/${step.step}`)}>Details</Button> : null}</span>
      </div>
      {step.summary ? <p className="mt-0.5 max-w-prose text-muted">{step.summary}</p> : null}
      {step.tools.length > 0 ? <ul className="mt-2 grid gap-1">{step.tools.map((tool) => <ToolLine key={tool.toolCallId} tool={tool} live={live} />)}</ul> : null}
      {step.completions.length > 0 ? <div className="mt-3 grid gap-3">{step.completions.map((completion) => <CompletionBlock key={completion.ordinal} completion={completion} live={live} label={step.title} />)}</div> : null}
    </li>
  );
});

function Stage({ stage, view, number, now, live, onInspect }: { stage: StageView; view: RunView; number: number; now: number; live: boolean; onInspect?: (span: string) => void }) {
  const [windows, setWindows] = useState(1);
  const shown = stage.steps.slice(-WINDOW * windows);
  const earlier = stage.steps.length - shown.length;
  const line = settledLine(stage, view);
  const checks = (
    <>
      {stage.checks.length > 0 ? <CheckList checks={stage.checks} stage={stage.stage} /> : null}
      {stage.stage === 'validate' && view.estimate ? <EstimateLine estimate={view.estimate} simulated={view.simulated} /> : null}
    </>
  );
  return (
    <section id={`stage-${stage.stage}`} aria-labelledby={`stage-title-${stage.stage}`} className="scroll-mt-14 max-lg:scroll-mt-0 not-first:mt-8">
      <div className="mb-4 flex flex-wrap items-baseline justify-between gap-x-4 border-b pb-1.5">
        <h2 id={`stage-title-${stage.stage}`} className="font-serif text-lg font-semibold"><span className="mr-2 font-mono text-sm font-normal text-faint">{number}</span>{STAGE_WORDS[stage.stage]}</h2>
        <span className="text-sm text-muted">{stage.endedAt && stage.status === 'skipped' ? 'skipped' : stage.endedAt ? `${stage.status === 'passed' ? 'passed' : stage.status === 'capped' ? 'passed with a remark' : 'not passed'} in ${formatDuration(Date.parse(stage.endedAt) - Date.parse(stage.startedAt))}` : live ? 'now' : 'not finished'}</span>
      </div>
      {/* Validate repeats what one of its checks says. */}
      {stage.remark && !stage.checks.some(({ detail }) => detail === stage.remark) ? <p className="mb-3 max-w-prose border-l-2 border-waiting pl-3 text-sm text-muted"><WithRunLinks text={stage.remark} /></p> : null}
      {line ? (
        // Its content stays in the document: a link of the rail to one of the checks opens it.
        <details data-slot="checks-fold" className="group">
          <summary className="-mx-1 flex min-h-7 items-center gap-2 rounded-md px-1 max-sm:min-h-11"><ChevronRight aria-hidden className="size-3.5 shrink-0 text-faint transition-transform group-open:rotate-90" /><span>{line}</span></summary>
          <div className="mt-3">{checks}</div>
        </details>
      ) : checks}
      {earlier > 0 ? <Button size="sm" className="mb-4" onClick={() => setWindows(windows + 1)}>Show {Math.min(WINDOW, earlier)} of {formatCount(earlier, 'earlier step')}</Button> : null}
      {shown.length > 0 ? <ol className="ml-3">{shown.map((step) => <Step key={step.step} step={step} stage={stage.stage} now={step.endedAt ? 0 : now} live={live} onInspect={onInspect} />)}</ol> : null}
    </section>
  );
}

/** The run in plain sentences, with the text where it is written. */
export function Story({ view, now, live, loaded, onInspect }: { view: RunView; now: number; live: boolean; loaded: boolean; onInspect?: (span: string) => void }) {
  const follow = useFollowTail(live, view.lastSequence);
  if (!loaded) return <Loading label="Reading the event log" className="grid gap-3"><Skeleton className="h-5 w-40" /><Skeleton className="h-24" /><Skeleton className="h-24" /></Loading>;
  return (
    <div className="relative">
      {view.stages.length === 0 ? <p className="text-muted">{live ? 'Accepted. The first stage begins as soon as a worker picks the run up.' : 'The run ended before its first stage.'}</p> : null}
      {view.stages.map((stage, index) => <Stage key={stage.stage} stage={stage} view={view} number={index + 1} now={now} live={live} onInspect={onInspect} />)}
      {view.totals.possiblyBilled > 0 ? <p className="mt-6 max-w-prose border-l-2 border-waiting pl-3 text-sm text-muted">{formatCount(view.totals.possiblyBilled, 'try', 'tries')} of a model call brought no answer after the provider was asked; it may have charged for that. The most it can have cost is counted.</p> : null}
      <Remarks view={view} />
      {live && view.status !== 'waiting' && follow.below ? <button type="button" data-key="f" onClick={follow.jump} className={cn('sticky bottom-4 left-1/2 mt-4 block -translate-x-1/2 rounded-md border border-control bg-surface px-3 py-1.5 text-sm font-medium')}>↓ Follow the live text</button> : null}
    </div>
  );
}

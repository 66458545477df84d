'use client';
import Link from 'next/link';
import { leastLimits } from '#contracts/granted-limits';
import type { RunView } from '#contracts/run-reducer';
import { isTerminal, type RunStatus, type Stage } from '#contracts/runs';
import { cn } from '../../lib/class-names';
import { envelopeOf, nextCap } from '../../lib/envelope';
import { formatBudget, formatClock, formatCost, formatTokens, middleTruncate } from '../../lib/format';
import { STAGE_WORDS } from '../../lib/status';
import { useSession, type RunDetailWire, type WorkflowDetailWire } from '../../lib/queries';
import { CopyButton } from '../ui/copy-button';
import { RelativeTime } from '../ui/relative-time';
import { EnvelopeLine } from './envelope-line';
import { Hint } from './hint';
import { Neighbours } from './neighbours';
import { RunActions } from './run-actions';
import { DemoStamp, ModeStamp } from './stamp';
import { StatusBadge } from './status-badge';

function Figure({ label, stage, value, used, cap }: { label: string; /** whose limits these are */ stage?: Stage | undefined; value: string; used?: number; cap?: number | null }) {
  const share = cap && used !== undefined ? Math.min(1, used / cap) : null;
  return (
    <div className="flex items-center gap-x-1.5">
      <dt className="text-sm text-faint">{label}{stage ? <span className="max-sm:sr-only"> in {STAGE_WORDS[stage]}</span> : null}</dt>
      <dd className="font-mono">{value}</dd>
      {share === null ? null : <dd aria-hidden className="h-1 w-10 bg-rule"><span className={cn('block h-full', share > 0.9 ? 'bg-waiting' : 'bg-ink')} style={{ width: `${share * 100}%` }} /></dd>}
    </div>
  );
}

/** Name, status and the figures, always in the same place while the page scrolls; the line above them scrolls away below the page's own bar. */
export function RunHeader({ run, view, status, realStatus, now, modes, replaying, onReplay }: { run: RunDetailWire; view: RunView; /** as shown; differs from the real one in a replay */ status: RunStatus; realStatus: RunStatus; now: number; modes: WorkflowDetailWire['modes'] | undefined; replaying: boolean; onReplay: (() => void) | null }) {
  // Everybody sees their own runs only.
  const { data: session } = useSession();
  const heard = view.lastSequence > 0;
  const from = view.startedAt ?? (replaying ? null : run.started_at);
  const to = view.completedAt ?? (replaying ? null : run.completed_at);
  const elapsed = from === null ? 0 : (to === null ? now : Date.parse(to)) - Date.parse(from);
  const envelope = envelopeOf(view, modes, now);
  const tokens = heard ? view.totals : { inputTokens: run.totals.input_tokens, outputTokens: run.totals.output_tokens, costUsdMicros: run.totals.cost_usd_micros };
  const budget = view.budgetUsdMicros ?? leastLimits([view.limits, view.granted]).cost_usd_micros ?? null;
  const output = envelope?.meters.find(({ key }) => key === 'output_tokens');
  const seconds = envelope?.meters.find(({ key }) => key === 'seconds');
  return (
    <div data-slot="run-header" className="z-20 -mx-4 border-b bg-canvas px-4 pb-3 max-sm:-mt-3 sm:-mx-6 sm:px-6 lg:sticky lg:top-7 lg:-mt-8 lg:pt-3">
      <p className="flex min-h-6 flex-wrap items-center gap-x-2 text-sm text-muted"><Link href="/runs" className="hover:text-ink">Runs</Link><span aria-hidden className="text-faint">/</span><span className="inline-flex items-center font-mono">{middleTruncate(run.id)}<CopyButton text={run.id} label="run id" /></span><Neighbours id={run.id} /><span>started <RelativeTime iso={run.created_at} />{session ? ` by ${session.user.name}` : ''}</span><span>version {run.workflow_version}</span></p>
      <div className="flex flex-wrap items-center justify-between gap-x-8 gap-y-3">
        <div className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1.5">
          <h1 className="page-title">{run.workflow_title}</h1>
          <StatusBadge status={status} waitReason={view.waitReason ?? run.wait_reason} cancelRequested={view.cancelRequested} retries={view.totals.retries} />
          <ModeStamp mode={run.run_mode} />{run.simulated ? <DemoStamp /> : null}{replaying ? <span className="stamp hatch text-validating">Replay</span> : null}
        </div>
        <RunActions run={run} status={realStatus} cancelRequested={view.cancelRequested || run.cancel_requested_at !== null} ended={isTerminal(realStatus)} onReplay={onReplay} />
      </div>
      <dl className="mt-2.5 flex flex-wrap gap-x-6 gap-y-1 max-sm:gap-x-4">
        <Figure label="Elapsed" value={formatClock(elapsed)} />
        <Figure label="Output tokens" stage={output?.cap ? envelope?.stage.stage : undefined} value={output?.cap ? `${formatTokens(output.used)} / ${formatTokens(output.cap)}` : formatTokens(tokens.outputTokens)} used={output?.used} cap={output?.cap} />
        {envelope && seconds?.cap ? <Figure label="Seconds" stage={envelope.stage.stage} value={`${seconds.used} / ${seconds.cap}`} used={seconds.used} cap={seconds.cap} /> : null}
        <Figure label="Input tokens" value={formatTokens(tokens.inputTokens)} />
        <Figure label={budget === null ? 'Cost' : 'Cost of the budget'} value={budget === null ? formatCost(tokens.costUsdMicros) : `${formatBudget(tokens.costUsdMicros)} / ${formatBudget(budget)}`} used={tokens.costUsdMicros ?? undefined} cap={budget} />
        <div className="flex items-center gap-x-1.5"><dt className="text-sm text-faint">Model</dt><dd className="max-w-64 truncate" title={`${run.provider} · ${run.model}`}>{run.provider} <span className="font-mono text-sm text-muted">{run.model}</span></dd></div>
      </dl>
      {replaying ? null : <Hint at="envelope" />}
      {status === 'completed' && run.run_mode !== 'full_run' && !replaying ? <Hint at="escalate" /> : null}
      {envelope ? <EnvelopeLine envelope={envelope} next={nextCap(envelope)} live={!isTerminal(status)} /> : null}
    </div>
  );
}

'use client';
import type { RunMode } from '#contracts/runs';
import { cn } from '../../lib/class-names';
import { ceilingOf } from '../../lib/estimate';
import { formatCost, formatDuration, formatTokens } from '../../lib/format';
import type { ModeReason } from '../../lib/mode-reasons';
import type { ProviderWire, WorkflowDetailWire } from '../../lib/queries';
import { RadioGroup, RadioItem } from '../ui/radio-group';
import { ModeStamp } from './stamp';

type Mode = WorkflowDetailWire['modes'][number];

/** What a mode may use at most, in one line of figures. */
export function capFigures(mode: Mode, model: ProviderWire['models'][number] | undefined, simulated: boolean): { label: string; value: string }[] {
  const ceiling = ceilingOf(mode, model);
  return [
    { label: 'Model calls', value: ceiling.calls === 0 ? 'none' : `about ${ceiling.calls}` },
    { label: 'Output tokens', value: ceiling.calls === 0 ? '0' : `at most ${formatTokens(ceiling.outputTokens)}` },
    { label: 'Time', value: mode.caps ? `at most ${formatDuration(mode.caps.seconds * 1000).replace(' 00 s', '')}` : 'a few seconds' },
    { label: 'Cost', value: ceiling.costUsdMicros === null ? 'price unknown' : simulated ? 'nothing to pay' : ceiling.costUsdMicros === 0 ? '$0.00' : `at most ${formatCost(ceiling.costUsdMicros)}` },
  ];
}

/** Validate, Test, Full as three rungs. Each says what will happen and what it may use before anything is started. */
export function ModeLadder({ modes, value, onChange, model, simulated, reasons, labelledBy }: { modes: readonly Mode[]; value: RunMode; onChange: (mode: RunMode) => void; model: ProviderWire['models'][number] | undefined; simulated: boolean; reasons: Record<RunMode, ModeReason[]>; labelledBy: string }) {
  return (
    <RadioGroup value={value} onValueChange={(mode) => onChange(mode as RunMode)} aria-labelledby={labelledBy} className="relative gap-0">
      {modes.map((mode, index) => {
        const chosen = mode.run_mode === value;
        const before = reasons[mode.run_mode];
        const blocked = before.some((reason) => reason.blocked);
        return (
          <label key={mode.run_mode} className={cn('relative grid cursor-pointer grid-cols-[1.5rem_1fr] gap-x-3 border border-rule bg-surface p-4 not-first:-mt-px', chosen ? 'z-10 border-accent' : 'hover:bg-sunken', blocked && 'cursor-not-allowed bg-sunken')}>
            {index < modes.length - 1 ? <span aria-hidden className="absolute top-9 bottom-[-1rem] left-[1.6rem] z-10 w-px bg-control" /> : null}
            <RadioItem value={mode.run_mode} aria-label={`${mode.label}: ${mode.verb}`} aria-describedby={`mode-${mode.run_mode} before-${mode.run_mode}`} disabled={blocked} className="relative z-20 mt-0.5" />
            <span className="min-w-0">
              <span className="flex flex-wrap items-center gap-x-3 gap-y-1"><ModeStamp mode={mode.run_mode} /><span className="font-semibold">{mode.verb}</span>{mode.is_default ? <span className="text-sm text-muted">a good first choice</span> : null}</span>
              <span id={`mode-${mode.run_mode}`} className="mt-1.5 block max-w-prose text-muted">{mode.sentence}{mode.stages.length > 1 ? ` ${mode.detail}` : ''}</span>
              {before.length > 0 ? <span id={`before-${mode.run_mode}`} className="mt-2 grid gap-1 text-sm">{before.map((reason) => <span key={reason.words} className={cn('block border-l-2 pl-2.5', reason.blocked ? 'border-l-failed font-medium' : 'border-l-control text-muted')}>{reason.words}</span>)}</span> : <span id={`before-${mode.run_mode}`} className="hidden" />}
              <span className="mt-3 grid grid-cols-2 gap-x-6 gap-y-1.5 border-t pt-2.5 sm:grid-cols-4">
                {capFigures(mode, model, simulated).map(({ label, value: figure }) => <span key={label} className="block"><span className="block text-xs text-faint">{label}</span><span className="block font-mono text-sm">{figure}</span></span>)}
              </span>
            </span>
          </label>
        );
      })}
    </RadioGroup>
  );
}

import type { RunMode } from '#contracts/runs';
import { MODE_WORDS } from '#contracts/runs';
import { cn } from '../../lib/class-names';

const MODE_STAMP: Record<RunMode, string> = {
  validate_only: 'border-dashed text-muted',
  test_run: 'hatch text-muted',
  full_run: 'border-ink bg-ink text-canvas',
};

/** How a run was made, as a logbook stamp: Validate dashed, Test hatched, Full solid. */
export function ModeStamp({ mode, className }: { mode: RunMode; className?: string }) {
  return <span data-slot="stamp" className={cn('stamp', MODE_STAMP[mode], className)}>{MODE_WORDS[mode].label}</span>;
}

/** On everything the demo provider made: no language model was asked. */
export function DemoStamp({ className }: { className?: string }) {
  return <span data-slot="stamp" title="Made by the demo provider: composed from the material given, no language model was asked" className={cn('stamp hatch-band text-waiting', className)}>Demo</span>;
}

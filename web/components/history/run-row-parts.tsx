import { formatCost, formatTokens, inputText } from '../../lib/format';
import { miniRail } from '../../lib/rail';
import type { RunWire } from '../../lib/queries';
import { MiniRail } from '../run/stage-rail';
import { StatusBadge } from '../run/status-badge';

/** The inputs that tell one run from another: the first two that hold text a person wrote, else the first two. */
export function keyInputs(run: RunWire): string {
  const entries = Object.entries(run.inputs);
  const written = entries.filter(([, value]) => typeof value === 'string' && value.includes(' '));
  return (written.length > 0 ? written : entries).slice(0, 2).map(([, value]) => inputText(value)).join(' · ');
}

/** The rail stands on a line of its own, whatever the length of the word above it. */
export function RunState({ run }: { run: RunWire }) {
  return <span className="inline-grid justify-items-start gap-1"><StatusBadge status={run.status} waitReason={run.wait_reason} cancelRequested={run.cancel_requested_at !== null} /><MiniRail nodes={miniRail(run.run_mode, run.status)} /></span>;
}

export function RunCost({ run }: { run: RunWire }) {
  return <span className="whitespace-nowrap">{formatTokens(run.totals.total_tokens)} tokens · {formatCost(run.totals.cost_usd_micros)}</span>;
}

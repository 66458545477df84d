import Link from 'next/link';
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

/** In a row of one line the rail stands before the word, in a column of its own; on a phone below it. */
export function RunState({ run }: { run: RunWire }) {
  return <span className="inline-grid justify-items-start gap-1 md:grid-cols-[3.75rem_auto] md:items-center md:gap-x-1"><span className="md:order-2"><StatusBadge status={run.status} waitReason={run.wait_reason} cancelRequested={run.cancel_requested_at !== null} /></span><MiniRail nodes={miniRail(run.run_mode, run.status)} /></span>;
}

/** What ran and what tells it from others: on one line of a row, on two of a card. The name is the link of the whole row. */
export function RunName({ run }: { run: RunWire }) {
  return <span className="min-w-0 md:flex md:items-baseline md:gap-3"><Link href={`/runs/${run.id}`} className="font-medium after:absolute after:inset-0 md:shrink-0 md:max-lg:shrink md:max-lg:truncate">{run.workflow_title}</Link><span className="text-sm text-muted max-md:line-clamp-2 md:min-w-0 md:flex-1 md:truncate">{keyInputs(run)}</span></span>;
}

export function RunCost({ run }: { run: RunWire }) {
  return <span className="whitespace-nowrap">{formatTokens(run.totals.total_tokens)} tokens · {formatCost(run.totals.cost_usd_micros)}</span>;
}

'use client';
import type { ReactNode } from 'react';
import { formatCost, formatDuration, formatTokens } from '../../lib/format';
import type { RunColumn } from '../../lib/preferences';
import type { RunWire } from '../../lib/queries';
import { DemoStamp, ModeStamp } from '../run/stamp';
import { RelativeTime } from '../ui/relative-time';

function took(run: RunWire, now: number): ReactNode {
  if (run.started_at === null) return <span className="text-faint">–</span>;
  return formatDuration((run.completed_at ? Date.parse(run.completed_at) : now) - Date.parse(run.started_at));
}

export interface Column { label: string; /** of figures, which stand at the right edge */ figures?: boolean; show: (run: RunWire, now: number) => ReactNode }

/** What the list of runs can show beside status and name, in its order. */
export const COLUMNS: Record<RunColumn, Column> = {
  mode: { label: 'Mode', show: (run) => <ModeStamp mode={run.run_mode} /> },
  provider: { label: 'Provider', show: (run) => (run.simulated ? <DemoStamp /> : run.provider) },
  model: { label: 'Model', show: (run) => <span className="font-mono text-sm">{run.model}</span> },
  version: { label: 'Version', figures: true, show: (run) => run.workflow_version },
  rating: { label: 'Rating', show: (run) => (run.rating === null ? <span className="text-faint">–</span> : run.rating === 'good' ? 'Good' : 'Poor') },
  took: { label: 'Took', figures: true, show: took },
  tokens: { label: 'Tokens', figures: true, show: (run) => formatTokens(run.totals.total_tokens) },
  cost: { label: 'Cost', figures: true, show: (run) => formatCost(run.totals.cost_usd_micros) },
  started: { label: 'Started', figures: true, show: (run) => <RelativeTime iso={run.created_at} className="font-sans text-muted" /> },
};

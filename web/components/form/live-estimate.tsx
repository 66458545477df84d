'use client';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import type { RunMode } from '#contracts/runs';
import { formatCost, formatDuration, formatTokens } from '../../lib/format';
import { estimateQuery, type Channel, type ProviderWire } from '../../lib/queries';
import { useSettled } from '../../lib/use-settled';

const SETTLE_MS = 600;

/** What this run would use with the inputs as they stand now; asked again when typing stops. Silent while they do not fit. */
export function LiveEstimate({ slug, channel, inputs, mode, provider, model }: { slug: string; channel: Channel | null; inputs: Record<string, unknown> | null; mode: RunMode; provider: ProviderWire | undefined; model: string }) {
  const body = useSettled(inputs && provider ? { inputs, run_mode: mode, provider: provider.provider, model, ...(channel ? { channel } : {}) } : null, SETTLE_MS);
  const { data } = useQuery({ ...estimateQuery(slug, body ?? { inputs: {} }), enabled: body !== null && inputs !== null });
  if (!data || !inputs || mode === 'validate_only') return null;
  const cost = data.cost_usd_micros;
  return (
    <p aria-live="polite" className="text-sm text-muted">
      For these inputs about <span className="font-mono text-ink">{formatTokens(data.tokens.expected)}</span> tokens ({formatTokens(data.tokens.low)} to {formatTokens(data.tokens.worst)}) in {formatDuration(data.seconds.expected * 1000)}
      {provider?.simulated ? '' : cost === null ? ', price unknown' : <>, <span className="font-mono text-ink">{formatCost(cost.expected)}</span> ({formatCost(cost.low)} to at most {formatCost(cost.worst)}, prices of {data.price_date})</>}; by {data.basis === 'plan' ? 'its plan' : `your ${data.basis}`}.
      {data.evidence_run_id ? <> Its Test is skipped: <Link className="prose-link" href={`/runs/${data.evidence_run_id}`}>an earlier one</Link> still counts.</> : mode === 'full_run' ? ' No Test of these inputs with this model still counts, so it runs one first.' : ''}
    </p>
  );
}

import type { Estimate } from '#contracts/run-events';
import { formatCost, formatDuration, formatTokens } from '../../lib/format';

export function EstimateLine({ estimate, simulated }: { estimate: Estimate; simulated: boolean }) {
  const cost = estimate.cost_usd_micros;
  return (
    <p className="mt-4 border-t pt-3 text-muted">
      Estimate for the whole way: about <span className="font-mono text-sm text-ink">{formatTokens(estimate.tokens.expected)}</span> tokens, at most <span className="font-mono text-sm text-ink">{formatTokens(estimate.tokens.worst)}</span>
      {simulated ? ', nothing to pay with the demo provider' : cost === null ? ', price unknown' : <>; ≈ <span className="font-mono text-sm text-ink">{formatCost(cost.expected)}</span>, at most <span className="font-mono text-sm text-ink">{formatCost(cost.worst)}</span> (prices of {estimate.price_date})</>}; about {formatDuration(estimate.seconds.expected * 1000)}.
    </p>
  );
}

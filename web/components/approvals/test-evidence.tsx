import type { ApprovalWire } from '#contracts/api/governance.schema';
import { formatCost, formatCount, formatTokens } from '../../lib/format';
import { CHECK_WORDS } from '../../lib/status';
import { RelativeTime } from '../ui/relative-time';

/** What the Test before this Full run proved, for who decides on it. */
export function TestEvidence({ evidence }: { evidence: ApprovalWire['test_evidence'] }) {
  if (!evidence) return null;
  const { outcome, tested_at: at, checks, tokens, cost_usd_micros: cost, simulated, remark } = evidence;
  const warnings = checks.filter((check) => check.outcome === 'warning');
  return (
    <section aria-label="What the Test proved" className="mt-3 border-l-2 border-completed pl-3 text-sm">
      <p><span className="font-medium">{outcome === 'passed' ? 'Its Test passed' : 'Its Test passed with a remark'}</span> <RelativeTime iso={at} />: {formatCount(checks.length, 'check')}, <span className="font-mono text-xs">{formatTokens(tokens.input)}</span> tokens in, <span className="font-mono text-xs">{formatTokens(tokens.output)}</span> out, {simulated ? 'with the demo provider, which is no evidence for a real one' : cost === null ? 'price unknown' : formatCost(cost)}.</p>
      {remark ? <p className="mt-1 text-muted">{remark}</p> : null}
      {warnings.length > 0 ? <ul className="mt-1 text-waiting">{warnings.map(({ check, detail }) => <li key={check}>{CHECK_WORDS[check] ?? check}: {detail}</li>)}</ul> : null}
    </section>
  );
}

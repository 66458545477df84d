'use client';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { formatAbsolute, formatCost, middleTruncate } from '../../lib/format';
import type { SignedEvidenceWire } from '#contracts/api/evidence.schema';
import { evidenceQuery, useVerifyEvidence, type RunDetailWire } from '../../lib/queries';
import { ProblemPanel } from '../feedback/problem-panel';
import { Button, ButtonAnchor } from '../ui/button';
import { Panel } from '../ui/panel';

/** The server names moments for machines. */
const readable = (detail: string): string => detail.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, (iso) => formatAbsolute(iso));

/** What the Test proves, checked by the server just now. */
export function EvidencePanel({ run }: { run: RunDetailWire }) {
  const { data, error, refetch } = useQuery(evidenceQuery(run.id, run.updated_at));
  if (error && !data) return <ProblemPanel error={error} onRetry={() => void refetch()} />;
  if (!data) return null;
  const { evidence, verdict } = data;
  return (
    <Panel title="Evidence" aside={verdict ? (verdict.valid ? (verdict.fresh ? 'valid and fresh' : 'valid, too old for a Full run') : 'not valid') : 'none'}>
      <p className="text-muted">{data.reason}</p>
      {verdict ? <p className={verdict.valid ? 'mt-1.5' : 'mt-1.5 font-medium text-failed'}>{readable(verdict.detail)}</p> : null}
      {evidence ? (
        <dl className="mt-3 grid gap-x-6 gap-y-1 border-t pt-3 sm:grid-cols-[10rem_1fr]">
          <dt className="text-muted">Test of run</dt><dd><Link href={`/runs/${evidence.record.run_id}`} className="prose-link font-mono text-sm">{middleTruncate(evidence.record.run_id)}</Link></dd>
          <dt className="text-muted">Model</dt><dd>{evidence.record.provider} <span className="font-mono text-sm">{evidence.record.model}</span></dd>
          <dt className="text-muted">Outcome</dt><dd>{evidence.record.outcome === 'passed' ? 'passed' : `passed with a remark: ${evidence.record.remark ?? ''}`}</dd>
          <dt className="text-muted">Cost</dt><dd className="font-mono text-sm">{formatCost(evidence.record.cost_usd_micros)}</dd>
          <dt className="text-muted">Counts until</dt><dd>{verdict?.fresh_until ? formatAbsolute(verdict.fresh_until) : '–'}</dd>
          <dt className="text-muted">Inputs</dt><dd className="font-mono text-sm break-all">sha256 {middleTruncate(evidence.record.input_digest, 16, 8)}</dd>
          <dt className="text-muted">Signed with</dt><dd className="font-mono text-sm">Ed25519 {evidence.key_id}</dd>
        </dl>
      ) : null}
      {evidence ? <Verify evidence={evidence} /> : null}
    </Panel>
  );
}

/** Anybody can have it checked: what is sent is exactly what evidence.json holds. */
function Verify({ evidence }: { evidence: SignedEvidenceWire }) {
  const verify = useVerifyEvidence();
  const file = `data:application/json;charset=utf-8,${encodeURIComponent(`${JSON.stringify(evidence, null, 2)}\n`)}`;
  return (
    <div data-print="hide" className="mt-4 border-t pt-3">
      <div className="flex flex-wrap gap-2">
        <Button size="sm" className="max-sm:h-11" disabled={verify.isPending} onClick={() => verify.mutate(evidence)}>{verify.isPending ? 'Verifying…' : 'Verify now'}</Button>
        <ButtonAnchor size="sm" className="max-sm:h-11" href={file} download="evidence.json">Download evidence.json</ButtonAnchor>
      </div>
      <div role="status" className="mt-2">
        {verify.data ? <p className={verify.data.valid ? 'font-medium text-completed' : 'font-medium text-failed'}>{verify.data.valid ? '✓ Valid' : '× Not valid'}: {readable(verify.data.detail)}</p> : null}
        {verify.error ? <p className="text-failed">It could not be verified: {verify.error.message}</p> : null}
      </div>
    </div>
  );
}

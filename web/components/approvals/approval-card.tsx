'use client';
import { useId, useState } from 'react';
import { hasLimits } from '#contracts/granted-limits';
import { ApiError } from '../../lib/api-client';
import { formatAbsolute } from '../../lib/format';
import { NOTHING_LOWER, readLower, type LowerFields } from '../../lib/lower-limits';
import { useDecideGate, type ApprovalWire } from '../../lib/queries';
import { Button, ButtonLink } from '../ui/button';
import { Fold } from '../ui/fold';
import { Textarea } from '../ui/input';
import { Panel } from '../ui/panel';
import { RelativeTime } from '../ui/relative-time';
import { LowerLimits } from './lower-limits';
import { TestEvidence } from './test-evidence';
import { isNothing, Shown } from './shown';

/** What is decided on and the decision, the same on the Approvals page and on the page of the run.
 * @param onDecided  told once the server has taken it */
export function ApprovalCard({ gate, onDecided }: { gate: ApprovalWire; onDecided?: (decision: 'approve' | 'reject') => void }) {
  const id = useId();
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [lower, setLower] = useState<LowerFields>(NOTHING_LOWER);
  const [wrong, setWrong] = useState<Partial<LowerFields>>({});
  const decide = useDecideGate();
  const send = async (decision: 'approve' | 'reject'): Promise<void> => {
    if (decision === 'reject' && reason.trim() === '') { setProblem('Say why, so that the other person can change it'); return; }
    const { limits, errors } = gate.asked_limits && decision === 'approve' ? readLower(gate.asked_limits, lower) : { limits: {}, errors: {} };
    setWrong(errors);
    if (Object.keys(errors).length > 0) return;
    setProblem(null);
    try {
      await decide.mutateAsync({ runId: gate.run_id, gateId: gate.gate_id, decision, shown_hash: gate.shown_hash, ...(reason.trim() ? { reason: reason.trim() } : {}), ...(hasLimits(limits) ? { limits } : {}) });
      onDecided?.(decision);
    } catch (error) {
      setProblem(error instanceof ApiError ? (error.problem.detail ?? error.problem.title) : 'That did not work; try again.');
    }
  };
  const lowered = gate.asked_limits !== null && hasLimits(readLower(gate.asked_limits, lower).limits);
  return (
    <Panel title={gate.title} aside={<>asked <RelativeTime iso={gate.created_at} />{gate.reminded_at ? <span className="text-waiting">, reminded <RelativeTime iso={gate.reminded_at} /></span> : null}</>}>
      <p className="text-muted">{gate.workflow_title}, started by {gate.requested_by}{gate.kind === 'approval' && gate.approvers > 1 ? `; ${gate.approvers} people have to agree` : ''}. No answer until {formatAbsolute(gate.expires_at)} means {gate.kind === 'approval' ? 'no' : 'none'}.</p>
      <TestEvidence evidence={gate.test_evidence} />
      {isNothing(gate.shown) ? null : (
        <>
          {/* Long texts scroll; a scroll area without controls has to be reachable by keyboard. */}
          <div tabIndex={0} role="group" aria-label="What you decide on" className="mt-3 max-h-[28rem] overflow-auto border bg-sunken p-4"><Shown value={gate.shown} /></div>
          <Fold title="Exactly as it is hashed and kept" aside={<span className="font-mono">{gate.shown_hash.slice(0, 12)}…</span>} className="mt-2"><pre tabIndex={0} className="max-h-80 overflow-auto border bg-sunken p-3 font-mono text-sm whitespace-pre-wrap">{JSON.stringify(gate.shown, null, 2)}</pre></Fold>
        </>
      )}
      {gate.kind === 'question' ? <ButtonLink variant="primary" className="mt-3" href={`/runs/${gate.run_id}`}>Answer on the run&apos;s page</ButtonLink> : (
        <div className="mt-3">
          <label htmlFor={id} className="text-sm font-medium">Reason <span className="text-muted">(needed for a no)</span></label>
          <Textarea id={id} value={reason} maxLength={1000} onChange={(event) => setReason(event.target.value)} aria-describedby={problem ? `${id}-problem` : undefined} className="mt-1" />
          {problem ? <p id={`${id}-problem`} role="alert" className="mt-1 text-sm text-failed">{problem}</p> : null}
          {gate.asked_limits ? <LowerLimits asked={gate.asked_limits} fields={lower} shownErrors={wrong} onChange={setLower} /> : null}
          <div className="mt-3 flex flex-wrap gap-2">
            <Button variant="primary" className="max-sm:h-11 max-sm:flex-1" disabled={decide.isPending || decide.isSuccess} onClick={() => void send('approve')}>{lowered ? 'Approve with less' : 'Approve'}</Button>
            <Button variant="danger" className="max-sm:h-11 max-sm:flex-1" disabled={decide.isPending || decide.isSuccess} onClick={() => void send('reject')}>Reject</Button>
          </div>
        </div>
      )}
    </Panel>
  );
}

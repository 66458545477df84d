'use client';
import { useEffect, useId, useRef, useState } from 'react';
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
import { GateShown } from './gate-shown';
import { LowerLimits } from './lower-limits';
import { isNothing } from './shown';
import { TestEvidence } from './test-evidence';

/** What is decided on and the decision, the same on the Approvals page and on the page of the run.
 * @param onDecided  told once the server has taken it */
export function ApprovalCard({ gate, onDecided }: { gate: ApprovalWire; onDecided?: (decision: 'approve' | 'reject') => void }) {
  const id = useId();
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [lower, setLower] = useState<LowerFields>(NOTHING_LOWER);
  const [wrong, setWrong] = useState<Partial<LowerFields>>({});
  const decide = useDecideGate();
  const reasonField = useRef<HTMLTextAreaElement>(null);
  const limits = useRef<HTMLDivElement>(null);
  // The bar of the decision stays in view; what it asks for may be out of it.
  useEffect(() => { if (Object.keys(wrong).length > 0) limits.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus(); }, [wrong]);
  const send = async (decision: 'approve' | 'reject'): Promise<void> => {
    if (decision === 'reject' && reason.trim() === '') { setProblem('Say why, so that the other person can change it'); reasonField.current?.focus(); return; }
    const { limits: less, errors } = gate.asked_limits && decision === 'approve' ? readLower(gate.asked_limits, lower) : { limits: {}, errors: {} };
    setWrong(errors);
    if (Object.keys(errors).length > 0) return;
    setProblem(null);
    try {
      await decide.mutateAsync({ runId: gate.run_id, gateId: gate.gate_id, decision, shown_hash: gate.shown_hash, ...(reason.trim() ? { reason: reason.trim() } : {}), ...(hasLimits(less) ? { limits: less } : {}) });
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
          <GateShown shown={gate.shown} label="What you decide on" className="mt-3 max-h-[28rem]" />
          <Fold title="Exactly as it is hashed and kept" aside={<span className="font-mono">{gate.shown_hash.slice(0, 12)}…</span>} className="mt-2"><pre tabIndex={0} className="max-h-80 overflow-auto border bg-sunken p-3 font-mono text-sm whitespace-pre-wrap">{JSON.stringify(gate.shown, null, 2)}</pre></Fold>
        </>
      )}
      {gate.kind === 'question' ? null : (
        <div className="mt-3">
          <label htmlFor={id} className="text-sm font-medium">Reason <span className="text-muted">(needed for a no)</span></label>
          <Textarea ref={reasonField} id={id} value={reason} maxLength={1000} onChange={(event) => setReason(event.target.value)} aria-describedby={problem ? `${id}-problem` : undefined} className="mt-1" />
          {gate.asked_limits ? <div ref={limits}><LowerLimits asked={gate.asked_limits} fields={lower} shownErrors={wrong} onChange={setLower} /></div> : null}
        </div>
      )}
      {/* What is decided on may be long: the decision is at hand all the while. */}
      <div data-slot="decision" className="sticky bottom-0 z-10 -mx-4 mt-3 -mb-4 border-t bg-surface px-4 py-3">
        {problem ? <p id={`${id}-problem`} role="alert" className="mb-2 text-sm text-failed">{problem}</p> : null}
        {gate.kind === 'question' ? <ButtonLink variant="primary" className="max-sm:h-11 max-sm:w-full" href={`/runs/${gate.run_id}`}>Answer on the run&apos;s page</ButtonLink> : (
          <div className="flex flex-wrap gap-2">
            <Button variant="primary" className="max-sm:h-11 max-sm:flex-1" disabled={decide.isPending || decide.isSuccess} onClick={() => void send('approve')}>{lowered ? 'Approve with less' : 'Approve'}</Button>
            <Button variant="danger" className="max-sm:h-11 max-sm:flex-1" disabled={decide.isPending || decide.isSuccess} onClick={() => void send('reject')}>Reject</Button>
          </div>
        )}
      </div>
    </Panel>
  );
}

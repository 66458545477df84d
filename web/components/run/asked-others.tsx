'use client';
import type { GateView } from '#contracts/run-reducer';
import { ApiError } from '../../lib/api-client';
import { formatCount } from '../../lib/format';
import { useRemindGate } from '../../lib/queries';
import { Button } from '../ui/button';
import { RelativeTime } from '../ui/relative-time';
import { notify } from '../ui/toast';

const WHO: Record<string, string> = { admin: 'administrator', researcher: 'researcher or administrator' };

/** An approval, for the one who waits for it: how far it is, who can give it, and two ways to bring it to them. */
export function AskedOthers({ runId, gate }: { runId: string; gate: GateView }) {
  const remind = useRemindGate(runId);
  const agreed = gate.decisions.filter((decision) => decision.decision === 'approve');
  const send = async (): Promise<void> => {
    try {
      await remind.mutateAsync(gate.gateId);
    } catch (error) {
      notify('Nobody was reminded', 'problem', error instanceof ApiError ? `${error.problem.detail ?? error.problem.title} ${error.remedy}` : undefined);
    }
  };
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(new URL(`/runs/${runId}`, window.location.href).href);
      notify('Link copied', 'done', 'Whoever may approve decides at this address; nobody else sees anything there.');
    } catch {
      notify('The link could not be copied', 'problem', 'Copy it from the address line.');
    }
  };
  return (
    <>
      <p className="mt-1 text-muted">{agreed.length} of {formatCount(gate.approvers, 'approval')}{agreed.length > 0 ? ` (${agreed.map((decision) => decision.by).join(', ')})` : ''}. Any {WHO[gate.role ?? 'admin'] ?? gate.role} but you can decide, under Approvals or at the address of this page{gate.delegations.length > 0 ? `; handed on to ${gate.delegations.map(({ to }) => to).join(', ')}` : ''}.</p>
      <div className="mt-3 flex flex-wrap items-center gap-2">
        <Button className="max-sm:h-11" disabled={remind.isPending || remind.isSuccess} onClick={() => void send()}>Remind them</Button>
        <Button className="max-sm:h-11" onClick={() => void copy()}>Copy the link for them</Button>
        {gate.remindedAt ? <span role="status" className="text-sm text-muted">Reminded <RelativeTime iso={gate.remindedAt} /></span> : null}
      </div>
    </>
  );
}

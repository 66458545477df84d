'use client';
import { useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import type { RerunBodyWire, RerunPreviewWire } from '#contracts/api/reruns.schema';
import { ApiError } from '../../lib/api-client';
import { formatCost, formatCount, formatTokens } from '../../lib/format';
import { createKeyring } from '../../lib/idempotency';
import { rerunPreviewQuery, useRerun, type RunDetailWire } from '../../lib/queries';
import { STAGE_WORDS } from '../../lib/status';
import { ProblemPanel } from '../feedback/problem-panel';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { RadioGroup, RadioItem } from '../ui/radio-group';
import { Select } from '../ui/select';
import { notify } from '../ui/toast';

type Kind = RerunBodyWire['kind'];
const WORDS: Record<Kind, { label: string; sentence: string }> = {
  failed_only: { label: 'Only what failed', sentence: 'Keeps every answer that is there and goes on where it stopped.' },
  from_step: { label: 'From a step', sentence: 'Keeps what came before that step and does it and the rest anew.' },
  start: { label: 'From the start', sentence: 'Same inputs, everything anew.' },
};
const STATE_WORDS: Record<RerunPreviewWire['calls'][number]['state'], string> = { reused: 'free', edited: 'free', maybe: 'maybe free', to_pay: 'to pay' };

/** Three ways to run it again, with what is free and what is paid before the click. */
export function RerunDialog({ run, open, onOpenChange }: { run: RunDetailWire; open: boolean; onOpenChange: (open: boolean) => void }) {
  const steps = run.stages.flatMap((stage) => (stage.stage === 'validate' ? [] : stage.steps.filter((step) => step.completions > 0).map((step) => ({ value: `${stage.stage}/${step.step}`, label: step.title, note: STAGE_WORDS[stage.stage] }))));
  const kinds = (['failed_only', 'from_step', 'start'] as const).filter((kind) => kind === 'start' || (steps.length > 0 && (kind === 'from_step' || run.status !== 'completed')));
  const [chosen, setKind] = useState<Kind | null>(null);
  const [step, setStep] = useState<string | null>(null);
  const [keyFor] = useState(() => createKeyring());
  const router = useRouter();
  const kind = chosen ?? kinds[0] ?? 'start';
  const from = step ?? steps.at(-1)?.value ?? '';
  const [stage, name] = [from.slice(0, from.indexOf('/')), from.slice(from.indexOf('/') + 1)];
  const body: RerunBodyWire = kind === 'from_step' ? { kind, from: { stage: stage as 'test' | 'full', step: name } } : { kind };
  const preview = useQuery({ ...rerunPreviewQuery(run.id, body), enabled: open });
  const rerun = useRerun(run.id);
  const go = async (): Promise<void> => {
    try {
      const started = await rerun.mutateAsync({ body, idempotencyKey: keyFor(body) });
      onOpenChange(false);
      router.push(`/runs/${started.id}`);
    } catch (error) {
      notify('Could not start it', 'problem', error instanceof ApiError ? (error.problem.detail ?? error.problem.title) : undefined);
    }
  };
  return (
    <Dialog
      open={open} onOpenChange={onOpenChange} title="Run it again" description={<p>A new run, linked with this one. What was paid for is not bought twice.</p>}
      footer={<><Button onClick={() => onOpenChange(false)}>Not now</Button><Button variant="primary" disabled={!preview.data || rerun.isPending} onClick={() => void go()}>{rerun.isPending ? 'Starting…' : 'Run again'}</Button></>}
    >
      <RadioGroup value={kind} onValueChange={(next) => setKind(next as Kind)} aria-label="How" className="mt-4">
        {kinds.map((option) => <label key={option} className="grid cursor-pointer grid-cols-[1.5rem_1fr] gap-x-3"><RadioItem value={option} /><span><span className="font-medium">{WORDS[option].label}</span><span className="block text-muted">{WORDS[option].sentence}</span></span></label>)}
      </RadioGroup>
      {kind === 'from_step' ? <Select className="mt-3" aria-label="From which step" value={from} onValueChange={setStep} options={steps} /> : null}
      <div aria-live="polite" className="mt-4 border-t pt-4">
        {preview.error ? <ProblemPanel error={preview.error} onRetry={() => void preview.refetch()} /> : preview.data ? <Price preview={preview.data} simulated={run.simulated} /> : <p className="text-muted">Working out the price…</p>}
      </div>
    </Dialog>
  );
}

function Price({ preview, simulated }: { preview: RerunPreviewWire; simulated: boolean }) {
  const { counts, cost_usd_micros: cost, tokens } = preview;
  return (
    <>
      <p><span className="font-medium">{formatCount(counts.reused, 'answer')} free</span>{counts.maybe > 0 ? `, ${counts.maybe} maybe` : ''}, {formatCount(counts.to_pay, 'call')} to pay: {simulated ? 'nothing is bought with the demo provider' : cost === null ? 'the price of this model is unknown' : <><span className="font-mono text-sm">{formatCost(cost.low)}</span> to <span className="font-mono text-sm">{formatCost(cost.worst)}</span> at most</>}; at most {formatTokens(tokens.worst)} tokens.</p>
      {preview.notes.map((note) => <p key={note} className="mt-1.5 text-sm text-muted">{note}</p>)}
      <ul className="mt-3 max-h-56 divide-y divide-rule overflow-y-auto border-y">
        {preview.calls.map((call, index) => <li key={call.call_id ?? `${call.stage}/${call.step}/${index}`} className="flex justify-between gap-3 py-1.5"><span>{call.title}<span className="ml-2 text-sm text-muted">{STAGE_WORDS[call.stage]}</span></span><span className="text-right text-sm whitespace-nowrap">{STATE_WORDS[call.state]}{call.state === 'to_pay' && call.cost_usd_micros && !simulated ? <span className="font-mono"> ≤ {formatCost(call.cost_usd_micros.worst)}</span> : null}</span></li>)}
      </ul>
    </>
  );
}

'use client';
import { useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import type { RerunPreviewWire } from '#contracts/api/reruns.schema';
import { ApiError } from '../../lib/api-client';
import { formatCost, formatCount, formatTokens } from '../../lib/format';
import { createKeyring } from '../../lib/idempotency';
import { rerunPreviewQuery, useRerun, workflowQuery, type RunDetailWire } from '../../lib/queries';
import { rerunBody, rerunErrors, type RerunChanges } from '../../lib/rerun-body';
import { STAGE_WORDS } from '../../lib/status';
import { useSettled } from '../../lib/use-settled';
import { ProblemPanel } from '../feedback/problem-panel';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { RadioGroup, RadioItem } from '../ui/radio-group';
import { Select } from '../ui/select';
import { notify } from '../ui/toast';
import { RerunCalls } from './rerun-calls';
import { RerunChangeFields } from './rerun-changes';

const WORDS: Record<RerunChanges['kind'], { label: string; sentence: string }> = {
  failed_only: { label: 'Only what failed', sentence: 'Keeps every answer that is there and goes on where it stopped.' },
  from_step: { label: 'From a step', sentence: 'Keeps what came before that step and does it and the rest again.' },
  start: { label: 'From the start', sentence: 'Does everything again.' },
};
const SETTLE_MS = 400;

/** Three ways to run it again, with changes where they are wanted, and with what is free and what is paid before the click. */
export function RerunDialog({ run, onClose }: { run: RunDetailWire; onClose: () => void }) {
  return (
    <Dialog open onOpenChange={(next) => { if (!next) onClose(); }} title="Run it again" className="sm:max-w-3xl" description={<p>A new run, linked with this one. What was paid for is not bought twice.</p>}>
      <Body run={run} close={onClose} />
    </Dialog>
  );
}

function Body({ run, close }: { run: RunDetailWire; close: () => void }) {
  const steps = run.stages.flatMap((stage) => (stage.stage === 'validate' ? [] : stage.steps.filter((step) => step.completions > 0).map((step) => ({ value: `${stage.stage}/${step.step}`, label: step.title, note: STAGE_WORDS[stage.stage] }))));
  const kinds = (['failed_only', 'from_step', 'start'] as const).filter((kind) => kind === 'start' || (steps.length > 0 && (kind === 'from_step' || run.status !== 'completed')));
  const [changes, setChanges] = useState<RerunChanges>(() => ({ kind: kinds[0] ?? 'start', from: steps.at(-1)?.value ?? '', inputs: null, provider: null, model: null, limits: null, prompts: {}, answers: {} }));
  const change = (part: Partial<RerunChanges>): void => setChanges((before) => ({ ...before, ...part }));
  const [keyFor] = useState(() => createKeyring());
  const router = useRouter();
  const workflow = useQuery(workflowQuery(run.workflow_id));
  const caps = workflow.data?.modes.find(({ run_mode }) => run_mode === run.run_mode)?.caps ?? null;
  const { body, errors } = rerunBody(changes, caps);
  const settled = useSettled(body, SETTLE_MS);
  const wrong = Object.keys(errors).length > 0;
  const preview = useQuery({ ...rerunPreviewQuery(run.id, settled), enabled: !wrong });
  // While the next price is worked out, or refused, the calls of the last one stay: what is marked wrong stands on them.
  const [shown, setShown] = useState(preview.data);
  if (preview.data && preview.data !== shown) setShown(preview.data);
  const rerun = useRerun(run.id);
  const current = !wrong && preview.data !== undefined && !preview.error && JSON.stringify(settled) === JSON.stringify(body);
  const refused = [rerun.error, preview.error].find((error) => error instanceof ApiError);
  const found = refused ? rerunErrors(refused.problem) : rerunErrors({} as never);
  const placed = Object.keys(found.inputs).length + Object.keys(found.limits).length + Object.keys(found.calls).length + (found.provider ? 1 : 0) + (found.model ? 1 : 0) > 0;
  const go = async (): Promise<void> => {
    try {
      const started = await rerun.mutateAsync({ body, idempotencyKey: keyFor(body) });
      close();
      router.push(`/runs/${started.id}`);
    } catch (error) {
      notify('Could not start it', 'problem', error instanceof ApiError ? (error.problem.detail ?? error.problem.title) : undefined);
    }
  };
  return (
    <>
      <RadioGroup value={changes.kind} onValueChange={(kind) => change({ kind: kind as RerunChanges['kind'], answers: {} })} aria-label="How" className="mt-4">
        {kinds.map((option) => <label key={option} className="grid cursor-pointer grid-cols-[1.5rem_1fr] gap-x-3"><RadioItem value={option} /><span><span className="font-medium">{WORDS[option].label}</span><span className="block text-muted">{WORDS[option].sentence}</span></span></label>)}
      </RadioGroup>
      {changes.kind === 'from_step' ? <Select className="mt-3" aria-label="From which step" value={changes.from} onValueChange={(from) => change({ from, answers: {} })} options={steps} /> : null}
      <RerunChangeFields run={run} changes={changes} onChange={change} caps={caps} preview={shown} errors={{ ...found, model: errors['model'] ?? found.model, limits: { ...found.limits, ...errors } }} />
      <div className="mt-4 border-t pt-4">
        {shown ? <RerunCalls run={run} preview={shown} changes={changes} onChange={change} errors={found.calls} /> : preview.error ? null : <p className="text-muted">Working out the price…</p>}
      </div>
      {refused && (!placed || found.other.length > 0) ? <div className="mt-4"><ProblemPanel error={refused} onRetry={() => { rerun.reset(); void preview.refetch(); }} kept={found.other.join(' · ') || 'Nothing was started.'} /></div> : null}
      <div className="sticky -bottom-4 -mx-5 mt-4 -mb-4 flex flex-wrap items-center justify-end gap-x-3 gap-y-2 border-t bg-sunken px-5 py-3">
        <p aria-live="polite" data-slot="rerun-price" className="mr-auto min-w-48 flex-1 max-sm:min-w-full">
          {wrong || (refused && placed) ? <span className="font-medium text-failed">Mend what is marked above.</span> : current && preview.data ? <Price preview={preview.data} simulated={preview.data.provider === 'demo'} /> : refused ? 'No price.' : 'Working out the price…'}
        </p>
        <Button onClick={close} className="max-sm:h-11 max-sm:flex-1">Not now</Button><Button variant="primary" className="max-sm:h-11 max-sm:flex-1" disabled={!current || rerun.isPending} onClick={() => void go()}>{rerun.isPending ? 'Starting…' : 'Run again'}</Button>
      </div>
    </>
  );
}

function Price({ preview: { counts, cost_usd_micros: cost, tokens }, simulated }: { preview: RerunPreviewWire; simulated: boolean }) {
  return (
    <>
      <span className="block font-medium">{simulated ? 'Nothing is bought with the demo provider' : cost === null ? 'The price of this model is unknown' : <><span className="font-mono text-sm">{formatCost(cost.low)}</span> to <span className="font-mono text-sm">{formatCost(cost.worst)}</span></>}</span>
      <span className="block text-sm text-muted">{formatCount(counts.reused, 'answer')} free{counts.maybe > 0 ? `, ${counts.maybe} maybe` : ''}, {formatCount(counts.to_pay, 'call')} to pay, at most {formatTokens(tokens.worst)} tokens</span>
    </>
  );
}

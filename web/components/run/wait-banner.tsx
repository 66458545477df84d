'use client';
import dynamic from 'next/dynamic';
import { useId, useState, type FormEvent } from 'react';
import type { GateView, RunView, WaitView } from '#contracts/run-reducer';
import { ApiError } from '../../lib/api-client';
import { parseDollars, proposedDollars } from '../../lib/budget';
import { formatDay, formatDuration, formatTimeOfDay } from '../../lib/format';
import { useRaiseBudget } from '../../lib/queries';
import { shownBesides } from '../../lib/shown-schema';
import { WAIT_WORDS } from '../../lib/status';
import { GateShown } from '../approvals/gate-shown';
import { isNothing } from '../approvals/shown';
import { Button } from '../ui/button';
import { Input } from '../ui/input';
import { Skeleton } from '../ui/skeleton';
import { AskedOthers } from './asked-others';

/** Brings the form engine; only a run that asks needs it. */
const QuestionForm = dynamic(async () => (await import('./question-form')).QuestionForm, { ssr: false, loading: () => <Skeleton className="mt-3 h-36" /> });

/** What the run waits for, until when, and what the person can do about it: one block a wait. */
export function WaitBanner({ runId, view, now }: { runId: string; view: RunView; now: number }) {
  return view.waits.map((wait) => (
    <section key={wait.waitId} aria-label={WAIT_WORDS[wait.reason]} data-slot="wait" className="mb-5 border border-l-4 border-rule border-l-waiting bg-surface p-4">
      <h2 className="text-md font-medium">{WAIT_WORDS[wait.reason]}</h2>
      <p className="mt-1 break-words">{wait.detail}</p>
      <About gate={view.gates.find((gate) => gate.gateId === wait.waitId)} said={wait.detail} />
      <Action runId={runId} wait={wait} gate={view.gates.find((gate) => gate.gateId === wait.waitId)} />
      <p className="mt-3 text-sm text-muted">
        {wait.nextTryAt ? `Next try in ${formatDuration(Math.max(0, Date.parse(wait.nextTryAt) - now))}. ` : ''}
        {wait.until ? `It waits until ${formatDay(wait.until)}, ${formatTimeOfDay(wait.until)}, and then ends with what it has. ` : ''}
        Time spent waiting is not counted. You can cancel the run above.
      </p>
    </section>
  ));
}

/** What the question or the approval is about: the same that stands on the Approvals page, but for what is said above it. */
function About({ gate, said }: { gate: GateView | undefined; said: string }) {
  const shown = gate ? shownBesides(gate.shown, said) : null;
  if (isNothing(shown)) return null;
  return (
    <div className="mt-3">
      <h3 className="text-sm font-medium">What this is about</h3>
      <GateShown shown={shown} label="What this is about" className="mt-1 max-h-[min(45dvh,24rem)]" />
    </div>
  );
}

function Action({ runId, wait, gate }: { runId: string; wait: WaitView; gate: GateView | undefined }) {
  if (wait.reason === 'budget' && wait.budget) return <BudgetForm key={wait.waitId} runId={runId} wait={wait} />;
  if (gate?.kind === 'question') return <QuestionForm key={gate.gateId} runId={runId} gate={gate} />;
  return gate ? <AskedOthers runId={runId} gate={gate} /> : null;
}

function BudgetForm({ runId, wait }: { runId: string; wait: WaitView }) {
  const id = useId();
  const { limit_usd_micros: limit = 0, needed_usd_micros: needed = 0 } = wait.budget ?? {};
  const [text, setText] = useState(() => proposedDollars(limit, needed));
  const [problem, setProblem] = useState<string | null>(null);
  const raise = useRaiseBudget(runId);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const micros = parseDollars(text);
    if (micros === null || micros <= limit) { setProblem(`Write an amount in dollars above $${(limit / 1_000_000).toFixed(4)}`); return; }
    setProblem(null);
    try {
      await raise.mutateAsync({ cost_usd_micros: micros, wait_id: wait.waitId });
    } catch (error) {
      setProblem(error instanceof ApiError ? (error.problem.detail ?? error.problem.title) : 'That did not work; try again.');
    }
  };
  return (
    <form noValidate onSubmit={(event) => void submit(event)} className="mt-3 flex flex-wrap items-end gap-3">
      <div>
        <label htmlFor={id} className="text-sm font-medium">New budget of the run, in dollars</label>
        <Input id={id} inputMode="decimal" value={text} onChange={(event) => setText(event.target.value)} aria-invalid={problem !== null} aria-describedby={problem ? `${id}-problem` : undefined} className="mt-1 w-40 font-mono" />
      </div>
      <Button type="submit" variant="primary" disabled={raise.isPending || raise.isSuccess}>{raise.data?.state === 'pending' ? 'Stored; waiting for a worker' : 'Raise and go on'}</Button>
      {problem ? <p id={`${id}-problem`} role="alert" className="w-full text-sm text-failed">{problem}</p> : null}
    </form>
  );
}

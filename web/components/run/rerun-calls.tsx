'use client';
import { useState } from 'react';
import type { RerunPreviewWire } from '#contracts/api/reruns.schema';
import { formatCost } from '../../lib/format';
import type { RunDetailWire } from '../../lib/queries';
import type { RerunChanges } from '../../lib/rerun-body';
import { STAGE_WORDS } from '../../lib/status';
import { Button } from '../ui/button';
import { CallEditor } from './call-editor';

type Call = RerunPreviewWire['calls'][number];
const STATE_WORDS: Record<Call['state'], string> = { reused: 'free', edited: 'yours, free', maybe: 'maybe free', to_pay: 'to pay' };

interface RerunCallsProps { run: RunDetailWire; preview: RerunPreviewWire; changes: RerunChanges; onChange: (part: Partial<RerunChanges>) => void; errors: Record<string, string> }

/** Every call of the re-run with its price; a recorded one can be looked at and asked or answered otherwise. */
export function RerunCalls({ run, preview, changes, onChange, errors }: RerunCallsProps) {
  const [open, setOpen] = useState<string | null>(null);
  const simulated = preview.provider === 'demo';
  return (
    <>
      <h3 className="font-medium">Calls</h3>
      {preview.notes.map((note) => <p key={note} className="mt-1 text-sm text-muted">{note}</p>)}
      <ol className="mt-2 divide-y divide-rule border-y">
        {preview.calls.map((call, index) => {
          const id = call.call_id;
          const touched = id !== null && (Object.hasOwn(changes.prompts, id) ? 'prompt edited' : Object.hasOwn(changes.answers, id) ? 'answer edited' : null);
          const wrong = id === null ? undefined : errors[id];
          return (
            <li key={id ?? `${call.stage}/${call.step}/${index}`} data-call={id ?? undefined} className="py-1.5">
              <div className="flex flex-wrap items-center gap-x-3">
                <span className="min-w-0 flex-1">{call.title}<span className="ml-2 text-sm text-muted">{STAGE_WORDS[call.stage]}</span>{touched ? <span className="ml-2 text-sm font-medium text-waiting">{touched}</span> : null}</span>
                <span className="text-right text-sm whitespace-nowrap">{STATE_WORDS[call.state]}{call.state !== 'reused' && call.state !== 'edited' && call.cost_usd_micros && !simulated ? <span className="font-mono"> ≤ {formatCost(call.cost_usd_micros.worst)}</span> : null}</span>
                {id ? <Button variant="quiet" size="sm" className="max-sm:h-11" aria-expanded={open === id} onClick={() => setOpen(open === id ? null : id)}>{open === id ? 'Close' : 'Look, edit'}<span className="sr-only">: {call.title}, {STAGE_WORDS[call.stage]}</span></Button> : <span aria-hidden className="w-[4.5rem] max-sm:hidden" />}
              </div>
              {wrong ? <p role="alert" className="mt-1 text-sm font-medium text-failed">{wrong}</p> : null}
              {id && open === id ? <CallEditor runId={run.id} callId={id} taken={call.state === 'reused' || call.state === 'edited' || call.state === 'maybe'} locked={run.run_mode === 'full_run' && call.stage === 'test'} changes={changes} onChange={onChange} /> : null}
            </li>
          );
        })}
      </ol>
    </>
  );
}

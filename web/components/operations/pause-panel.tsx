'use client';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { pauseQuery, useChangePause } from '../../lib/queries';
import { ProblemPanel } from '../feedback/problem-panel';
import { Button } from '../ui/button';
import { Field } from '../ui/field';
import { Panel } from '../ui/panel';
import { RelativeTime } from '../ui/relative-time';

/** The kill switch: no model call of anybody begins while it is on. Runs wait with the reason and go on by themselves. */
export function PausePanel() {
  const { data } = useQuery(pauseQuery);
  const [reason, setReason] = useState('');
  const change = useChangePause();
  const pause = (event: FormEvent) => {
    event.preventDefault();
    change.mutate({ paused: true, reason }, { onSuccess: () => setReason('') });
  };
  return (
    <Panel title="Model calls" aside={data?.paused ? 'paused' : 'allowed'}>
      {data?.paused ? (
        <div className="grid justify-items-start gap-3">
          <p role="status"><span className="font-medium">All model calls are paused</span>{data.since ? <>, <RelativeTime iso={data.since} /></> : null}: {data.reason}. Runs wait and lose nothing.</p>
          <Button onClick={() => change.mutate({ paused: false })} disabled={change.isPending}>Let model calls go on</Button>
        </div>
      ) : (
        <form onSubmit={pause} className="grid justify-items-start gap-3">
          <p className="max-w-prose text-muted">In an emergency: no model call of anybody begins after it; what is under way ends by itself. Runs wait with your reason and go on when you take it back.</p>
          <div className="w-full max-w-prose"><Field label="Reason" hint="Shown on every run that waits." value={reason} onChange={(event) => setReason(event.target.value)} minLength={3} maxLength={300} required /></div>
          <Button type="submit" variant="danger" disabled={change.isPending || reason.trim().length < 3}>Pause all model calls</Button>
        </form>
      )}
      {change.error ? <div className="mt-3"><ProblemPanel error={change.error} kept="Nothing was changed." /></div> : null}
    </Panel>
  );
}

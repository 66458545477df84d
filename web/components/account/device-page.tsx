'use client';
import { useSearchParams } from 'next/navigation';
import { useState, type FormEvent } from 'react';
import { useDeviceDecision, useDevicePreview } from '../../lib/account-queries';
import { ApiError } from '../../lib/api-client';
import { Button } from '../ui/button';
import { Input } from '../ui/input';
import { RelativeTime } from '../ui/relative-time';

/** Where a person lets a command line in: the code is looked up, what it asks for is shown, and only then it is decided. */
export function DevicePage() {
  const [code, setCode] = useState(useSearchParams().get('code') ?? '');
  const [ended, setEnded] = useState<'approve' | 'deny' | null>(null);
  const preview = useDevicePreview();
  const decide = useDeviceDecision();
  const error = preview.error ?? decide.error;
  const request = preview.data;
  const look = (event: FormEvent): void => {
    event.preventDefault();
    preview.mutate(code);
  };
  const end = (decision: 'approve' | 'deny'): void => decide.mutate({ user_code: code, decision }, { onSuccess: () => setEnded(decision) });
  return (
    <div className="max-w-xl">
      <h1 className="page-title">Let a command line in</h1>
      {ended ? <p role="status" className="mt-4">{ended === 'approve' ? 'It is let in. You can close this page; the token stands under Account, API tokens, where you can revoke it.' : 'It was refused. Nothing was given out.'}</p> : null}
      {!ended && !request ? (
        <form onSubmit={look} className="mt-1" noValidate>
          <p className="mb-4 text-md text-muted">A terminal where you typed <span className="font-mono text-base">awp login</span> waits for you. You see what it asks for before anything is given.</p>
          <label htmlFor="device-code" className="block font-medium">The code that “awp login” shows</label>
          <Input id="device-code" className="mt-1.5 font-mono uppercase" autoComplete="off" spellCheck={false} placeholder="XXXX-XXXX" value={code} onChange={(event) => setCode(event.target.value)} aria-describedby={error ? 'device-error' : undefined} aria-invalid={error ? true : undefined} />
          <Button className="mt-3" type="submit" variant="primary" disabled={preview.isPending || code.trim().length < 8}>See what it asks for</Button>
        </form>
      ) : null}
      {!ended && request ? (
        <div className="mt-4 grid gap-3">
          <p>Somebody at <strong>{request.client_name}</strong>{request.ip_address ? ` (${request.ip_address})` : ''} wants to work as you since <RelativeTime iso={request.created_at} />. Go on only if that was you and the code there is <span className="font-mono">{code.toUpperCase()}</span>.</p>
          <p className="text-muted">It gets a token for {request.token_days} days that may: {request.scopes.join(', ')}. It may not administer, change keys or make tokens.</p>
          <div className="flex gap-2">
            <Button variant="primary" disabled={decide.isPending} onClick={() => end('approve')}>Let it in</Button>
            <Button disabled={decide.isPending} onClick={() => end('deny')}>Refuse</Button>
          </div>
        </div>
      ) : null}
      {error ? <p id="device-error" role="alert" className="mt-3 text-sm font-medium text-failed">{error instanceof ApiError ? (error.problem.detail ?? error.problem.title) : 'The server did not answer.'}</p> : null}
    </div>
  );
}

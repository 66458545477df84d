'use client';
import { useQuery } from '@tanstack/react-query';
import { sessionsQuery, useEndSession } from '../../lib/account-queries';
import { formProblem } from '../../lib/field-errors';
import { ProblemPanel } from '../feedback/problem-panel';
import { Button } from '../ui/button';
import { RelativeTime } from '../ui/relative-time';
import { Loading, Skeleton } from '../ui/skeleton';
import { notify } from '../ui/toast';

/** The browser as people know it. */
function browserOf(agent: string | null): string {
  const name = /Firefox|Edg|Chrome|Safari|curl|node/.exec(agent ?? '')?.[0];
  const system = /Windows|Android|iPhone|iPad|Mac OS X|Linux/.exec(agent ?? '')?.[0];
  return name ? `${name === 'Edg' ? 'Edge' : name}${system ? ` on ${system}` : ''}` : 'Unknown browser';
}

export function SessionList() {
  const sessions = useQuery(sessionsQuery);
  const end = useEndSession();
  const fail = (error: unknown): void => notify('The session could not be ended', 'problem', formProblem(error).whole ?? undefined);
  if (sessions.error && !sessions.data) return <ProblemPanel error={sessions.error} onRetry={() => void sessions.refetch()} />;
  if (!sessions.data) return <Loading label="Loading sessions"><Skeleton className="h-16" /></Loading>;
  return (
    <>
      <ul className="divide-y">
        {sessions.data.map((session) => (
          <li key={session.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2">
            <span className="font-medium">{browserOf(session.user_agent)}{session.current ? <span className="ml-2 text-sm text-muted">this browser</span> : null}</span>
            <span className="text-sm text-muted">{session.ip_address ?? 'unknown address'} · seen <RelativeTime iso={session.last_seen_at} /></span>
            {session.current ? null : <Button size="sm" className="ml-auto" disabled={end.isPending} onClick={() => end.mutate(session.id, { onError: fail })}>End<span className="sr-only"> the session of {browserOf(session.user_agent)}</span></Button>}
          </li>
        ))}
      </ul>
      {sessions.data.length > 1 ? <Button className="mt-3" disabled={end.isPending} onClick={() => end.mutate('others', { onError: fail })}>End all others</Button> : null}
    </>
  );
}

'use client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { formProblem } from '../../lib/field-errors';
import { everybodysQuery, useSwitchWebhook } from '../../lib/webhook-queries';
import { standingOf } from '../../lib/webhook-words';
import { ProblemPanel } from '../feedback/problem-panel';
import { Button } from '../ui/button';
import { Panel } from '../ui/panel';
import { Loading, Skeleton } from '../ui/skeleton';
import { notify } from '../ui/toast';

/** For administrators: where this installation sends to, for whom, and a switch. */
export function EverybodysWebhooks() {
  const all = useInfiniteQuery(everybodysQuery);
  const flip = useSwitchWebhook();
  const rows = all.data?.pages.flatMap((page) => page.rows) ?? [];
  const set = async (id: string, is_active: boolean): Promise<void> => {
    try {
      await flip.mutateAsync({ id, is_active });
    } catch (error) {
      notify('It could not be switched', 'problem', formProblem(error).whole ?? undefined);
    }
  };
  return (
    <Panel title="Everybody's" aside="host and owner; the rest of an address may be a secret">
      {all.isPending ? <Loading label="Loading everybody's webhooks"><Skeleton className="h-10" /></Loading> : null}
      {all.error && !all.data ? <ProblemPanel error={all.error} onRetry={() => void all.refetch()} /> : null}
      {all.data && rows.length === 0 ? <p className="text-muted">Nobody has one.</p> : null}
      <ul className="divide-y">
        {rows.map(({ id, host, owner, ...row }) => {
          const standing = standingOf(row);
          return (
            <li key={id} className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2">
              <span className="font-mono text-sm break-all">{host}</span>
              <span className="text-sm break-words">{owner.name} <span className="text-muted">{owner.email}</span></span>
              <span className={standing.bad ? 'text-sm text-failed' : 'text-sm text-muted'}>{standing.text}</span>
              <Button size="sm" className="ml-auto" disabled={flip.isPending} onClick={() => void set(id, !row.is_active)}>{row.is_active ? 'Switch off' : 'Switch on'}<span className="sr-only"> {host} of {owner.name}</span></Button>
            </li>
          );
        })}
      </ul>
      {all.hasNextPage ? <Button size="sm" className="mt-3" disabled={all.isFetchingNextPage} onClick={() => void all.fetchNextPage()}>Older</Button> : null}
    </Panel>
  );
}

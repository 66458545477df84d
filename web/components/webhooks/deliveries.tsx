'use client';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import type { DeliveryWire } from '#contracts/api/webhooks.schema';
import { WEBHOOK_EVENT_WORDS } from '#contracts/webhooks';
import { formProblem } from '../../lib/field-errors';
import { formatDuration } from '../../lib/format';
import { deliveriesQuery, deliveryQuery, useSendAgain } from '../../lib/webhook-queries';
import { deliveryWords } from '../../lib/webhook-words';
import { ProblemPanel } from '../feedback/problem-panel';
import { Button } from '../ui/button';
import { Fold } from '../ui/fold';
import { RelativeTime } from '../ui/relative-time';
import { Loading, Skeleton } from '../ui/skeleton';
import { notify } from '../ui/toast';

interface DeliveriesProps { webhookId: string; isActive: boolean; mayWrite: boolean }

/** What was sent to one endpoint, newest first, and what waits. */
export function Deliveries({ webhookId, isActive, mayWrite }: DeliveriesProps) {
  const deliveries = useInfiniteQuery(deliveriesQuery(webhookId));
  const rows = deliveries.data?.pages.flatMap((page) => page.rows) ?? [];
  return (
    <div className="px-4 py-3">
      <h3 className="text-sm font-semibold">Deliveries</h3>
      {deliveries.isPending ? <Loading label="Loading deliveries" className="mt-2"><Skeleton className="h-10" /></Loading> : null}
      {deliveries.error && !deliveries.data ? <div className="mt-2"><ProblemPanel error={deliveries.error} onRetry={() => void deliveries.refetch()} /></div> : null}
      {deliveries.data && rows.length === 0 ? <p className="mt-2 text-muted">Nothing yet. A test shows whether it arrives.</p> : null}
      <ol className="divide-y">{rows.map((row) => <DeliveryRow key={row.id} row={row} webhookId={webhookId} isActive={isActive} mayWrite={mayWrite} />)}</ol>
      {deliveries.hasNextPage ? <Button size="sm" className="mt-3" disabled={deliveries.isFetchingNextPage} onClick={() => void deliveries.fetchNextPage()}>Older</Button> : null}
    </div>
  );
}

function DeliveryRow({ row, webhookId, isActive, mayWrite }: DeliveriesProps & { row: DeliveryWire }) {
  const again = useSendAgain(webhookId);
  const words = deliveryWords(row);
  const send = async (): Promise<void> => {
    try {
      await again.mutateAsync(row.id);
      notify('It is sent again');
    } catch (error) {
      notify('It was not sent again', 'problem', formProblem(error).whole ?? undefined);
    }
  };
  return (
    <li className="py-1.5" data-delivery={row.state}>
      <Fold className="" title={<span className="flex min-w-0 flex-wrap items-baseline gap-x-3"><RelativeTime iso={row.created_at} className="text-sm font-normal text-muted" /><span>{WEBHOOK_EVENT_WORDS[row.event].label}</span><span className={words.bad ? 'text-sm text-failed' : 'text-sm font-normal text-muted'}>{words.text}</span>{row.response_status === null ? null : <span className="font-mono text-sm font-normal text-muted">{row.response_status}</span>}</span>}>
        <Details row={row} webhookId={webhookId} />
        {mayWrite ? <Button size="sm" className="mt-3" disabled={!isActive || again.isPending} onClick={() => void send()}>Send again</Button> : null}
      </Fold>
    </li>
  );
}

/** Read when it is unfolded. */
function Details({ row, webhookId }: { row: DeliveryWire; webhookId: string }) {
  const { data, error, refetch } = useQuery(deliveryQuery(webhookId, row.id));
  const facts: [string, string | null][] = [['webhook-id', row.event_id], ['tries', String(row.tries)], ['problem', row.problem], ['took', row.duration_ms === null ? null : formatDuration(row.duration_ms)]];
  return (
    <>
      <dl className="grid gap-x-6 gap-y-1 text-sm sm:grid-cols-[8rem_1fr]">{facts.filter(([, value]) => value !== null).map(([name, value]) => <div key={name} className="contents"><dt className="text-muted">{name}</dt><dd className="break-words">{value}</dd></div>)}</dl>
      {row.run_id ? <p className="mt-2 text-sm"><Link className="prose-link" href={`/runs/${row.run_id}`}>The run</Link></p> : null}
      {error && !data ? <div className="mt-2"><ProblemPanel error={error} onRetry={() => void refetch()} /></div> : null}
      {data ? <Body label="Body" text={JSON.stringify(JSON.parse(data.body), null, 2)} /> : null}
      {data?.response_body ? <Body label="Answer" text={data.response_body} /> : null}
    </>
  );
}

function Body({ label, text }: { label: string; text: string }) {
  return <div className="mt-3"><h4 className="text-sm font-medium">{label}</h4><pre tabIndex={0} aria-label={label} className="mt-1 max-h-72 overflow-auto border bg-sunken p-3 font-mono text-sm">{text}</pre></div>;
}

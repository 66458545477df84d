'use client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { parseAsString, useQueryStates } from 'nuqs';
import { useDeferredValue } from 'react';
import type { AuditEventWire } from '#contracts/api/audit.schema';
import { auditExport, auditQuery, useVerifyAudit, type AuditFilters } from '../../lib/audit-queries';
import { formatAbsolute, formatDay, formatTimeOfDay } from '../../lib/format';
import { formProblem } from '../../lib/field-errors';
import { ProblemPanel } from '../feedback/problem-panel';
import { Button, buttonStyles } from '../ui/button';
import { Field } from '../ui/field';
import { Fold } from '../ui/fold';
import { Panel } from '../ui/panel';
import { Select } from '../ui/select';
import { Loading, Skeleton } from '../ui/skeleton';

const OUTCOMES = [{ value: 'any', label: 'any outcome' }, { value: 'success', label: 'success' }, { value: 'denied', label: 'denied' }, { value: 'failed', label: 'failed' }];

const FILTERS = { type: parseAsString.withDefault(''), outcome: parseAsString.withDefault(''), resource: parseAsString.withDefault('') };

/** Who did what, newest first, and whether the log is whole. */
export function AuditPage() {
  const [filters, setUrl] = useQueryStates(FILTERS);
  const setFilters = (next: AuditFilters): void => void setUrl({ type: next.type || null, outcome: next.outcome || null, resource: next.resource || null });
  const settled = useDeferredValue(filters);
  const audit = useInfiniteQuery(auditQuery(settled));
  const events = audit.data?.pages.flatMap((page) => page.events) ?? [];
  return (
    <div>
      <h1 className="page-title">Audit log</h1>
      <p className="mt-1 max-w-prose text-md text-muted">Rows are only added, never changed. Each carries the hash of the one before it, so that a change or a gap shows.</p>
      <div className="mt-6 grid gap-6">
        <Verdict />
        <Panel title="Events" aside={<span className="flex gap-2"><a className={buttonStyles({ size: 'sm' })} href={auditExport(settled, 'csv')}>CSV</a><a className={buttonStyles({ size: 'sm' })} href={auditExport(settled, 'json')}>JSON</a></span>}>
          <div className="grid gap-3 sm:grid-cols-3">
            <Field label="Type" placeholder="session." autoComplete="off" value={filters.type} onChange={(event) => setFilters({ ...filters, type: event.target.value })} />
            <Field label="Of what" placeholder="run/0199…" autoComplete="off" value={filters.resource} onChange={(event) => setFilters({ ...filters, resource: event.target.value })} />
            <div><span id="audit-outcome" className="block font-medium">Outcome</span><Select className="mt-1.5" aria-labelledby="audit-outcome" value={filters.outcome || 'any'} onValueChange={(outcome) => setFilters({ ...filters, outcome: outcome === 'any' ? '' : outcome })} options={OUTCOMES} /></div>
          </div>
          {audit.isPending ? <Loading label="Loading the audit log" className="mt-4"><Skeleton className="h-40" /></Loading> : null}
          {audit.error && !audit.data ? <div className="mt-4"><ProblemPanel error={audit.error} onRetry={() => void audit.refetch()} /></div> : null}
          {audit.data && events.length === 0 ? <p className="mt-4 text-muted">Nothing fits.</p> : null}
          {byDay(events).map(({ day, rows }) => (
            <section key={day} aria-label={day} className="mt-4">
              <h3 className="border-b pb-1 text-sm font-medium text-muted">{day}</h3>
              <ol className="divide-y">{rows.map((event) => <EventRow key={event.id} event={event} />)}</ol>
            </section>
          ))}
          {audit.hasNextPage ? <Button className="mt-3" disabled={audit.isFetchingNextPage} onClick={() => void audit.fetchNextPage()}>Older</Button> : null}
        </Panel>
      </div>
    </div>
  );
}

/** Newest first, under the day they happened on where the reader is. */
function byDay(events: readonly AuditEventWire[]): { day: string; rows: AuditEventWire[] }[] {
  const days = new Map<string, AuditEventWire[]>();
  for (const event of events) {
    const day = formatDay(event.at);
    const rows = days.get(day);
    if (rows) rows.push(event);
    else days.set(day, [event]);
  }
  return [...days].map(([day, rows]) => ({ day, rows }));
}

function EventRow({ event }: { event: AuditEventWire }) {
  const facts = Object.entries({ ...event.data, resource: event.resource, address: event.ip_address, agent: event.user_agent, request: event.request_id, hash: event.hash }).filter(([, value]) => value !== null && value !== '');
  return (
    <li className="[&_summary]:min-h-(--row) max-sm:[&_summary]:py-2" data-outcome={event.outcome}>
      <Fold className="" title={<span className="flex min-w-0 flex-wrap items-baseline gap-x-3 lg:grid lg:grid-cols-[4rem_15rem_4rem_10rem_minmax(0,1fr)]"><time dateTime={event.at} title={formatAbsolute(event.at)} className="font-mono text-xs font-normal text-muted">{formatTimeOfDay(event.at)}</time><span className="font-mono text-sm wrap-anywhere">{event.type}</span><span className={event.outcome === 'success' ? 'text-sm text-muted' : 'text-sm text-failed'}>{event.outcome}</span><span className="truncate text-sm font-normal">{event.subject_name ?? event.actor_kind}</span>{event.resource ? <span title={event.resource} className="max-w-full truncate font-mono text-xs font-normal text-muted">{event.resource}</span> : null}</span>}>
        <dl className="grid gap-x-6 gap-y-1 text-sm sm:grid-cols-[8rem_1fr]">{facts.map(([name, value]) => <div key={name} className="contents"><dt className="text-muted">{name}</dt><dd className="font-mono break-all">{String(value)}</dd></div>)}</dl>
      </Fold>
    </li>
  );
}

function Verdict() {
  const verify = useVerifyAudit();
  const { data, error } = verify;
  return (
    <section className="flex flex-wrap items-center gap-3 border bg-surface p-4" aria-label="Is the log whole?">
      <Button disabled={verify.isPending} onClick={() => verify.mutate()}>{verify.isPending ? 'Checking…' : 'Check the chain'}</Button>
      <p role="status" className={data && !data.whole ? 'font-medium text-failed' : 'text-muted'}>
        {data ? (data.whole ? `Whole: ${data.checked} events follow each other.` : `Broken at ${data.broken_at}. ${data.reason}`) : error ? formProblem(error).whole : 'Walks every row and its hash.'}
      </p>
      {data?.head ? <p className="w-full font-mono text-xs break-all text-faint">head {data.head.sequence}:{data.head.hash}</p> : null}
    </section>
  );
}
